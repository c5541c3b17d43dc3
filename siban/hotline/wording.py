"""An order as words that a database can look for: pairs of neighbouring characters, numbers and letters. Pure."""

import re

RUN = re.compile(r"[\u3400-\u9fff]+|[A-Za-z0-9]+")
HAN = re.compile(r"[\u3400-\u9fff]")
MOST = 400


def terms(text: str) -> list[str]:
    """The terms of a text, each once, in order: `暖气不热` → 暖气, 气不, 不热; at most 400."""
    found: dict[str, None] = {}
    for run in RUN.findall(text):
        if not HAN.match(run):
            found[run.lower()] = None
        elif len(run) == 1:
            found[run] = None
        else:
            found.update(dict.fromkeys(run[n : n + 2] for n in range(len(run) - 1)))
    return list(found)[:MOST]


def query(text: str) -> str:
    """The terms as a search in which all must stand; empty where the text says nothing to look for."""
    return " & ".join(f"'{term}'" for term in terms(text))


FIRST_WORDS = 40


def first_words(text: str) -> str:
    """The beginning of a demand, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= FIRST_WORDS else line[:FIRST_WORDS] + "…"
