"""One person's facts: their vocabulary, the form that holds them, and what cannot be true together."""

from endplate.clinic.record.vocabulary import Entry, entry, groups, vocabulary

__all__ = ["Entry", "entry", "groups", "vocabulary"]
