"""Figures this room declares, by topic."""

from . import measures_reform

__all__ = ["measures_reform"]
