"""What every item of the catalogue is called and says, as an index in memory: some thousand entries, whatever the number of implementations."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log

from .. import wording
from . import features

# How much a place in the guide says about what an item is for.
RESULT, SITUATION, DEPARTMENT, TOPIC, MATERIAL, CONDITION, FAQ = 0.7, 0.5, 0.35, 0.35, 0.3, 0.25, 0.25


@dataclass(frozen=True, slots=True)
class Entry:
    """A catalogue item as its department's published guide presents it."""

    code: str  # basic code
    slug: str
    name: str
    result: str = ""
    department: str = ""
    topics: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    faqs: tuple[str, ...] = ()
    sayings: tuple[str, ...] = ()

    def said(self) -> Iterable[tuple[str, str, float]]:
        """(where, text, weight) of all that is not a name."""
        yield "办理结果", self.result, RESULT
        yield "部门", self.department, DEPARTMENT
        for where, texts, weight in (
            ("主题", self.topics, TOPIC), ("办理情形", self.situations, SITUATION), ("材料", self.materials, MATERIAL),
            ("受理条件", self.conditions, CONDITION), ("常见问题", self.faqs, FAQ),
        ):  # fmt: skip
            for text in texts:
                yield where, text, weight


@dataclass(frozen=True, slots=True)
class Called:
    """A name of an entry: its own (`official`) or what people call it."""

    entry: int
    text: str
    folded: str
    official: bool
    spelled: str  # pinyin of its Han, joined
    initials: str


@dataclass(slots=True)
class Library:
    """Entries with their names, and for each feature where it stands and how rare it is."""

    entries: list[Entry]
    names: list[Called] = field(default_factory=list)
    names_of: list[list[Called]] = field(default_factory=list)  # by entry
    whole: dict[str, list[int]] = field(default_factory=dict)  # folded name → names
    postings: dict[str, list[tuple[int, float]]] = field(default_factory=dict)  # feature → (name, weight)
    mass: list[float] = field(default_factory=list)  # of a name, Han and sounds
    initials_mass: list[float] = field(default_factory=list)
    letters_mass: list[float] = field(default_factory=list)
    said: dict[str, list[tuple[int, float]]] = field(default_factory=dict)  # feature → (entry, weight of the place)
    rarity: dict[str, float] = field(default_factory=dict)
    prior: list[float] = field(default_factory=list)


def short(name: str) -> str:
    """A name without what stands in brackets."""
    return name.partition("（")[0]


def called(entry: Entry) -> list[tuple[str, bool]]:
    """What an entry is called, each once; the official name first."""
    found = {entry.name: True}
    if short(entry.name):
        found.setdefault(short(entry.name), True)
    for saying in entry.sayings:
        found.setdefault(saying, False)
    return list(found.items())


def build(entries: Iterable[Entry]) -> Library:
    """Index the entries. Rarity is counted over entries, so that an item with many names does not make its words common."""
    made = Library(sorted(entries, key=lambda e: e.slug))
    holders: dict[str, set[int]] = defaultdict(set)
    each: list[tuple[dict[str, float], dict[str, float]]] = []
    for number, entry in enumerate(made.entries):
        for text, official in called(entry):
            han, latin = features.of_text(text), features.of_name_letters(text)
            folded = wording.fold(text).replace(" ", "")
            made.names.append(Called(number, text, folded, official, *features.spelling(folded)))
            each.append((han, latin))
            for feature in (*han, *latin):
                holders[feature].add(number)
        inside: dict[str, float] = {}
        for _, text, weight in entry.said():
            for feature, share in features.of_text(text).items():
                inside[feature] = max(inside.get(feature, 0), share * weight)
        for feature, weight in inside.items():
            made.said.setdefault(feature, []).append((number, weight))
    made.names_of = [[] for _ in made.entries]
    for one in made.names:
        made.names_of[one.entry].append(one)
    count = len(made.entries)
    for feature in {*holders, *made.said}:
        holding = len(holders[feature]) if feature in holders else max(2, len(made.said[feature]))
        made.rarity[feature] = log(1 + count / holding)
    for number, (one, (han, latin)) in enumerate(zip(made.names, each, strict=True)):
        made.whole.setdefault(one.folded, []).append(number)
        for feature, weight in (*han.items(), *latin.items()):
            made.postings.setdefault(feature, []).append((number, weight))
        made.mass.append(sum(w * made.rarity[f] for f, w in han.items()))
        made.initials_mass.append(sum(w * made.rarity[f] for f, w in latin.items() if f[0] == "i"))
        made.letters_mass.append(
            sum(w * made.rarity[f] for f, w in (*han.items(), *latin.items()) if f[:2] in ("p:", "t:"))
        )
    popular = {slug: n for n, slug in enumerate(wording.popular())}
    made.prior = [0.02 if e.slug in popular else 0.0 for e in made.entries]
    return made


def completions(library: Library, text: str, most: int) -> list[str]:
    """What people call items, as far as it continues a beginning: in Han, in pinyin or by initials; one an item, what most come for first."""
    found: dict[int, tuple[int, int, str]] = {}
    latin = text.isascii()
    for one in library.names:
        spelled = (one.folded, one.spelled, one.initials) if latin else (one.folded,)
        place = min((s.find(text) for s in spelled if text in s), default=-1)
        if place < 0:
            continue
        rank = (min(place, 1) + (library.prior[one.entry] == 0), len(one.folded), one.text)
        if one.entry not in found or rank < found[one.entry]:
            found[one.entry] = rank
    return [text for _, _, text in sorted(found.values())[:most]]
