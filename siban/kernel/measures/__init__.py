"""Figures as declarations: one definition yields the number, its rows, its SQL and its documentation."""

from .declared import REGISTRY, Count, Figure, Measure, Ratio, Total, figures, rows_behind

__all__ = ["REGISTRY", "Count", "Figure", "Measure", "Ratio", "Total", "figures", "rows_behind"]
