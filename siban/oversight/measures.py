"""Figures this room declares, by topic."""

from . import measures_pending, measures_reform

__all__ = ["measures_pending", "measures_reform"]
