"""Safe mends in YAML files: only the scalar of a cell is rewritten, so that comments and layout stay.

Safe is what cannot be meant otherwise: full-width digits, colons, dashes and blanks in office hours and telephones, blanks
around an address, the version number that all five ends share. Everything else wants a person.
"""

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from siban.kernel.checks import Found

from ..checks import ITEM
from ..libraries import LOADER
from ..workbook import cells
from . import paths
from .files import Unreadable
from .positions import Positions
from .running import linter
from .sources import Place, Source, Subject

OWN_NUMBERS = ("consult_phones[0]", "complain_phones[0]")  # of an organisation; what follows is the hotline


@dataclass(slots=True)
class Mend:
    """New values of one file's cells, by path from the top of the file."""

    file: Path
    values: dict[str, Any] = field(default_factory=dict)
    by_hand: list[str] = field(default_factory=list)
    cells: dict[Place, tuple[Any, Any]] = field(default_factory=dict)
    """Of a workbook instead: what stands in a cell now, and what should."""


def mends(
    sources: Iterable[Source], select: tuple[str, ...], ignore: tuple[str, ...], region: str | None
) -> list[Mend]:
    """What can be mended safely, file by file."""
    found: dict[str, Mend] = {}
    for source in sources:
        for subject in source.subjects():
            if subject.written is None and subject.locate is None:
                continue
            rules = linter(subject.region if region is None else region, select, ignore)
            for finding in rules.item(subject.content, subject.context):
                fix = ITEM[finding.number].fix if finding.number in ITEM else None
                if fix is None:
                    continue
                seen = Found(finding.path, finding.value, finding.message)
                mend = found.setdefault(subject.file, Mend(Path(subject.file)))
                for path, value in fix(subject.content, seen).items():
                    if subject.written is None:
                        _in_cell(mend, subject, path, value)
                        continue
                    at = subject.written(path)
                    if at.anchor.startswith("organisations["):
                        if path.startswith(("consult_phones", "complain_phones")) and path not in OWN_NUMBERS:
                            continue
                    mend.values[at.anchor] = value
    return [mend for mend in found.values() if mend.values or mend.cells]


LISTED = re.compile(r"^(.*)\[(\d+)\]$")


def _in_cell(mend: Mend, subject: Subject, path: str, value: Any) -> None:
    """A new value of a workbook's cell; one of several texts in a cell is put in its line."""
    assert subject.locate is not None
    place = subject.locate(path)
    if any(place == told for told, _ in subject.faults):
        return
    try:
        old = paths.value_at(subject.content, path)
    except paths.PathError:
        old = None
    listed = LISTED.match(path)
    rows = paths.value_at(subject.content, listed.group(1)) if listed else None
    if listed and isinstance(rows, list) and not isinstance(old, dict):
        before, now = mend.cells.get(place, (None, None))
        lines = cells.lines(now) if now is not None else [str(row) for row in rows]
        lines[int(listed.group(2))] = str(value)
        mend.cells[place] = (before if now is not None else cells.joined(rows), cells.joined(lines))
    else:
        mend.cells[place] = (old, value)


def rewritten(mend: Mend) -> str:
    """The file's text with the mends in it. A cell that cannot be rewritten in place is listed in `by_hand`."""
    text = _text(mend.file)
    spots = Positions(text)
    edits = []
    for path, value in mend.values.items():
        cell = spots.cell(path)
        if not cell.is_exact:
            mend.by_hand.append(f"{path} 没有这一格，请手工填写 {value}。")
            continue
        edits.append((cell.start, cell.end, path, _scalar(value, cell.style)))
    new = text
    for start, end, _, scalar in sorted(edits, reverse=True):
        new = new[:start] + scalar + new[end:]
    done = yaml.load(new, Loader=LOADER)
    for _, _, path, _ in edits:  # what is read back is what was meant, or nothing is changed
        if paths.value_at(done, path) != mend.values[path]:
            raise Unreadable(f"文件“{mend.file}”的 {path} 不能就地改写，没有改动任何内容，请手工修改。")
    return new


def _text(file: Path) -> str:
    with file.open(encoding="utf-8", newline="") as opened:
        return opened.read()


def _scalar(value: Any, style: str | None) -> str:
    if not isinstance(value, str):
        return str(value)
    if style == '"':
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if style not in ("'", "|", ">") and _stays_plain(value):
        return value
    return "'" + value.replace("'", "''") + "'"


def _stays_plain(value: str) -> bool:
    """Whether a text needs no quotes, even between brackets, where more characters have a meaning."""
    try:
        return bool(yaml.load(f"[{value}]", Loader=LOADER) == [value])
    except yaml.YAMLError:
        return False


def preview(mend: Mend, new: str) -> Iterator[str]:
    """What would change, as a unified difference."""
    old = _text(mend.file)
    name = str(mend.file)
    yield from difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"{name}（现在）", f"{name}（改后）", lineterm="", n=1
    )


def write(mend: Mend, new: str) -> None:
    """Put the new text in the file's place, wholly or not at all."""
    beside = mend.file.with_name(f".{mend.file.name}.new")
    try:
        with beside.open("w", encoding="utf-8", newline="") as opened:
            opened.write(new)
        beside.chmod(mend.file.stat().st_mode & 0o777)
        os.replace(beside, mend.file)
    except OSError as fault:
        beside.unlink(missing_ok=True)
        raise Unreadable(f"文件“{mend.file}”写不进去（{fault.strerror}），没有改动，请检查权限。") from fault
