"""A question answered from the articles: which come first and why, whether one answers at all, and the valid before the expired. Pure."""

import math
import re
from dataclasses import dataclass
from datetime import date

from .features import asks_after_the_past, clean, spoken
from .learning import Weighed
from .shelf import Paper, Shelf, bare, stocked

HAN = re.compile(r"[\u3400-\u9fff]")
LEAST_HAN = 2
SHOWN = 5
WORDS_SHOWN = 6
PAST = 0.15  # what is over comes a little earlier when asked after the past, a little later when not
CLOSE = 0.8  # twins change places only where the question hardly tells them apart
ANSWERED, CERTAIN = 0.5, 0.99
# Fitted on questions left out of the learning.
LEAD, CONSTANT = 4.0, -0.36


@dataclass(frozen=True, slots=True)
class Ranked:
    """One article for a question: how sure (0 to 1), and the words that led there."""

    paper: Paper
    score: float
    words: tuple[str, ...]
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question found. `answer` is the first article in force, only where the question is answered."""

    question: str
    ranked: tuple[Ranked, ...]
    is_answered: bool
    answer: Paper | None
    why: str


def ask(question: str, *, articles: tuple[Paper, ...], on: date) -> Asked:
    """Answer a question from articles on a day."""
    return answer(question, stocked(articles), on=on)


def answer(question: str, known: Shelf, *, on: date) -> Asked:
    """Answer a question from a shelf already learned from."""
    if not clean(question).strip():
        return Asked(question, (), False, None, "没有写问题。")
    vector, weighed = known.model.weigh(question)
    found = _in_order([w for w in weighed if w.subject in known.papers], known, question, on)
    own = known.exact.get(bare(question))
    found.sort(key=lambda w: w.subject != own)  # the very words of an article
    if not found or len(HAN.findall(question)) < LEAST_HAN:
        return Asked(question, (), False, None, "没有找到相近的知识。")
    beside = max((w.score for w in weighed if w.subject not in known.papers), default=0.0)
    sure = CERTAIN if found[0].subject == own else confidence(found[0].score - beside)
    ranked = tuple(
        Ranked(
            paper=known.papers[w.subject],
            score=round(sure * min(1.0, math.exp(w.score - found[0].score)) if n else sure, 4),
            words=_words(question, known.model.leading(vector, w.subject)),
            is_valid=known.papers[w.subject].is_valid(on),
        )
        for n, w in enumerate(found[:SHOWN])
    )
    return _decided(question, ranked, sure, known)


def _decided(question: str, ranked: tuple[Ranked, ...], sure: float, known: Shelf) -> Asked:
    first = ranked[0]
    if sure < ANSWERED:
        return Asked(question, ranked, False, None, "知识库里没有能回答这个问题的条目，下面只是相近的。")
    if first.is_valid:
        return Asked(question, ranked, True, first.paper, f"按“{'、'.join(first.words)}”找到。")
    twins = known.twins.get(first.paper.number, ())
    now = next((r for r in ranked if r.is_valid and r.paper.number in twins), None)
    if now is not None:
        return Asked(
            question, ranked, True, now.paper, f"“{first.paper.title}”已经过期，现行的口径是“{now.paper.title}”。"
        )
    return Asked(question, ranked, False, None, f"只找到已经过期的“{first.paper.title}”，不能作为现行答复。")


def confidence(lead: float) -> float:
    """How sure it is that the first article answers, 0 to 1, by its lead over subjects without an answer."""
    return 1 / (1 + math.exp(-(LEAD * lead + CONSTANT)))


def _in_order(found: list[Weighed], known: Shelf, question: str, on: date) -> list[Weighed]:
    """The valid article before its expired twin, unless the question asks after the past."""
    past = asks_after_the_past(question, on)
    scores = {w.subject: w.score for w in found}
    for number in scores:
        if not known.papers[number].is_valid(on):
            scores[number] += PAST if past else -PAST
    for old, twins in known.twins.items():
        for new in twins:
            if (
                old in scores
                and new in scores
                and known.papers[new].is_valid(on)
                and not known.papers[old].is_valid(on)
            ):
                lower, higher = sorted((scores[old], scores[new]))
                if higher - lower < CLOSE:
                    scores[old], scores[new] = (higher, lower) if past else (lower, higher)
    return sorted(
        (Weighed(w.subject, scores[w.subject], w.nearness) for w in found), key=lambda w: (-w.score, w.subject)
    )


def _words(question: str, leading: list[tuple[str, float]]) -> tuple[str, ...]:
    """The longest words of the question behind the leading features, none within another."""
    found: list[str] = []
    for feature, _ in leading[:30]:
        word = spoken(feature, question)
        if not word or any(word in other for other in found):
            continue
        found = [other for other in found if other not in word] + [word]
    return tuple(found[:WORDS_SHOWN])
