"""`siban import items [FOLDER]`."""

from datetime import datetime
from pathlib import Path

from siban.identity.api import import_organisations, import_regions
from siban.kernel import imports
from siban.kernel.imports import Imported

from . import loading


def import_items(path: Path | None, at: datetime) -> list[Imported]:
    """An item library; the product's own one brings its regions and organisations with it."""
    before = [] if path else [*import_regions(None, at), *import_organisations(None, at)]
    return [*before, *loading.load(path, at)]


imports.register(
    "items", "事项库（文件夹，内有 departments、townships.yaml 等；不写则用随产品提供的示例）", import_items
)
