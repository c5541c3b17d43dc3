"""The door to cases."""

from .flow import CASE_FLOW, CaseState
from .measures import CASE_TABLE
from .models import Case, CaseMaterial, Mandate

__all__ = ["CASE_FLOW", "CASE_TABLE", "Case", "CaseMaterial", "CaseState", "Mandate"]
