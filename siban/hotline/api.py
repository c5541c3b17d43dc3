"""The door to the hotline."""

from .models import Category, Order

__all__ = ["Category", "Order"]
