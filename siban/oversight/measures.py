"""Figures this room declares, by topic."""

from . import measures_documents, measures_pending, measures_reform, measures_supervision

__all__ = ["measures_documents", "measures_pending", "measures_reform", "measures_supervision"]
