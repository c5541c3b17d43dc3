"""A question as features: what it is about in other words, characters, pairs, words; and whether it asks after the past. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import rjieba
import yaml

from .. import rules

RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+|[0-9]+")
YEAR = re.compile(r"(?<![0-9])(?:20)?([12][0-9])(?=年|届|版|度)|(?<![0-9])20([12][0-9])(?![0-9])")
SPOKEN_YEAR = re.compile(r"[二两](?:零|〇)[一二]([一二三四五六七八九])|二([三四五六七八九])(?=年|届)")
DIGITS = {han: n for n, han in enumerate("〇一二三四五六七八九")}
LONGEST = 500


@cache
def words() -> Mapping[str, Any]:
    """The table of words that mean the same, of empty phrases and of words of the past."""
    loaded: Mapping[str, Any] = yaml.safe_load((rules.REFERENCE / "asked_words.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def _empty() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words()["empty"]), key=len, reverse=True)))


@cache
def _concepts() -> tuple[re.Pattern[str], Mapping[str, tuple[str, ...]]]:
    meant: dict[str, list[str]] = {}
    for concept, ways in words()["concepts"].items():
        for way in ways:
            meant.setdefault(way, []).append(concept)
    # Every way is looked for at every place, so that 草场证 finds 草场 too.
    pattern = "|".join(sorted(map(re.escape, meant), key=len, reverse=True))
    return re.compile(f"(?=({pattern}))"), {way: tuple(concepts) for way, concepts in meant.items()}


@cache
def _within() -> Mapping[str, tuple[str, ...]]:
    """For each way its own concepts and those of the shorter ways it begins with."""
    meant = _concepts()[1]
    return {
        way: tuple(dict.fromkeys(c for n in range(1, len(way) + 1) for c in meant.get(way[:n], ()))) for way in meant
    }


def clean(text: str) -> str:
    """A text as it is compared: small letters, only the first part of a very long one."""
    return text[:LONGEST].lower()


def features(text: str) -> Iterator[str]:
    """The features of a text, with repetitions."""
    text = clean(text)
    yield from concepts(text)
    runs = RUN.findall(text)
    for run in RUN.findall(_empty().sub(" ", text)):
        yield from run
        for size in (2, 3):
            for n in range(len(run) - size + 1):
                yield run[n : n + size]
    for run in runs:
        for n in range(len(run) - 1):
            yield f"b{run[n : n + 2]}"
        for word in rjieba.cut(run):
            if len(word) > 1:
                yield f"w{word}"


def concepts(text: str) -> list[str]:
    """What a text is about, one name for all the ways to say it."""
    pattern, _ = _concepts()
    found: dict[str, None] = {}
    for match in pattern.finditer(text):
        found.update(dict.fromkeys(f"c{concept}" for concept in _within()[match[1]]))
    return list(found)


def spoken(feature: str, text: str) -> str:
    """The words of a text that made a feature, where it is a word or a matter rather than a piece of one."""
    if len(feature) < 3:
        return ""
    kind, name = feature[0], feature[1:]
    if kind == "c":
        return next((way for way in words()["concepts"].get(name, ()) if way in clean(text)), "")
    return name if kind == "w" and name in clean(text) and not _empty().fullmatch(name) else ""


def years(text: str) -> list[int]:
    """The years a question names: 2024年, 24年, 二零二四."""
    found = [2000 + int(match[1] or match[2]) for match in YEAR.finditer(text)]
    for match in SPOKEN_YEAR.finditer(text):
        found.append(2020 + DIGITS[match[1] or match[2]])
    return found


def asks_after_the_past(text: str, on: date) -> bool:
    """Whether the question is about how it was: a year before this one, or a word such as 去年."""
    named = years(text)
    if any(year >= on.year for year in named):
        return False
    return bool(named) or any(word in text for word in words()["past"])
