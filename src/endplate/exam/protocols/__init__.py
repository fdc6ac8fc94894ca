"""Protocols: what a laboratory does to one muscle, as data files."""

from endplate.exam.protocols.load import describe_protocols, load_protocol, protocols
from endplate.exam.protocols.protocol import Protocol, Step, Variant

__all__ = ["Protocol", "Step", "Variant", "describe_protocols", "load_protocol", "protocols"]
