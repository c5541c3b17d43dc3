"""`siban import hotline-categories`: the list of categories and lead units."""

from datetime import datetime
from pathlib import Path

from siban.kernel import imports
from siban.kernel.actor import SYSTEM
from siban.kernel.imports import Imported

from .actions import categories


def import_categories(path: Path | None, at: datetime) -> list[Imported]:
    """The list of a file, in force from today."""
    return [categories.load(path, by=SYSTEM, at=at)]


imports.register("hotline-categories", "热线类别及主责单位清单（YAML）", import_categories)
