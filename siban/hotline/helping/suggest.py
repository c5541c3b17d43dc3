"""From the words of a caller to category, lead unit, nature, level, urgency and the right door, each with the words that led there."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..asking.features import spoken
from . import cues
from .training import Helper, Leaf, helper

SHARP = 8.0
SHOWN = 8
PLACES = {"巴彦托海": "150724100000", "大雁": "150724110000", "伊敏河": "150724111000", "红花尔基": "150724112000", "巴彦嵯岗": "150724210000", "锡尼河西": "150724211000", "锡尼河东": "150724212000", "巴彦塔拉": "150724213000", "伊敏苏木": "150724214000", "辉苏木": "150724215000", "辉河": "150724215000", "南屯": "150724100000", "开发区": "150724100000"}  # fmt: skip
NO_PLACE = "150724100000"
REASONS = {
    "200101": "litigation", "200102": "arbitration", "200103": "reconsideration", "200104": "discipline",
    "200105": "petition_in_progress", "200106": "info_disclosure", "200201": "emergency_transfer", "200202": "other_region",
    "200203": "no_substance", "200204": "privacy_secret", "200205": "higher_authority",
}  # fmt: skip
NATURE_CUES = (
    ("consult", cues.ASKING, 0.9), ("suggestion", cues.SUGGESTING, 0.8), ("report", cues.REPORTING, 0.6), ("complaint", cues.COMPLAINING, 0.45),
    ("help", cues.HELPING, 0.45),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ranked:
    """One suggestion: a code or unit, how likely (0 to 1), and the words that led there."""

    key: str
    name: str
    score: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Everything that is suggested for one demand."""

    leaves: tuple[Ranked, ...]
    tops: tuple[Ranked, ...]
    units: tuple[Ranked, ...]
    nature: str
    nature_words: tuple[str, ...]
    level: str
    is_urgent: bool
    urgent_words: tuple[str, ...]
    is_emergency: bool
    emergency_line: str
    out_of_scope: str
    is_long_term: bool
    is_unreasonable: bool
    demands: tuple[str, ...]


def suggest(text: str, *, place: str = "", township_code: str = "", by: Helper | None = None) -> Suggestion:
    """What a demand is about. An emergency is told as one whatever its category turns out to be."""
    known = by or helper()
    ranked = _leaves(text, known)
    best = known.leaves[ranked[0].key] if ranked else None
    danger = cues.emergency(text)
    nature, why = _nature(text, best, known)
    long_term = (
        best is not None
        and bool(cues.LONG_TERM.search(text))
        and (best.level in ("whistle", "street") or _years(text))
    )
    unreasonable = bool(cues.UNREASONABLE.search(text))
    demands = _demands(text, ranked, known)
    urgent, urgent_words = _urgent(best, nature, danger, unreasonable)
    return Suggestion(
        leaves=tuple(ranked[:SHOWN]), tops=tuple(_sums(ranked, lambda r: r.key[:2], lambda key: _top_name(key, known))),
        units=tuple(_sums(ranked, lambda r: _unit(known.leaves[r.key], township_code, place, text), _unit_name)),
        nature=nature, nature_words=why, level=_level(best, long_term, demands), is_urgent=urgent, urgent_words=urgent_words,
        is_emergency=bool(danger) and nature not in ("suggestion",), emergency_line=cues.line_of(text) if danger else "",
        out_of_scope=REASONS.get(best.code, "") if best is not None and not best.is_acceptable else "",
        is_long_term=long_term, is_unreasonable=unreasonable, demands=demands,
    )  # fmt: skip


def _leaves(text: str, known: Helper) -> list[Ranked]:
    """Categories with their share of belief, the likeliest first."""
    vector, weighed = known.model.weigh(text)
    weighed = [w for w in weighed if w.subject in known.leaves][:40]
    if not weighed:
        return []
    first = weighed[0].score
    shares = [math.exp(SHARP * (w.score - first)) for w in weighed]
    whole = sum(shares)
    return [
        Ranked(w.subject, known.leaves[w.subject].name, round(share / whole, 4), _words(text, vector, w.subject, known) if n < SHOWN else ())
        for n, (w, share) in enumerate(zip(weighed, shares, strict=True))
    ]  # fmt: skip


