"""Why an item was found, in a few true words, and what was probably meant. Pure."""

import re
from difflib import SequenceMatcher

from .. import wording
from . import features
from .library import Called, Entry, Library
from .ranking import Scored


def why(scored: Scored, library: Library) -> str:
    """The plainest true reason: a name that holds the words, another name, words that mean the same, sounds, the guide."""
    entry = library.entries[scored.entry]
    asked = wording.fold(scored.part).replace(" ", "")
    if not features.HAN.search(asked):
        return _by_letters(asked, scored, library)
    called = library.names[scored.name] if scored.name is not None else None
    if asked in wording.fold(entry.name):
        return f"名称含“{asked}”"
    if called is not None and not called.official and len(_common(asked, called.folded)) >= 2:
        return f"也叫“{called.text}”"
    if len(same := _common(asked, wording.fold(entry.name))) >= 2:
        return f"名称含“{same}”"
    if called is not None and (alike := _alike(asked, called)):
        return alike
    if called is not None and (near := _sounding(asked, called)):
        return f"读音与“{near}”相近"
    if inside := _in_guide(asked, entry):
        return inside
    return f"与“{called.text if called else entry.name}”相近"


def meant(scored: Scored, library: Library) -> str:
    """What was probably meant where characters or letters are wrong; empty where they are right."""
    if scored.name is None:
        return ""
    asked, called = wording.fold(scored.part).replace(" ", ""), library.names[scored.name]
    if not features.HAN.search(asked):
        return ""
    near = _sounding(asked, called)
    return near if near and near not in asked and len(_common(asked, near)) < len(near) else ""


def _common(one: str, other: str) -> str:
    """The longest piece both hold, in Han."""
    hit = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    pieces = features.HAN.findall(one[hit.a : hit.a + hit.size])
    return max(pieces, key=len, default="")


def _alike(asked: str, called: Called) -> str:
    mine, theirs = features.concepts(asked), features.concepts(called.folded)
    for group, word in mine.items():
        if group in theirs and theirs[group] != word:
            return f"“{word}”相当于“{theirs[group]}”"
    return ""


def _sounding(asked: str, called: Called) -> str:
    """The piece of a name that sounds as the question does, two syllables or more."""
    text = "".join(features.HAN.findall(called.folded))
    mine, theirs = features.heard(asked), features.heard(text)
    hit = SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match()
    if hit.size < 2 or len(theirs) != len(text):
        return ""
    return text[hit.b : hit.b + hit.size]


def _by_letters(asked: str, scored: Scored, library: Library) -> str:
    letters = re.sub(r"[^a-z0-9]", "", asked)
    entry = library.entries[scored.entry]
    names = library.names_of[scored.entry]
    for called in names:
        if letters in called.initials:
            return f"“{called.text}”的拼音首字母"
        if letters in called.spelled:
            return f"“{called.text}”的拼音"
    for called in names:
        if letters in called.folded:
            return f"也叫“{called.text}”"
    text = library.names[scored.name].text if scored.name is not None else entry.name
    return f"与“{text}”的拼音相近"


def _in_guide(asked: str, entry: Entry) -> str:
    for where, text, _ in entry.said():
        if len(same := _common(asked, wording.fold(text))) >= 2:
            return f"{where}中提到“{same}”"
    return ""
