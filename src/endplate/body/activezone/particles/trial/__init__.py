"""One trial, event by event."""
