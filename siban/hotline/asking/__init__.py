"""Questions to the knowledge base: `ask` finds the article that answers, and says so when none does."""

from .answering import Asked, Ranked, answer, ask
from .shelf import Paper, Shelf, shipped, stocked

__all__ = ["Asked", "Paper", "Ranked", "Shelf", "answer", "ask", "shipped", "stocked"]
