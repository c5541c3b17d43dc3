"""The search: how often the right item stands first or among the first three, by kind of difficulty, and how long it takes."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

QUERIES = Path(__file__).with_name("queries.yaml")
KINDS = {
    "spoken": "people's words", "sentence": "whole sentences", "dialect": "words of the region", "short": "two characters",
    "several": "several wishes", "name": "official names", "typo": "wrong characters", "sound": "same sound",
    "pinyin": "pinyin", "initials": "initials", "mixed": "Han and pinyin",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """A question, the items that answer it, and what makes it hard."""

    text: str
    kind: str
    want: frozenset[str]
    part: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What the search answered, and in how many seconds."""

    query: Query
    place: int | None  # of the first right item, from 1
    seconds: float
    found: tuple[str, ...]


def queries() -> Iterator[Query]:
    """The query set: `tune` was looked at while the search was made, `held` was not."""
    said = yaml.safe_load(QUERIES.read_text(encoding="utf-8"))
    for part, rows in said.items():
        for row in rows:
            yield Query(row["q"], row["kind"], frozenset(row["want"]), part)


def tried(asked: list[Query]) -> list[Tried]:
    """Ask the search every question."""
    from siban.catalog import search

    search.find("身份证")  # the library is read once a process
    results = []
    for query in asked:
        began = time.perf_counter()
        found = search.find(query.text)
        took = time.perf_counter() - began
        slugs = tuple(h.base_slug for h in found.hits)
        place = next((n for n, slug in enumerate(slugs, start=1) if slug in query.want), None)
        results.append(Tried(query, place, took, slugs))
    return results


def share(results: list[Tried], within: int) -> float:
    """Hit@n in per cent."""
    return 100 * sum(r.place is not None and r.place <= within for r in results) / len(results)


def percentile(results: list[Tried], part: float) -> float:
    """Milliseconds that so large a part of the searches stayed within."""
    times = sorted(1000 * r.seconds for r in results)
    return times[int(part * (len(times) - 1))]


def section(items: int, fill: Callable[[int], int]) -> Iterator[str]:
    """The section of `make bench`: quality and time in the demonstration banner and, if asked, among many banners.

    Args:
        items: so many implementations to grow to, from 1,600 on; 0 for none.
    """
    asked = list(queries())
    tried(asked)
    results = tried(asked)
    yield from report(results, misses=True)
    if not items:
        return
    times = []
    for count in (1_600, items):
        there = fill(count)
        tried(asked)
        times.append(percentile(tried(asked), 0.95))
        yield f"among {there:,} implementations: P95 {times[-1]:.1f} ms"
    grown = times[1] / times[0]
    yield f"P95 grew {grown:.2f} times (goal ≤ 3) {'ok' if grown <= 3 else 'SHORT'}"


def report(results: list[Tried], *, misses: bool = False) -> Iterator[str]:
    """The lines printed."""
    groups: dict[str, list[Tried]] = {"all": results}
    by: dict[str, list[Tried]] = defaultdict(list)
    for r in results:
        by[f"part {r.query.part}"].append(r)
        by[KINDS[r.query.kind]].append(r)
    for name, group in {**groups, **dict(sorted(by.items()))}.items():
        yield f"{name:<22} {len(group):>4} queries   hit@1 {share(group, 1):5.1f} %   hit@3 {share(group, 3):5.1f} %"
    yield f"latency of a search (in process, one at a time): P50 {percentile(results, 0.5):.1f} ms, P95 {percentile(results, 0.95):.1f} ms"
    if misses:
        for r in results:
            if r.place is None or r.place > 3:
                yield f"  {r.query.part} {r.query.kind} {r.query.text}: wanted {', '.join(sorted(r.query.want))}; found {', '.join(r.found[:3])}"
