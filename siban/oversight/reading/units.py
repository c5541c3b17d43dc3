"""Names of units as notices write them, found in the directory by any of their names; what is unknown is asked about."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from uuid import UUID

LISTS = re.compile(
    r"(?P<label>(?:涉及|责任|牵头|配合|整改|承办|主办|协办|未报送?|点名)(?:的)?(?:部门|单位|地区|苏木乡镇|苏木镇|乡镇|苏木|镇街))"
    r"(?:（?(?:共|计|有)*(?P<count>\d{1,3})个?家?）?)?(?:及(?:责任)?(?:部门|单位|地区))?(?:为|有|包括|如下)?[：为]"
)  # fmt: skip
STOP = re.compile(r"[。；\n]|(?:整改要求|整改期限|整改时限|完成时限|要求)：")
SEPARATOR = re.compile(r"[、，,；;/]|以及|及(?!时)|(?<=[局委办会镇木乡司队部院])和(?=[一-龥])")
ORGAN = re.compile(
    r"(?:局|委|办|办公室|公司|中心|大队|支队|镇|苏木|乡|联合会|残联|站|院|所|部|街道|政府|银行|学校|医院)$"
)
SUBJECT = re.compile(
    r".{1,11}?(?:局|委|办公室|公司|中心|大队|支队|镇|苏木|乡|联合会|站|院|所|部|街道|政府|银行|学校|医院)"
    r"(?=没|未|不|尚|仍|还|均|都|也|存在|拒|应|要|须|需|必|负责|牵头|配合|报送|等|的|在|于|对|至今|长期|个别|（|$)"
)
"""An organ at the head of what is said about it: 热力公司没有认领."""
ROLE = re.compile(
    r"^(?:牵头|配合|主办|协办|责任单位|牵头单位|配合单位|负责|代章|等|下同|简称.*|以下.*|(?:共|计)?\d+[个家].*|按职责.*)$"
)
TOWNSHIPS = re.compile(
    r"^(?:全旗|旗内|所有|全部|旗属)?(?:各|\d{1,3}个|全部|所有)(?:有关|相关)?(?:苏木乡镇|乡镇苏木|苏木镇|乡镇|苏木|镇|镇苏木|地区)(?:街道)?(?:人民政府|便民服务中心)?$"
)
DEPARTMENTS = re.compile(
    r"^(?:全旗|旗直|旗直属|旗)?(?:各|全部|所有|\d{1,3}个)(?:旗直|直属|政府)?(?:部门|单位|委办局)$"
)
VAGUE = re.compile(r"(?:有关|相关|其他|其它)(?:部门|单位|地区|苏木乡镇)|^各(?:有关|相关)")
HEADING = re.compile(r"(?:各|有关|相关|\d{1,3}个)*(?:苏木乡镇|乡镇|苏木镇|苏木|部门|单位|地区|旗直部门)")
EXCEPT = re.compile(
    r"除(?P<not>[^除。；\n]{2,200}?)(?:以外|之外|外)(?:的)?(?P<all>(?:其他|其它|其余|所有|全部|各)*(?:\d{1,3}个)?(?:旗直)?(?:部门|单位|苏木乡镇|乡镇|苏木镇|地区))"
)
ETC = re.compile(r"等(?:(?P<count>\d{1,3})[个家])?(?:部门|单位|地区|苏木乡镇|乡镇|苏木镇|苏木|旗直部门)?$")
TAIL = re.compile(r"(?P<count>\d{1,3})[个家](?:部门|单位|地区|苏木乡镇|乡镇|苏木镇|苏木)$")


@dataclass(frozen=True, slots=True)
class Name:
    """One name in a notice: what it stands for, or why it must be asked about."""

    words: str
    start: int
    end: int
    units: tuple[UUID, ...] = ()
    candidates: tuple[UUID, ...] = ()
    why: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.units)


@dataclass(frozen=True)
class Directory:
    """The organisations of a territory by every name they go by.

    Args:
        names: name → organisations called so.
        departments, townships: who 各部门 and 各苏木乡镇 are.
        places: names of the territory that may stand in front (鄂温克族自治旗, 鄂温克旗, 旗).
    """

    names: Mapping[str, frozenset[UUID]]
    departments: tuple[UUID, ...]
    townships: tuple[UUID, ...]
    places: tuple[str, ...] = ()
    _memo: dict[str, tuple[UUID, ...]] = field(default_factory=dict, compare=False)

    @cached_property
    def _plain(self) -> dict[str, frozenset[UUID]]:
        made: dict[str, set[UUID]] = {}
        for name, units in self.names.items():
            for form in self._forms(name):
                made.setdefault(form, set()).update(units)
        return {name: frozenset(units) for name, units in made.items()}

    def _forms(self, name: str) -> Iterator[str]:
        plain = _plain(name)
        yield plain
        for place in sorted(self.places, key=len, reverse=True):
            if plain.startswith(place) and len(plain) - len(place) >= 2:
                yield plain[len(place) :]
                break

    @cached_property
    def _longest(self) -> int:
        return max((len(n) for n in self._plain), default=0)

    def find(self, said: str) -> tuple[UUID, ...]:
        """Who is called so: none, one, or several where the name is ambiguous."""
        known = self._memo.get(said)
        if known is None:
            known = self._memo[said] = self._find(said)
        return known

    def _find(self, said: str) -> tuple[UUID, ...]:
        for form in self._forms(said):
            if units := self._plain.get(form):
                return tuple(units)
            bare = re.sub(r"(?:人民政府|政府|党委)$", "", form)
            if bare != form and (units := self._plain.get(bare)):
                return tuple(units)
        return ()

    def split(self, said: str) -> list[tuple[int, str]] | None:
        """A row of names without anything between them, cut into names; None where that does not come out even."""
        plain = said
        best: list[list[tuple[int, str]] | None] = [None] * (len(plain) + 1)
        best[0] = []
        for end in range(1, len(plain) + 1):
            for start in range(max(0, end - self._longest - 8), end):
                before = best[start]
                if before is not None and len(self.find(plain[start:end])) == 1 and end - start >= 2:
                    if best[end] is None or len(before) + 1 < len(best[end] or ()):
                        best[end] = [*before, (start, plain[start:end])]
        return best[len(plain)]

    def near(self, said: str, *, most: int = 3) -> tuple[UUID, ...]:
        """Whom a name may mean: the most alike first."""
        plain = _plain(said)
        scored = sorted(
            ((SequenceMatcher(None, plain, name).ratio(), name) for name in self._plain), key=lambda x: (-x[0], x[1])
        )
        found: list[UUID] = []
        for score, name in scored:
            if score < 0.5 or len(found) >= most:
                break
            found += [u for u in sorted(self._plain[name]) if u not in found]
        return tuple(found[:most])

    def scan(self, text: str, start: int = 0) -> Iterator[Name]:
        """Every name that stands in running text, the longest first at each place."""
        at = 0
        while at < len(text):
            for length in range(min(self._longest, len(text) - at), 2, -1):
                said = text[at : at + length]
                if len(self._plain.get(said, ())) == 1:
                    yield Name(said, start + at, start + at + length, tuple(self._plain[said]))
                    at += length - 1
                    break
            at += 1


def _plain(name: str) -> str:
    """A name without spaces, with one kind of brackets."""
    return re.sub(r"\s+", "", name).replace("(", "（").replace(")", "）")


def directory(rows: Iterable[tuple[UUID, str, Iterable[str]]], *, places: Iterable[str] = ()) -> Directory:
    """Out of (organisation, kind, all its names): townships also by their name without 镇, 苏木, 乡."""
    names: dict[str, set[UUID]] = {}
    departments, townships = [], []
    for unit, kind, called in rows:
        if kind == "township":
            townships.append(unit)
        elif kind != "village":
            departments.append(unit)
        for name in called:
            plain = _plain(name)
            names.setdefault(plain, set()).add(unit)
            if kind == "township":
                bare = re.sub(r"(?:人民政府|便民服务中心)$", "", plain)
                short = re.sub(r"(?:达斡尔民族乡|民族乡|街道|苏木|镇|乡)$", "", bare)
                ethnic = {short + "乡", short + "民族乡"} if bare.endswith("民族乡") else set()
                for form in ({bare, short} | ethnic) - {""}:
                    if len(form) >= 2:
                        names.setdefault(form, set()).add(unit)
    return Directory(
        {n: frozenset(u) for n, u in names.items()}, tuple(departments), tuple(townships), tuple(dict.fromkeys(places))
    )


def _pieces(text: str, start: int) -> Iterator[tuple[int, str]]:
    """The names of a list: cut at its separators; a bracket belongs to a name, holds names, or says a role."""
    depth, begin = 0, 0
    cuts = {m.start(): m.end() for m in SEPARATOR.finditer(text)}
    at = 0
    while at <= len(text):
        if at == len(text) or (at in cuts and depth == 0):
            if text[begin:at].strip("（）"):
                yield start + begin, text[begin:at]
            if at == len(text):
                return
            at = begin = cuts[at]
            continue
        depth += {"（": 1, "）": -1}.get(text[at], 0)
        depth = max(depth, 0)
        at += 1


def names(text: str, start: int, book: Directory) -> tuple[list[Name], int | None]:
    """All names of a list, and how many the notice itself says there are (34个部门).

    Args:
        start: where the list begins in the whole text.
    """
    found: list[Name] = []
    said_count: int | None = None
    if (m := EXCEPT.search(text)) is not None:
        everyone = book.townships if re.search("乡镇|苏木|地区", m["all"]) else book.departments
        left_out, _ = names(m["not"], start + m.start("not"), book)
        out = {u for n in left_out for u in n.units}
        found.append(Name(m.group(), start + m.start(), start + m.end(), tuple(u for u in everyone if u not in out)))
        found += [n for n in left_out if not n.is_known]
        count = re.search(r"\d+", m["all"])
        head, _ = names(text[: m.start()], start, book) if m.start() else ([], None)
        rest, _ = names(text[m.end() :], start + m.end(), book) if m.end() < len(text) else ([], None)
        return [*head, *found, *rest], int(count.group()) if count else None
    for place, piece in _pieces(text, start):
        for n in _name(place, piece, book):
            if isinstance(n, int):
                said_count = n
            else:
                found.append(n)
    return found, said_count


def _name(place: int, piece: str, book: Directory) -> Iterator[Name | int]:
    """What one piece of a list stands for; a number is how many the notice says there are."""
    while piece and piece[0] in "的在由对":
        place, piece = place + 1, piece[1:]
    if (m := ETC.search(piece)) is not None and m.start() > 0 and not book.find(piece):
        if m["count"]:
            yield int(m["count"])
        piece = piece[: m.start()]
    if TOWNSHIPS.match(piece):
        yield Name(piece, place, place + len(piece), book.townships)
        yield from (int(c.group()) for c in re.finditer(r"\d+", piece))
        return
    if DEPARTMENTS.match(piece):
        yield Name(piece, place, place + len(piece), book.departments)
        yield from (int(c.group()) for c in re.finditer(r"\d+", piece))
        return
    if VAGUE.search(piece):
        yield Name(piece, place, place + len(piece), why="没有写明是哪些单位，请指定。")
        return
    if ROLE.match(piece.strip("（）")):
        yield from (int(c.group()) for c in re.finditer(r"\d+", piece))
        return
    if (m := TAIL.fullmatch(piece)) is not None:
        yield int(m["count"])
        return
    units = book.find(piece)
    if len(units) == 1:
        yield Name(piece, place, place + len(piece), units)
    elif units:
        yield Name(piece, place, place + len(piece), (), units, "有几个单位都这样叫，请选择是哪一个。")
    elif "（" in piece or "）" in piece:
        yield from _bracketed(place, piece, book)
    elif (parts := book.split(piece)) is not None:
        for at, name in parts:
            yield Name(name, place + at, place + at + len(name), book.find(name))
    elif piece:
        yield Name(piece, place, place + len(piece), (), book.near(piece), "机构名录里没有这个名称，请确认。")


def _bracketed(place: int, piece: str, book: Directory) -> Iterator[Name | int]:
    """`住建局（牵头）`, `苏木乡镇（大雁镇、辉苏木）`, a bracket that was never closed: outside and inside by themselves."""
    parts = [(m.start(), m.group()) for m in re.finditer(r"[^（）]+", piece)]
    outer = piece[: piece.index("（")] if "（" in piece else ""
    holds_names = any(not ROLE.match(inner) for at, part in parts if at for _, inner in _pieces(part, 0))
    for at, part in parts:
        for inner_at, inner in _pieces(part, 0):
            whole = at + inner_at
            if ROLE.match(inner):
                yield from (int(c.group()) for c in re.finditer(r"\d+", inner))
            elif inner == outer and holds_names and HEADING.fullmatch(inner):
                continue  # a heading of the list in the bracket
            else:
                yield from _name(place + whole, inner, book)
