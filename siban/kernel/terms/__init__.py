"""Terms 期限 that can be stopped, resumed, extended and explained. The rules are pure; `actions` keeps terms."""

from .rules import Due, Line, Stop, Term, TermError, due, explain, lamp, left, used

__all__ = ["Due", "Line", "Stop", "Term", "TermError", "due", "explain", "lamp", "left", "used"]
