"""`siban import items [FOLDER or FILE.xlsx]`."""

from datetime import datetime
from pathlib import Path

from siban.identity.api import import_organisations, import_regions
from siban.kernel import imports
from siban.kernel.imports import Imported

from . import loading, loading_workbook


def import_items(path: Path | None, at: datetime) -> list[Imported]:
    """An item library; the product's own one brings its regions and organisations with it."""
    if path and path.is_file():
        return loading_workbook.load(path, at)
    before = [] if path else [*import_regions(None, at), *import_organisations(None, at)]
    return [*before, *loading.load(path, at)]


imports.register(
    "items",
    "事项库（事项表格 .xlsx，或者文件夹，内有 departments、townships.yaml 等；不写则用随产品提供的示例）",
    import_items,
)
