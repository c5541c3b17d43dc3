"""What stands around the items of a workbook: the item above, other lists of the unit, the base list.

Asked in turn: the sheets beside the items (an export has them), the workbook's own items, library files beside the
workbook, the product's example library. What is found nowhere is not guessed: the rule is reported as not run.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..checks.declared import IN_FORCE
from ..libraries import read_yaml
from ..workbook import beside
from ..workbook.assembling import Entry
from ..workbook.codes import STATUS
from ..workbook.layout import KEY
from ..workbook.places import letter
from ..workbook.reading import TWICE, Book
from ..workbook.scanning import Page, Scan, cell_in
from ..workbook.sheets import ITEMS
from ..workbook.slicing import NOTED, Sliced
from . import surroundings

UNIT, BASIC = slice(0, 18), slice(19, 31)  # of an implementation code: whose it is, of which base item (GB/T 39554.1)
DECODED = 300  # items above that are kept unpacked


@dataclass(frozen=True, slots=True)
class Own:
    """One item of the workbook as others of its unit see it."""

    code: str
    slug: str
    status: str
    handling: str | None


@dataclass(slots=True)
class Neighbours:
    """What is known around the items of one workbook; made before the work is shared, so that every process has it."""

    folder: Path
    told: beside.Told
    own: dict[str, list[Own]] = field(default_factory=dict)  # by unit and base item, where there are several
    _bases: dict[str, bytes | None] = field(default_factory=dict)
    _open: dict[str, dict[str, Any]] = field(default_factory=dict)

    def context(self, entry: Entry) -> dict[str, Any]:
        """What the rules have to know around one item; what is nowhere told is left out."""
        code, content = entry.code, entry.content
        found: dict[str, Any] = {"siblings": self.siblings(code, str(content.get("id") or ""))}
        slug = self.told.base_of.get(code) or content.get("base_item_id")
        base = self.base(str(slug)) if slug else None
        if base is not None or not slug:
            found["base"] = base
        basic = str(content.get("basic_code") or "")
        if (row := self.told.listed.get(basic)) is not None:
            found["catalogue"] = {name: row[name] for name in ("basic_code", "name", "item_type", "sub_type")}
            found["catalogue_status"] = row["status"]
        elif (statuses := surroundings.statuses(self.folder)) is not None:
            found["catalogue_status"] = statuses.get(basic, "active")
        elif base is not None:
            found["catalogue_status"] = surroundings.OF_A_BASE.get(str(base.get("status")), "active")
        return found

    def siblings(self, code: str, slug: str) -> dict[str, str | None]:
        """Other lists in force of the same unit and base item, with their handling codes."""
        others = {
            one.slug or one.code: one.handling
            for one in self.own.get(code[UNIT] + code[BASIC], ())
            if one.status == IN_FORCE and (one.code != code or one.slug != slug)
        }
        return {**others, **self.told.siblings.get(code, {})} if code in self.told.siblings else others

    def base(self, slug: str) -> dict[str, Any] | None:
        """The item above with what it is compared by."""
        if (kept := self._open.get(slug)) is not None:
            return kept
        if slug not in self._bases:
            content = _of_library(self.folder, slug)
            self._bases[slug] = None if content is None else beside.packed(beside.as_read(content))
        said = self._bases[slug]
        if said is None:
            return None
        if len(self._open) >= DECODED:
            self._open.clear()
        self._open[slug] = beside.unpacked(said)
        return self._open[slug]

    def keep(self, slug: str, content: Mapping[str, Any]) -> None:
        self._bases[slug] = beside.packed(content)


@lru_cache(maxsize=256)
def _of_library(folder: Path, slug: str) -> Mapping[str, Any] | None:
    """A banner's item from the library files beside the workbook, or from the product's example library."""
    name = slug.split(".", maxsplit=1)[0]
    if not name.replace("_", "").isalnum():
        return None
    for place in (folder, surroundings.REFERENCE):
        if (file := place / "departments" / f"{name}.yaml").exists():
            for item in read_yaml(file).get("items") or ():
                if isinstance(item, dict) and item.get("id") == slug:
                    return item
    return None


def around(path: Path, sliced: Sliced | None, whole: Callable[[], Book]) -> Neighbours:
    """Look over a workbook once for what its items have to know of one another.

    Args:
        sliced: the workbook opened in slices; None where it cannot be cut.
        whole: opens it to be read whole, for that case.
    """
    told = beside.read(path)
    found = Neighbours(path.parent, told)
    found._bases.update(told.bases)
    if sliced is None:
        _whole(found, whole)
    else:
        _in_slices(found, sliced)
    return found


def _whole(found: Neighbours, whole: Callable[[], Book]) -> None:
    wanted: set[str] = set()
    book = whole()
    rows: list[Own] = []
    for entry in book.items():
        if slug := entry.content.get("base_item_id"):
            wanted.add(str(slug))
        said = entry.content
        rows.append(Own(entry.code, str(said.get("id") or ""), str(said.get("status")), said.get("handling_code")))
    for fault, (_, _, values, part) in zip(book.faults, book.loose, strict=True):
        if fault.rule == TWICE:
            heads = part.heads.at
            slug, status, handling = (str(values[heads[t]]) if t in heads else "" for t in TITLES[1:])
            rows.append(Own(str(fault.value), slug, STATUS.meant.get(status, status), handling or None))
    for one in rows:
        found.own.setdefault(one.code[UNIT] + one.code[BASIC], []).append(one)
    found.own = {key: same for key, same in found.own.items() if len(same) > 1}
    wanted -= found.told.bases.keys()
    if wanted:
        for entry in whole().items():
            if (slug := str(entry.content.get("id"))) in wanted:
                found.keep(slug, entry.content)


def _in_slices(found: Neighbours, sliced: Sliced) -> None:
    wanted = {said for groups in sliced.said if (said := sliced.words(*groups))} - found.told.bases.keys()
    pairs: dict[str, int] = {}
    for code in sliced.order:
        pair = code[UNIT] + code[BASIC]
        pairs[pair] = pairs.get(pair, 0) + 1
    often = {pair for pair, count in pairs.items() if count > 1} | {c[UNIT] + c[BASIC] for c in sliced.again}
    if not wanted and not often:
        return
    slices: set[int] = set()
    for page in (p for p in sliced.pages if p.sheet == ITEMS.name):
        for code, slug, status, handling in _items(sliced, page):
            if slug in wanted:
                slices.add(bisect_right(sliced.ends, sliced.order[code]))
            if (pair := code[UNIT] + code[BASIC]) in often:
                meant = STATUS.meant.get(status, status)
                found.own.setdefault(pair, []).append(Own(code, slug, meant, handling or None))
    if slices:
        for _, book, earlier in sliced.slices(only=slices):
            for entry in book.items(earlier):
                if (slug := str(entry.content.get("id"))) in wanted:
                    found.keep(slug, entry.content)


TITLES = (KEY, *(ITEMS.by_path[path].title for path in ("id", "status", "handling_code")))
assert ITEMS.by_path["base_item_id"].title == NOTED


def _items(sliced: Sliced, page: Page) -> Iterable[tuple[str, str, str, str]]:
    """Code, identity, status and handling code of every row of the items' sheet, without reading the rest."""
    heads = page.head.heads.at
    cells = [cell_in(letter(page.head.shift + heads[t])) if t in heads else None for t in TITLES]
    for _, buffer, start, safe in Scan(sliced, page).windows():
        at = start
        while at < safe:
            after = buffer.find(b"<row ", at + 5, safe)
            after = safe if after < 0 else after
            said = [c.search(buffer, at, after) if c else None for c in cells]
            if said[0] is not None:
                words = [sliced.words(*one.groups()).strip() if one else "" for one in said[1:]]
                yield sliced.item_key(*said[0].groups()), words[0], words[1], words[2]
            at = after
