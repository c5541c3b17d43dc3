"""The door to cases."""

from .actions.handing import hand_over_open
from .flow import CASE_FLOW, OPEN, CaseState
from .measures import CASE_TABLE
from .models import Case, CaseMaterial, Mandate

__all__ = ["CASE_FLOW", "CASE_TABLE", "OPEN", "Case", "CaseMaterial", "CaseState", "Mandate", "hand_over_open"]
