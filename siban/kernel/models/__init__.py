from .calendar import CalendarDay, CalendarYear
from .files import StoredFile
from .journal import JournalAnchor, JournalEntry, OutboxRow
from .papers import Paper, PaperSeries
from .terms import Recalculation, Term, TermStop

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "JournalAnchor",
    "JournalEntry",
    "OutboxRow",
    "Paper",
    "PaperSeries",
    "Recalculation",
    "StoredFile",
    "Term",
    "TermStop",
]
