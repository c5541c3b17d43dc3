"""The articles that questions are answered from, as they ship with the product, and what is learned from them. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

import yaml

from .. import rules
from .features import RUN, clean
from .learning import Model, Row, learn

TWINS = 0.47
"""Articles asked about so much alike treat one matter; one of them holds for another time."""


@dataclass(frozen=True, slots=True)
class Paper:
    """An article as it is read when a question is asked."""

    number: str
    title: str
    leaf: str
    questions: tuple[str, ...]
    answer: str
    owner: str
    basis: str
    valid_from: date
    valid_to: date | None
    last_reviewed: date | None = None
    is_basis_confirmed: bool = False
    owner_name: str = ""

    def is_valid(self, on: date) -> bool:
        """Whether the article holds on a day (its last day counted in)."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def validity(self) -> str:
        """The period in words."""
        if self.valid_to is None:
            return f"{self.valid_from:%Y-%m-%d} 起有效"
        return f"{self.valid_from:%Y-%m-%d} 至 {self.valid_to:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Articles with what was learned from them."""

    papers: Mapping[str, Paper]
    model: Model
    twins: Mapping[str, tuple[str, ...]]
    exact: Mapping[str, str]
    """Titles and questions written in the articles, without signs, and whose they are."""


@cache
def _loaded(name: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load((rules.REFERENCE / name).read_text(encoding="utf-8"))
    return loaded


@cache
def shipped() -> tuple[Paper, ...]:
    """The articles of `reference/knowledge.yaml`."""
    return tuple(
        Paper(
            number=a["id"],
            title=a["title"],
            leaf=a["leaf"],
            questions=tuple(a["questions"]),
            answer=a["answer"],
            owner=a["owner_unit"],
            owner_name=a["owner_unit_name"],
            basis=a["basis"],
            valid_from=date.fromisoformat(a["valid_from"]),
            valid_to=date.fromisoformat(a["valid_to"]) if a["valid_to"] else None,
            last_reviewed=date.fromisoformat(a["last_reviewed"]),
            is_basis_confirmed=a["basis_confidence"] == "national_law",
        )
        for a in _loaded("knowledge.yaml")["articles"]
    )


def ways() -> Mapping[str, Sequence[str]]:
    """Further ways people ask after each article that ships."""
    asked: Mapping[str, Sequence[str]] = _loaded("asked_ways.yaml")["ways"]
    return asked


def unanswered() -> Sequence[str]:
    """Questions that none of the articles that ship answers."""
    asked: Sequence[str] = _loaded("asked_ways.yaml")["unanswered"]
    return asked


@lru_cache(maxsize=1)
def stocked(papers: tuple[Paper, ...]) -> Shelf:
    """Learn from these articles, from the ways they are asked about, and from what they do not answer."""
    asked = ways()
    return learned(papers, {p.number: asked[p.number] for p in papers if _is_as_shipped(p)}, unanswered())


def learned(papers: tuple[Paper, ...], asked: Mapping[str, Sequence[str]], beside: Sequence[str]) -> Shelf:
    """A shelf from given ways of asking (so that they can be left out and tried)."""
    model = learn(_rows(papers, asked, beside))
    exact = {bare(text): p.number for p in reversed(papers) for text in (p.title, *p.questions)}
    return Shelf(papers={p.number: p for p in papers}, model=model, twins=_twins(papers, model), exact=exact)


def bare(text: str) -> str:
    """A text without signs and spaces."""
    return "".join(RUN.findall(clean(text)))


@cache
def _titles() -> Mapping[str, str]:
    return {paper.number: paper.leaf for paper in shipped()}


def _is_as_shipped(paper: Paper) -> bool:
    """The number still means the matter it meant: the ways to ask after it were written for that."""
    return _titles().get(paper.number) == paper.leaf


def _rows(papers: Iterable[Paper], asked: Mapping[str, Sequence[str]], beside: Sequence[str]) -> Iterable[Row]:
    leaves = set()
    for paper in papers:
        leaves.add(paper.leaf)
        for question in dict.fromkeys((*paper.questions, *asked.get(paper.number, ()))):
            yield Row(question, paper.number)
    for question in beside:
        yield Row(question, "", is_covered=False)
    for paper in papers:
        yield Row(f"{paper.title} {paper.answer}", paper.number)
    # What the list of categories knows and no article treats: subjects that have no answer.
    for top in _loaded("categories.yaml")["categories"]:
        for second in top["children"]:
            for leaf in second["children"]:
                if leaf["id"] not in leaves:
                    yield Row(" ".join((leaf["name"], *leaf["keywords"])), f"leaf {leaf['id']}", is_covered=False)


def _twins(papers: Iterable[Paper], model: Model) -> Mapping[str, tuple[str, ...]]:
    """Articles of one leaf that are asked about alike, where the one holds until before the other ends."""
    by_leaf: defaultdict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        by_leaf[paper.leaf].append(paper)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for alike in by_leaf.values():
        for old in alike:
            for new in alike:
                if _is_before(old, new) and model.likeness(old.number, new.number) >= TWINS:
                    found[old.number].append(new.number)
    return {old: tuple(new) for old, new in found.items()}


def _is_before(old: Paper, new: Paper) -> bool:
    return old.valid_to is not None and (new.valid_to is None or new.valid_to > old.valid_to) and old is not new
