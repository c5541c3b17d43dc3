"""The one error of this package, and how a typed code is tidied before it is judged."""

import unicodedata


class CodeError(ValueError):
    """A code that cannot be right; its text is a sentence for the person who typed it."""


def tidy(value: object) -> str:
    """The code as it was meant: full-width forms folded, outer blanks dropped, letters in capitals."""
    return unicodedata.normalize("NFKC", "" if value is None else str(value)).strip().upper()


def refuse(sentence: str | None) -> None:
    """Raise the sentence, if there is one."""
    if sentence is not None:
        raise CodeError(sentence)


def stray(code: str, allowed: str) -> tuple[int, str] | None:
    """Place (from 1) and character of the first character that is not allowed."""
    for place, char in enumerate(code, start=1):
        if char not in allowed:
            return place, char
    return None
