"""The door to cases."""

from .flow import CASE_FLOW, CaseState
from .models import Case, CaseMaterial

__all__ = ["CASE_FLOW", "Case", "CaseMaterial", "CaseState"]
