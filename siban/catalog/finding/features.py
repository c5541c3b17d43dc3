"""A text as features: character pairs, sounds that may be confused, words that stand for one another. Pure."""

import re
from functools import cache, lru_cache

import pypinyin

from .. import wording

HAN = re.compile(r"[\u3400-\u9fff]+")
RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
LATIN = re.compile(r"[a-z]+")

# Weights of a feature before its rarity is counted.
CHARACTER, PAIR, PAIR_APART = 0.25, 1.0, 0.35
SOUND, SOUND_PAIR, SOUND_PAIR_APART = 0.08, 0.5, 0.18
CONCEPT, WORD, LETTERS = 1.2, 1.5, 0.3
LIGHT = 0.35  # a concept that tells who or where rather than what for
# Characters that join words rather than name things; pairs with them say little.
JOINING = frozenset(
    "个要能去来到把让想有没不是着过给点些啥这那我你他她们咋就也还都很再又得会需请问在的了吗呢被从对往先后看想跟和或于与为以"
)
JOINED_ONE, JOINED_BOTH = 0.5, 0.2

INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw", "")
FINALS = (
    "iang", "iong", "uang", "ang", "eng", "ong", "iao", "ian", "ing", "uai", "uan", "ai", "ei", "ao", "ou", "an", "en",
    "ia", "ie", "iu", "in", "ua", "uo", "ui", "un", "ue", "ve", "a", "o", "e", "i", "u", "v",
)  # fmt: skip
SYLLABLES = frozenset(i + f for i in INITIALS for f in FINALS) | {"er"}
LONGEST_SYLLABLE = 6


def confusable(syllable: str) -> str:
    """A syllable as the ear of the region hears it: zh = z, ch = c, sh = s, n = l at the start, ng = n at the end."""
    heard = syllable.replace("ü", "v")
    for careful, careless in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if heard.startswith(careful):
            heard = careless + heard[2:]
    if heard.startswith("n") and len(heard) > 1:
        heard = "l" + heard[1:]
    if heard.endswith("ng"):
        heard = heard[:-1]
    return heard.replace("v", "u")


@lru_cache(maxsize=20_000)
def _sounds(run: str) -> tuple[str, ...]:
    return tuple(pypinyin.lazy_pinyin(run))


def spelling(text: str) -> tuple[str, str]:
    """(`shenfenzheng`, `sfz`) of the Han in a text."""
    heard = [s for run in HAN.findall(text) for s in _sounds(run)]
    return "".join(heard), "".join(s[0] for s in heard if s)


def heard(text: str) -> list[str]:
    """The syllables of the Han in a text, as the ear hears them."""
    return [confusable(s) for run in HAN.findall(text) for s in _sounds(run)]


def syllables(letters: str) -> tuple[list[str], int]:
    """Letters cut into the fewest syllables, and how many letters fit into none (`shnfen` leaves `shn`)."""
    best: list[tuple[int, int, int, str]] = [(0, 0, 0, "")]  # left over, pieces, start, syllable
    for end in range(1, len(letters) + 1):
        over, pieces, _, _ = best[end - 1]
        choice = (over + 1, pieces, end - 1, "")
        for start in range(max(0, end - LONGEST_SYLLABLE), end):
            if letters[start:end] in SYLLABLES:
                over, pieces, _, _ = best[start]
                choice = min(choice, (over, pieces + 1, start, letters[start:end]))
        best.append(choice)
    found, end = [], len(letters)
    while end:
        _, _, start, syllable = best[end]
        if syllable:
            found.append(syllable)
        end = start
    return found[::-1], best[-1][0]


@cache
def _concepts() -> tuple[re.Pattern[str] | None, dict[str, tuple[str, ...]]]:
    """Words that stand for one another, longest first, and the groups each belongs to."""
    groups: dict[str, list[str]] = {}
    for number, group in enumerate(wording.groups()):
        for word in group:
            groups.setdefault(wording.fold(word), []).append(f"c:{number}")
    longest = sorted(groups, key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, longest))) if longest else None, {w: tuple(g) for w, g in groups.items()}


