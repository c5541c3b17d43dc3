"""Weighing a question against the library: how much of the question an item's names and guide cover. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import rjieba

from .. import wording
from . import features
from .library import Library

LONGEST = 60
CANDIDATES = 60  # more than three pages of results nobody reads
WEAK = 0.17  # below this share of the best score a hit is noise
SURE, SURE_LETTERS = 0.3, 0.75  # a best score below this is only the nearest name
NEAR, NEAR_LETTERS = 0.15, 0.45  # and below this not even near

ASKED_TOO_MUCH, NAMED_TOO_MUCH = 0.5, 0.3  # what is left over on either side costs this much
BEST_NAME, ALL_NAMES, GUIDE = 0.7, 0.5, 0.25
WHOLE = 1.0
STRONG_PART = 0.42
ENOUGH_SAID = 3.0  # a part that is one common character names nothing

PARTS = re.compile(
    r"[，。；、,;.!?！？\s]+|还要|还想|还得|又要|又想|并且|同时|顺便|另外|然后|以及|顺带|还有|和|跟|与|及"
)


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
    kept = [(e, s) for e, s in ordered[:CANDIDATES] if s >= WEAK * min(best_score, 1.0)]
    scored = tuple(
        Scored(e, round(s, 4), names[e] if names.get(e, -1) >= 0 else None, part_of.get(e, text)) for e, s in kept
    )
    sure = _is_sure(text, best_score, scored, library)
    if best_score < (NEAR if features.HAN.search(text) else NEAR_LETTERS):
        scored = ()
    unknown = tuple(_unknown(text, library, by_sound=sure))
    return Answer(text, scored, sure, unknown, tuple(part for part, _, _ in wishes))


def _is_sure(text: str, best: float, scored: tuple[Scored, ...], library: Library) -> bool:
    """Letters that stand in a name's pinyin are sure, however short they are; chance hits of letters are frequent."""
    if features.HAN.search(text):
        return best >= SURE
    letters = re.sub(r"[^a-z0-9]", "", text)
    name = library.names[scored[0].name] if scored and scored[0].name is not None else None
    return best >= SURE_LETTERS or bool(
        name and (letters in name.initials or letters in name.spelled or letters in name.folded)
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
    runs = features.LATIN.findall(text)
    if not runs:
        return _add_up(asked, library, library.mass, text)
    return _better(_add_up(reading, library, library.mass, text) for reading in _mixed(asked, text, runs))


def _mixed(asked: dict[str, float], text: str, runs: list[str]) -> list[dict[str, float]]:
    """Letters between Han read as sounds that go on from the Han before them, and as initials."""
    readings = []
    plain = dict(asked)
    heard: list[str] = []
    over = 0
    for piece in features.RUN.findall(text.replace(" ", "")):
        if features.HAN.match(piece):
            heard += features.heard(piece)
        elif features.LATIN.fullmatch(piece):
            parts, left = features.syllables(piece)
            heard += [features.confusable(s) for s in parts]
            over += left
    if not over:
        sounds = {f: w for f, w in plain.items() if f[0] != "w"}
        features.of_sounds(heard, sounds)
        readings.append(sounds)
    for run in runs:
        features.of_initials(run, plain)
    return [*readings, plain]


def _better(readings: Iterable[_Weighed]) -> _Weighed:
    """For each entry the reading that says more."""
    result = _Weighed()
    for weighed in readings:
        for entry, score in weighed.scores.items():
            if score > result.scores.get(entry, 0):
                result.scores[entry] = score
                if entry in weighed.names:
                    result.names[entry] = weighed.names[entry]
        result.known = max(result.known, weighed.known)
    return result


def _weigh_letters(text: str, library: Library) -> _Weighed:
    """A question of letters alone: as initials and as sounds, whichever says more."""
    letters = re.sub(r"[^a-z0-9]", "", text)
    if len(letters) < 2:
        return _Weighed()
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
    return _better(_add_up(asked, library, mass, text) for asked, mass in readings)


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
            both = (min(weight, wanted)) * rarity
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


def _unknown(text: str, library: Library, *, by_sound: bool) -> list[str]:
    """Words of a question that stand in no name and no guide; `by_sound`, one written wrongly counts as known."""
    found: list[str] = []
    for run in features.runs(text):
        for word in rjieba.cut(run) if features.HAN.match(run) else [run]:
            if len(word) < 2 or word in wording.ignored():
                continue
            mine = features.of_text(word)
            if not features.HAN.match(word):
                features.of_initials(word, mine)
            telling = [f for f in mine if " " in f or f[0] not in "hp"]
            if not any(f in library.rarity and (by_sound or f[0] != "p") for f in telling):
                found.append(word)
    return found
