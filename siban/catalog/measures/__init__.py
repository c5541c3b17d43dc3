"""Figures of the item library: the statistics table, what the documents ask for besides, and the task list of 2021 row by row."""

from . import goals, guides
from .table import CERT_FREE, SOUND, STATISTICS_TABLE, UNCONFIRMED, UNEQUAL

__all__ = ["CERT_FREE", "SOUND", "STATISTICS_TABLE", "UNCONFIRMED", "UNEQUAL", "goals", "guides"]
