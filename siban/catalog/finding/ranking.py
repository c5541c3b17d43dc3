"""Weighing a question against the library: how much of the question an item's names and guide cover. Pure."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

import rjieba

from .. import wording
from . import features
from .library import Library

LONGEST = 60
CANDIDATES = 60  # more than three pages of results nobody reads
WEAK = 0.17  # below this share of the best score a hit is noise
UNSURE = 0.14  # a best score below this is only the nearest name

ASKED_TOO_MUCH, NAMED_TOO_MUCH = 0.5, 0.3  # what is left over on either side costs this much
BEST_NAME, ALL_NAMES, GUIDE = 0.7, 0.5, 0.25
WHOLE = 1.0
STRONG_PART = 0.42
ENOUGH_SAID = 3.0  # a part that is one common character names nothing

PARTS = re.compile(r"[，。；、,;.!?！？\s]+|还要|还想|还得|又要|又想|并且|同时|顺便|另外|然后|以及|顺带|还有|和|跟|与|及")


@dataclass(frozen=True, slots=True)
class Scored:
    """An entry that answers, how well, and through which of its names."""

    entry: int
    score: float
    name: int | None
    part: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Entries best first; `sure` when the best is more than the nearest name; the words nobody's guide knows."""

    question: str
    scored: tuple[Scored, ...] = ()
    sure: bool = False
    unknown: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Weighed:
    scores: dict[int, float] = field(default_factory=dict)
    names: dict[int, int] = field(default_factory=dict)
    known: float = 0.0


def rank(question: str, library: Library) -> Answer:
    """Entries that answer a question, best first; several wishes in one sentence take turns."""
    text = " ".join(wording.fold(question).split())[:LONGEST]
    if not features.RUN.search(text):
        return Answer(text)
    whole = _weigh(text, library)
    wishes = _wishes(text, library, whole)
    merged = dict(whole.scores)
    names, part_of = dict(whole.names), {}
    for turn, (part, weighed, best) in enumerate(wishes):
        top = max(merged.values(), default=0.0)
        merged[best] = top + 0.001 * (len(wishes) - turn) if merged.get(best, 0) < top else merged[best]
        names[best] = weighed.names.get(best, names.get(best, -1))
        part_of[best] = part
    ordered = sorted(merged.items(), key=lambda pair: (-round(pair[1], 4), library.entries[pair[0]].slug))
    best_score = ordered[0][1] if ordered else 0.0
    kept = [(e, s) for e, s in ordered[:CANDIDATES] if s >= WEAK * best_score]
    scored = tuple(
        Scored(e, round(s, 4), names[e] if names.get(e, -1) >= 0 else None, part_of.get(e, text)) for e, s in kept
    )
    return Answer(
        text, scored, best_score >= UNSURE, tuple(_unknown(text, library)), tuple(part for part, _, _ in wishes)
    )


def _wishes(text: str, library: Library, whole: _Weighed) -> list[tuple[str, _Weighed, int]]:
    """Parts of a sentence that each clearly name an item of their own."""
    pieces = [p for p in PARTS.split(text) if len(p) >= 2]
    if len(pieces) < 2:
        return []
    found: list[tuple[str, _Weighed, int]] = []
    for piece in pieces[:4]:
        weighed = _weigh(piece, library)
        if not weighed.scores or weighed.known < ENOUGH_SAID:
            continue
        best = min(weighed.scores, key=lambda e: (-weighed.scores[e], library.entries[e].slug))
        if weighed.scores[best] >= STRONG_PART and best not in (b for _, _, b in found):
            found.append((piece, weighed, best))
    return found if len(found) > 1 else []


def _weigh(text: str, library: Library) -> _Weighed:
    """Scores of all entries that share anything with a text."""
    if not features.HAN.search(text):
        return _weigh_letters(text, library)
    asked = features.of_question(text)
    for run in features.LATIN.findall(text):  # letters between Han: sounds or initials
        parts, over = features.syllables(run)
        if not over:
            features.of_sounds([features.confusable(s) for s in parts], asked)
        if len(run) >= 2:
            features.of_initials(run, asked)
    return _add_up(asked, library, library.mass, text)


