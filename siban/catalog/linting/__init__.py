"""The linter for public service: the rules run on one item, on files, on the database, with the cell and the mend.

`lint_content` is the one way to run the rules; sources bring items to it, reports take findings from it.
"""

from .running import lint_content, lint_unit, linter

__all__ = ["lint_content", "lint_unit", "linter"]
