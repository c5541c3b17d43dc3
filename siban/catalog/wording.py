"""How an item may be called: its words, other names, pinyin and initials. Pure."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pypinyin
import yaml

from .content import ItemContent

PLACE = re.compile(r"\.\d{12}$")
REFERENCE = Path(__file__).resolve().parent / "reference"
HAN = re.compile(r"[\u3400-\u9fff]+")


def _read(name: str) -> Any:
    text = (REFERENCE / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def sayings() -> dict[str, tuple[str, ...]]:
    """What people call an item, by the slug of the banner's item."""
    return {slug: tuple(names) for slug, names in _read("synonyms.yaml")["items"].items()}


def sayings_of(slug: str) -> tuple[str, ...]:
    """What people call an item; one that only sumus and gachas offer is known by its slug without the place."""
    return sayings().get(PLACE.sub("", slug), ())


@cache
def popular() -> tuple[str, ...]:
    """Slugs of the items shown first on the home page."""
    return tuple(_read("synonyms.yaml")["popular"])


@cache
def ignored() -> frozenset[str]:
    """Words of a question that say nothing about which item is meant."""
    return frozenset(_read("synonyms.yaml")["ignored"])


@cache
def light() -> frozenset[str]:
    """Words that tell who asks or where, and seldom what for."""
    return frozenset(_read("synonyms.yaml")["light"])


@cache
def groups() -> tuple[tuple[str, ...], ...]:
    """Words that may stand for one another, a group each."""
    return tuple(tuple(map(str, group)) for group in _read("synonyms.yaml")["words"])


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


def search_words(content: ItemContent, item: Any) -> str:
    """What the clerk's quick search looks through: the name, what people call it, their pinyin and initials."""
    called = [content.name, *sayings_of(item.base.slug if item.base_id else item.slug)]
    spelled = [pinyin(content.name), *(initials(name) for name in called)]
    return " ".join(dict.fromkeys(filter(None, [*map(fold, called), *spelled])))
