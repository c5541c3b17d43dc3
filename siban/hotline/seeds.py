"""The demonstration's hotline: the list in force, units of the list, and a month of orders replayed through the actions."""

from datetime import datetime

from siban.kernel.actor import SYSTEM

from .actions import categories
from .models import Category
from .seeds_knowledge import build as build_knowledge
from .seeds_month import build as replay

__all__ = ["build", "build_knowledge", "replay"]


def build(*, at: datetime) -> int:
    """Put the list in force once. Returns how many rows are in force."""
    if not Category.objects.exists():
        categories.load(by=SYSTEM, at=at)
    return Category.objects.count()