def concepts(text: str) -> dict[str, str]:
    """Group → the word of it that stands in the text. A word inside a longer one counts too (`结婚` in `结婚证`)."""
    pattern, groups = _concepts()
    found: dict[str, str] = {}
    start = 0
    while pattern and (hit := pattern.search(text, start)):
        for group in groups[hit.group()]:
            found.setdefault(group, hit.group())
        start = hit.start() + 1
    return found


@cache
def _fillers() -> re.Pattern[str]:
    words = sorted(wording.ignored(), key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, (w for w in words if len(w) > 1 or w in "吗呢啊呀吧了么嘛的啥咋俺"))))


def runs(text: str) -> list[str]:
    """What is left of a text without small words and marks: runs of Han and of letters."""
    return RUN.findall(_fillers().sub(" ", wording.fold(text)))


def _pairs(
    parts: list[str], mark: str, one: float, two: float, apart: float, into: dict[str, float], joins: list[bool] | None
) -> None:
    joining = joins if joins is not None and len(joins) == len(parts) else [False] * len(parts)
    factor = (1.0, JOINED_ONE, JOINED_BOTH)
    for n, part in enumerate(parts):
        key = f"{mark}{part}"
        into[key] = max(into.get(key, 0), one * factor[2 * joining[n]])
        for step, weight in ((1, two), (2, apart)):
            if n + step < len(parts):
                key = f"{mark}{part} {parts[n + step]}"
                into[key] = max(into.get(key, 0), weight * factor[joining[n] + joining[n + step]])


def of_han(run: str, into: dict[str, float]) -> None:
    """Characters and pairs of a run, and their sounds."""
    joins = [c in JOINING for c in run]
    _pairs(list(run), "h:", CHARACTER, PAIR, PAIR_APART, into, joins)
    of_sounds([confusable(s) for s in _sounds(run)], into, joins)


def of_sounds(syllables: list[str], into: dict[str, float], joins: list[bool] | None = None) -> None:
    """Syllables as they are heard, and their pairs."""
    _pairs(syllables, "p:", SOUND, SOUND_PAIR, SOUND_PAIR_APART, into, joins)


def of_text(text: str) -> dict[str, float]:
    """All features of a text written in Han (letters in it count as words)."""
    found: dict[str, float] = {}
    for run in runs(text):
        if HAN.match(run):
            of_han(run, found)
        else:
            found[f"w:{run}"] = WORD
    light = _light()
    for group, word in concepts(wording.fold(text)).items():
        found[group] = CONCEPT * (LIGHT if word in light else 1)
    return found


@cache
def _light() -> frozenset[str]:
    return frozenset(wording.fold(word) for word in wording.light())


@cache
def _light_pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_light(), key=lambda w: (-len(w), w)))) or r"(?!)")


def of_question(text: str) -> dict[str, float]:
    """The features of a question: who asks and where counts less than what for, unless nothing else is said."""
    found = of_text(text)
    rest = of_text(_light_pattern().sub(" ", wording.fold(text)))
    if not any(" " in f or f[0] in "cw" for f in rest):
        return found
    return {f: (w if f in rest or f[0] == "c" else w * LIGHT) for f, w in found.items()}


def of_name_letters(text: str) -> dict[str, float]:
    """What letters alone may hit in a name: its initials by twos, threes and fours, and letters of its sounds by threes."""
    found: dict[str, float] = {}
    for run in HAN.findall(wording.fold(text)):
        heard = _sounds(run)
        of_initials("".join(s[0] for s in heard if s), found)
        of_letters("".join(heard), found)
    return found


def of_initials(letters: str, into: dict[str, float]) -> None:
    """`sfz` → `sf`, `fz`, `sfz`; longer pieces say more."""
    for size, weight in ((2, 0.3), (3, 1.0), (4, 1.0)):
        for n in range(len(letters) - size + 1):
            into[f"i:{letters[n : n + size]}"] = weight


def of_letters(letters: str, into: dict[str, float]) -> None:
    """Letters by threes, so that a letter too few or too many still leaves most of them."""
    for n in range(len(letters) - 2):
        into[f"t:{letters[n : n + 3]}"] = LETTERS
