"""One trial of the fast engine, compiled."""
