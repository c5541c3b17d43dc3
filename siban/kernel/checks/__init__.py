"""Declared checks: run them on an object, get findings with place, value, reason and mend. Pure."""

from .registry import Check, CheckError, Context, Finding, Findings, Found, Registry, Severity, run

__all__ = ["Check", "CheckError", "Context", "Finding", "Findings", "Found", "Registry", "Severity", "run"]
