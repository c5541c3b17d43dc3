"""Decision tables: decided loudly, proven before they are published. Pure."""

from .proof import Area, Findings, Overlap, prove
from .tables import Choice, ConditionError, Decision, Domain, Flag, Row, Table, Whole, decide, names_in

__all__ = [
    "Area",
    "Choice",
    "ConditionError",
    "Decision",
    "Domain",
    "Findings",
    "Flag",
    "Overlap",
    "Row",
    "Table",
    "Whole",
    "decide",
    "names_in",
    "prove",
]
