"""The door to halls."""

from .models import DelayedClaim, DelayedExemption, DepartmentEntry

__all__ = ["DelayedClaim", "DelayedExemption", "DepartmentEntry"]
