"""Verbs of `endplate clinic`, one file each."""
