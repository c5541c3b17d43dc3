"""Statutory papers: declared kinds, gapless numbers, PDFs that are the same from the same content."""

from . import viewers
from .drawing import draw
from .issue import PaperIncomplete, PaperKind, by_verify_code, issue, kinds, papers_of, pdf

__all__ = ["PaperIncomplete", "PaperKind", "by_verify_code", "draw", "issue", "kinds", "papers_of", "pdf", "viewers"]
