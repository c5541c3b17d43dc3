"""Figures that stand in no other room: those whose data is still to come."""

from . import measures_pending

__all__ = ["measures_pending"]
