"""Channels to the outside behind one protocol: which are set up here, and what can go wrong with them."""

from .protocol import Deferred, Gateway, Letter, Rejected, Unreachable
from .setting import gateway, is_set_up

__all__ = ["Deferred", "Gateway", "Letter", "Rejected", "Unreachable", "gateway", "is_set_up"]
