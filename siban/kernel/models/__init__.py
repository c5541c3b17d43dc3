from .calendar import CalendarDay, CalendarYear
from .files import StoredFile
from .journal import JournalAnchor, JournalEntry, OutboxRow
from .papers import Paper, PaperSeries
from .security import SecurityEvent
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
    "SecurityEvent",
    "StoredFile",
    "Term",
    "TermStop",
]
