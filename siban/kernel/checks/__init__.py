"""Declared checks: run them on an object, get findings with place, value, reason and mend. Pure."""

from .registry import (
    DECLARED,
    Check,
    CheckError,
    Context,
    Example,
    Finding,
    Findings,
    Found,
    Plan,
    Registry,
    Severity,
    declare,
    run,
)

__all__ = [
    "DECLARED",
    "Check",
    "CheckError",
    "Context",
    "Example",
    "Finding",
    "Findings",
    "Found",
    "Plan",
    "Registry",
    "Severity",
    "declare",
    "run",
]
