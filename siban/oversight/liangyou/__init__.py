"""两优: what became less between two days, computed from the versions of every item."""