def _words(text: str, vector: dict[str, float], subject: str, known: Helper) -> tuple[str, ...]:
    """Words of the text itself, the strongest first: words a person recognises, or the longest pieces that are in it."""
    found: dict[str, None] = {}
    pieces: dict[str, None] = {}
    for feature, _ in known.model.leading(vector, subject)[:40]:
        said = spoken(feature, text)
        if said and len(said) > 1:
            found[said] = None
        elif len(feature) == 3 and feature in text:
            pieces[feature] = None
    chosen = [w for w in found if not any(w != other and w in other for other in found)] or list(pieces)
    return tuple(chosen[:4])


def _sums(ranked: Sequence[Ranked], key: Any, name: Any) -> list[Ranked]:
    """Shares of belief added up by another key, with the words of its strongest category."""
    shares: defaultdict[str, float] = defaultdict(float)
    words: dict[str, tuple[str, ...]] = {}
    for row in ranked:
        shares[key(row)] += row.score
        words.setdefault(key(row), row.words)
    order = sorted(shares, key=lambda k: (-shares[k], k))[:SHOWN]
    return [Ranked(k, name(k), round(shares[k], 4), words[k]) for k in order]


def _top_name(top: str, known: Helper) -> str:
    return next((leaf.top_name for leaf in known.leaves.values() if leaf.code.startswith(top)), top)


def _unit(leaf: Leaf, township_code: str, place: str, text: str) -> str:
    """The lead unit; a territorial one is the township of the place."""
    if leaf.lead_unit != "territorial":
        return leaf.lead_unit
    if township_code and township_code[6:9] != "000":
        return f"{township_code[:9]}000"
    return next((code for name, code in PLACES.items() if name in place or name in text), NO_PLACE)


def _unit_name(unit: str) -> str:
    from .training import unit_names

    return unit_names().get(unit, unit)


def _nature(text: str, best: Leaf | None, known: Helper) -> tuple[str, tuple[str, ...]]:
    """The speech act, within what the category allows."""
    allowed = best.natures if best is not None else ("help",)
    if len(allowed) == 1:
        return allowed[0], ()
    _, weighed = known.natures.weigh(text)
    scores = {w.subject: w.score for w in weighed}
    why: dict[str, list[str]] = {}
    for nature, pattern, weight in NATURE_CUES:
        if said := cues.found(pattern, text):
            scores[nature] = scores.get(nature, 0.0) + weight * min(len(said), 2) / 1.5
            why[nature] = said
    chosen = max(allowed, key=lambda n: (scores.get(n, -9.0), -allowed.index(n)))
    return chosen, tuple(why.get(chosen, ())[:3])


def _urgent(best: Leaf | None, nature: str, danger: list[str], unreasonable: bool) -> tuple[bool, tuple[str, ...]]:
    """Urgent by its category or by danger in its words; asking and suggesting is not, nor what goes beyond reason."""
    if danger and nature not in ("suggestion",):
        return True, tuple(danger[:3])
    if best is None or unreasonable or nature in ("consult", "suggestion"):
        return False, ()
    return best.is_urgent, (best.name,) if best.is_urgent else ()


def _years(text: str) -> bool:
    return bool(cues.LONG_TERM.search(text))


def _level(best: Leaf | None, long_term: bool, demands: Sequence[str]) -> str:
    if best is None:
        return "community"
    if long_term:
        return "whistle"
    if len(demands) >= 3 and best.level in ("grid", "community"):
        return "street"
    return best.level


def _demands(text: str, ranked: Sequence[Ranked], known: Helper) -> tuple[str, ...]:
    """Further demands: clauses that are clearly about something else. The main category first, empty for a single demand."""
    if not ranked:
        return ()
    found = {ranked[0].key: 1.0}
    clauses = [c for c in cues.DEMAND.split(text) if c and len(c) >= 4]
    if len(clauses) < 2:
        return ()
    for clause in clauses:
        _, weighed = known.model.weigh(clause)
        if len(weighed) < 2 or weighed[0].subject not in known.leaves:
            continue
        first, second = weighed[0], weighed[1]
        if first.score > 1.0 and first.score - second.score > 0.55 and first.subject[:2] != "20":
            found.setdefault(first.subject, first.score)
    return tuple(found) if len(found) > 1 else ()
