"""Mechanism, small to large: terminal, junction, fibre, muscle, person. A scale imports only smaller scales."""