def _weigh_letters(text: str, library: Library) -> _Weighed:
    """A question of letters alone: as initials and as sounds, whichever says more."""
    letters = re.sub(r"[^a-z0-9]", "", text)
    if len(letters) < 2:
        return _Weighed()
    result = _Weighed()
    initials: dict[str, float] = {f"w:{run}": features.WORD for run in features.RUN.findall(text)}
    features.of_initials(letters, initials)
    sounds: dict[str, float] = {}
    heard, over = features.syllables(letters)
    if over * 3 <= len(letters):
        features.of_sounds([features.confusable(s) for s in heard], sounds)
        features.of_letters(letters, sounds)
    readings = [(initials, library.initials_mass)]
    if sounds:
        readings.append((sounds, library.letters_mass))
    for asked, mass in readings:
        weighed = _add_up(asked, library, mass, text)
        for entry, score in weighed.scores.items():
            if score > result.scores.get(entry, 0):
                result.scores[entry] = score
                if entry in weighed.names:
                    result.names[entry] = weighed.names[entry]
        result.known = max(result.known, weighed.known)
    return result


def _add_up(asked: dict[str, float], library: Library, mass: list[float], text: str) -> _Weighed:
    """The share of question and name that meet (Tversky's index), with rare features counting more."""
    shared: dict[int, float] = defaultdict(float)
    covered: dict[int, float] = defaultdict(float)
    guide: dict[int, float] = defaultdict(float)
    total = 0.0
    names = library.names
    for feature, wanted in asked.items():
        rarity = library.rarity.get(feature)
        if rarity is None:
            total += wanted * 2.0 * (0.5 if feature[0] == "h" else 0.2)
            continue
        total += wanted * rarity
        best_here: dict[int, float] = {}
        for name, weight in library.postings.get(feature, ()):
            both = (wanted if wanted < weight else weight) * rarity
            shared[name] += both
            entry = names[name].entry
            if best_here.get(entry, 0.0) < both:
                best_here[entry] = both
        for entry, both in best_here.items():
            covered[entry] += both
        for entry, weight in library.said.get(feature, ()):
            guide[entry] += min(wanted, weight) * rarity
    result = _Weighed(known=total)
    if not total:
        return result
    best: dict[int, tuple[float, int]] = {}
    for name, both in shared.items():
        likeness = both / (both + ASKED_TOO_MUCH * (total - both) + NAMED_TOO_MUCH * max(0.0, mass[name] - both))
        entry = names[name].entry
        if entry not in best or likeness > best[entry][0]:
            best[entry] = (likeness, name)
    for entry, (likeness, name) in best.items():
        result.scores[entry] = BEST_NAME * likeness + ALL_NAMES * covered[entry] / total + library.prior[entry]
        result.names[entry] = name
    for entry, both in guide.items():
        result.scores[entry] = result.scores.get(entry, 0.0) + GUIDE * both / total
    for name in library.whole.get(text.replace(" ", ""), ()):
        entry = names[name].entry
        result.scores[entry] = result.scores.get(entry, 0.0) + WHOLE
        result.names[entry] = name
    return result


def _unknown(text: str, library: Library) -> list[str]:
    """Words of a question that stand in no name and no guide, not even by sound."""
    found: list[str] = []
    for run in features.runs(text):
        for word in rjieba.cut(run) if features.HAN.match(run) else [run]:
            if len(word) < 2 or word in wording.ignored():
                continue
            mine = features.of_text(word)
            if not features.HAN.match(word):
                features.of_initials(word, mine)
            if not any(f in library.rarity for f in mine if not f.startswith(("h:", "p:")) or " " in f):
                found.append(word)
    return found
