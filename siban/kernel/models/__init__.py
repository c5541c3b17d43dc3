from .calendar import *  # noqa: F403
from .files import StoredFile
from .journal import JournalAnchor, JournalEntry, OutboxRow
from .papers import Paper, PaperSeries
from .terms import *  # noqa: F403

__all__ = ["JournalAnchor", "JournalEntry", "OutboxRow", "Paper", "PaperSeries", "StoredFile"]
