"""The door to halls."""

from .annex import sheets as delayed_sheets
from .models import DelayedClaim, DelayedExemption, DepartmentEntry

__all__ = ["DelayedClaim", "DelayedExemption", "DepartmentEntry", "delayed_sheets"]
