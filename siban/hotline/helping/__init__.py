"""Help that explains itself: what a demand is about, who leads it, whether it is urgent."""

from .suggest import Ranked, Suggestion, suggest
from .training import Helper, helper, is_ready, train, unit_names

__all__ = ["Helper", "Ranked", "Suggestion", "helper", "is_ready", "suggest", "train", "unit_names"]
