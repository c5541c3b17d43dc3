"""How an item may be called: its words, other names, pinyin and initials; and how a question is taken apart. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pypinyin
import rjieba
import yaml

from .content import ItemContent

REFERENCE = Path(__file__).resolve().parent / "reference"
HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
PARTS = " | "  # in `search_words`: name and other names | what stands in the guide
SHORTEST_LATIN = 2


def _read(name: str) -> Any:
    text = (REFERENCE / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def sayings() -> dict[str, tuple[str, ...]]:
    """What people call an item, by the slug of the banner's item."""
    return {slug: tuple(names) for slug, names in _read("synonyms.yaml")["items"].items()}


@cache
def popular() -> tuple[str, ...]:
    """Slugs of the items shown first on the home page."""
    return tuple(_read("synonyms.yaml")["popular"])


@cache
def ignored() -> frozenset[str]:
    """Words of a question that say nothing about which item is meant."""
    return frozenset(_read("synonyms.yaml")["ignored"])


@cache
def alike() -> dict[str, tuple[str, ...]]:
    """Words that may stand for one another."""
    return {word: tuple(w for w in group if w != word) for group in _read("synonyms.yaml")["words"] for word in group}


@cache
def callable_certificates() -> frozenset[str]:
    """Certificate types that may be called instead of paper (《可调用电子证照事项清单》)."""
    return frozenset(c["id"] for c in _read("certificate_types.yaml")["certificate_types"] if c.get("callable"))


@cache
def certificate_names() -> dict[str, str]:
    """Names of the certificate types, by id."""
    return {c["id"]: c["name"] for c in _read("certificate_types.yaml")["certificate_types"]}


def fold(text: str) -> str:
    """Text as it is compared: full-width folded, small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def initials(text: str) -> str:
    """`jmsfz`: the first letter of each syllable, for the clerk's quick search."""
    letters = pypinyin.lazy_pinyin("".join(HAN.findall(text)), style=pypinyin.Style.FIRST_LETTER)
    return "".join(letters)[:400]


def pinyin(text: str) -> str:
    """`juminshenfenzheng`: all syllables joined."""
    return "".join(pypinyin.lazy_pinyin("".join(HAN.findall(text))))


def words(text: str) -> list[str]:
    """Words and two-character pieces of a text, each once, in order; what the index holds."""
    found: dict[str, None] = {}
    for run in WORD.findall(fold(text)):
        if not HAN.match(run):
            found[run] = None
            continue
        for word in rjieba.cut_for_search(run):
            found[word] = None
        for start in range(len(run) - 1):
            found[run[start : start + 2]] = None
    return list(found)


def names_of(content: ItemContent, base_slug: str) -> tuple[str, ...]:
    """What people call this item besides its name."""
    return sayings().get(base_slug, ())


def search_words(content: ItemContent, item: Any) -> str:
    """The text the index is made of: `name words … | guide words … | pinyin`; the first part weighs most."""
    slug = item.base.slug if item.base_id else item.slug
    called = names_of(content, slug)
    inside = [
        content.item_type_name, content.dept_name, content.result.name, *content.natural_topics, *content.legal_topics,
        *(m.name for m in content.materials), *content.accept_conditions, *(f.question for f in content.faqs),
    ]  # fmt: skip
    first = words(" ".join([content.name, *called]))
    known = set(first)
    second = [w for w in words(" ".join(filter(None, inside))) if w not in known]
    latin = [content.name, *called]
    sounds = [pinyin(t) for t in latin] + [initials(t) for t in latin]
    return PARTS.join([" ".join(first), " ".join(second), " ".join(dict.fromkeys(s for s in sounds if s))])


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart: `groups` are the words that matter, each with what may stand for it."""

    text: str
    groups: tuple[tuple[str, ...], ...]
    latin: str = ""

    @property
    def empty(self) -> bool:
        return not self.groups and not self.latin


def ask(question: str) -> Asked:
    """Take a question apart. Letters alone are read as pinyin or initials."""
    text = " ".join(fold(question).split())[:60]
    latin = re.sub(r"[^a-z0-9]", "", text)
    if latin and not HAN.search(text):
        return Asked(text, (), latin if len(latin) >= SHORTEST_LATIN else "")
    groups: list[tuple[str, ...]] = []
    for run in WORD.findall(text):
        parts = [run] if not HAN.match(run) or run in alike() else rjieba.cut(run)
        for word in parts:
            if word in ignored():
                continue
            groups.append((word, *alike().get(word, ())))
    if not groups:  # nothing but small words: look for them all the same
        groups = [(run,) for run in WORD.findall(text)]
    return Asked(text, tuple(groups[:8]))
