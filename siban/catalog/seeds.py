"""The demonstration library: all items of the banner, its sumus and gachas, published at one instant."""

from datetime import datetime

from . import loading


def build(at: datetime) -> None:
    """Load the product's own example library; twice changes nothing."""
    loading.load(None, at)
