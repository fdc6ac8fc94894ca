"""Instruments: recordings, protocols, measurements, findings, and the examination that joins them."""
