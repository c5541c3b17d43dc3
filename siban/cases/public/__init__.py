"""Citizen pages of cases: applying, following one's cases, asking for progress."""
