"""Workbooks of other layouts: the mapping of columns that an organisation has stored for one."""

from collections.abc import Mapping
from pathlib import Path

from ..models import ColumnMapping
from ..workbook import mapping, screening
from ..workbook.headings import SheetMapping


def mapping_for(path: Path) -> Mapping[str, SheetMapping] | None:
    """The newest stored mapping for a workbook's headings; None where there is none, or it cannot be opened at all."""
    screening.screen(path, formulas=False)
    kept = ColumnMapping.objects.filter(signature=mapping.signature_of(path)).order_by("-updated_at").first()
    return mapping.sheets_of(kept.sheets) if kept else None
