"""From the words of a caller to category, lead unit, nature, level, urgency and the right door, each with the words that led there."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..asking.features import spoken
from . import cues, signs
from .places import township
from .training import Helper, Leaf, helper, unit_names

SHARP = 8.0
OWN = 0.4  # how far a category is believed for itself; the rest by what is said of its top category
SHOWN = 8
LIKELY_URGENT = 0.5
SURE = 0.9  # so far must a clause be believed to count as a further demand
NO_PLACE = "150724100000"
REASONS = {
    "200101": "litigation", "200102": "arbitration", "200103": "reconsideration", "200104": "discipline",
    "200105": "petition_in_progress", "200106": "info_disclosure", "200201": "emergency_transfer", "200202": "other_region",
    "200203": "no_substance", "200204": "privacy_secret", "200205": "higher_authority",
}  # fmt: skip
NATURE_CUES = (
    ("consult", cues.ASKING, 0.6), ("suggestion", cues.SUGGESTING, 4.0), ("report", cues.REPORTING, 0.3), ("complaint", cues.COMPLAINING, 0.05),
    ("help", cues.HELPING, 0.3),
)  # fmt: skip
BEFOREHAND = {"consult": -0.4, "help": -0.1, "complaint": 0.1, "report": 0.2, "suggestion": -2.0}
"""What speaks for a nature before a word is read; both fitted on orders left out of the learning."""
LESS_USUAL, IN_DANGER = -0.2, 0.25


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
    danger, lines = signs.danger(text)
    nature, why = _nature(text, best, known)
    unreasonable = bool(signs.beyond_reason(text))
    long_term = not unreasonable and (bool(signs.long_term(text)) or (best is not None and best.level == "whistle"))
    demands = _demands(text, ranked, known)
    urgent, urgent_words = _urgent(text, ranked, nature, danger, unreasonable, known)
    return Suggestion(
        leaves=tuple(ranked[:SHOWN]), tops=tuple(_sums(ranked, lambda r: r.key[:2], lambda key: _top_name(key, known))),
        units=tuple(_sums(ranked, lambda r: _unit(known.leaves[r.key], township_code, place, text), _unit_name)),
        nature=nature, nature_words=why, level=_level(best, long_term, demands), is_urgent=urgent, urgent_words=urgent_words,
        is_emergency=bool(danger), emergency_line=next(iter(lines), ""),
        out_of_scope=REASONS.get(best.code, "") if best is not None and not best.is_acceptable else "",
        is_long_term=long_term, is_unreasonable=unreasonable, demands=demands,
    )  # fmt: skip


def believed(text: str, known: Helper, limit: int = 40) -> dict[str, float]:
    """How far each category is believed, adding up to 1, the likeliest first: for itself and by its top category."""
    weighed = [w for w in known.model.weigh(text)[1] if w.subject in known.leaves][:limit]
    if not weighed:
        return {}
    strengths = {w.subject: SHARP * w.score for w in weighed}
    most = max(strengths.values())
    shares = {code: math.exp(s - most) for code, s in strengths.items()}
    tops: defaultdict[str, float] = defaultdict(float)
    for code, share in shares.items():
        tops[code[:2]] += share
    whole = sum(shares.values())
    raised = {code: share * (OWN + (1 - OWN) * tops[code[:2]] / whole) for code, share in shares.items()}
    whole = sum(raised.values())
    return {c: x / whole for c, x in sorted(raised.items(), key=lambda pair: (-pair[1], pair[0]))}


def _leaves(text: str, known: Helper) -> list[Ranked]:
    """Categories with their share of belief, the likeliest first."""
    vector = known.model.vector(text)
    return [
        Ranked(code, known.leaves[code].name, round(share, 4), _words(text, vector, code, known) if n < SHOWN else ())
        for n, (code, share) in enumerate(believed(text, known).items())
    ]


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
    return township(township_code, place, text) or NO_PLACE


def _unit_name(unit: str) -> str:
    return unit_names().get(unit, unit)


def _nature(text: str, best: Leaf | None, known: Helper) -> tuple[str, tuple[str, ...]]:
    """The speech act, within what the category allows."""
    allowed = best.natures if best is not None else ("help",)
    if len(allowed) == 1:
        return allowed[0], ()
    _, weighed = known.natures.weigh(text)
    scores = dict.fromkeys(allowed, 0.0) | {w.subject: w.score for w in weighed}
    for n, nature in enumerate(allowed):
        scores[nature] += BEFOREHAND[nature] + (LESS_USUAL if n == 1 else 0.0)
        scores[nature] += IN_DANGER if best is not None and best.is_urgent and nature in ("help", "report") else 0.0
    why: dict[str, list[str]] = {}
    for nature, pattern, weight in NATURE_CUES:
        if said := cues.found(pattern, text):
            scores[nature] = scores.get(nature, -9.0) + weight * min(len(said), 2) / 1.5
            why[nature] = said
    chosen = max(allowed, key=lambda n: (scores.get(n, -9.0), -allowed.index(n)))
    return chosen, tuple(why.get(chosen, ())[:3])


def _urgent(
    text: str, ranked: Sequence[Ranked], nature: str, danger: Sequence[str], unreasonable: bool, known: Helper
) -> tuple[bool, tuple[str, ...]]:
    """Urgent by danger in its words, or by its category; asking and suggesting is not, nor what goes beyond reason."""
    if danger:
        return True, tuple(danger[:3])
    if not ranked or unreasonable or nature in ("consult", "suggestion") or signs.PLAIN_QUESTION.search(text):
        return False, ()
    urgent = [r for r in ranked if known.leaves[r.key].is_urgent]
    if sum(r.score for r in urgent) < LIKELY_URGENT:
        return False, ()
    return True, urgent[0].words or (urgent[0].name,)


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
    main = ranked[0].key
    more: dict[str, None] = {}
    for clause in signs.clauses(text):
        believed_here = believed(clause, known)
        code = next(iter(believed_here), main)
        if believed_here.get(code, 0.0) >= SURE and code[:4] != main[:4] and code[:2] != "20":
            more[code] = None
    if more and (len(more) >= 3 or signs.ALSO.search(text)):
        return (main, *list(more)[:4])
    return ()
