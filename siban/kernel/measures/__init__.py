"""Figures as declarations: one definition yields the number, its rows, its SQL and its documentation."""

from .computing import Scope, figure_if, figures, rows_behind
from .cube import Cube, cube
from .declared import (
    LEVELS,
    REGISTRY,
    Average,
    Count,
    Figure,
    MeanShare,
    Measure,
    Mend,
    Part,
    Pending,
    Ratio,
    Several,
    Total,
    Weighted,
    variants_of,
)

__all__ = [
    "LEVELS",
    "REGISTRY", "Average", "Count", "Cube", "Figure", "MeanShare", "Measure", "Mend", "Part", "Pending", "Ratio", "Scope", "Several",
    "Total", "Weighted", "cube", "figure_if", "figures", "rows_behind", "variants_of",
]  # fmt: skip
