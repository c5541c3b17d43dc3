"""A draft as it is reviewed: what the rules find beside the part of the page it speaks of."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from siban.kernel.checks import Finding

from .chapters import Section

PAPERS, ELSEWHERE = "papers", "identity"
PART_OF = {
    "accept_conditions": "conditions", "quantity_limit": "conditions", "situations": "situations",
    "has_situations": "situations", "process_steps": "steps", "special_procedures": "special", "legal_limit": "limits",
    "promised_limit": "limits", "case_type": "limits", "charging": "charges", "result": "result", "windows": "places",
    "office_hours": "places", "consult_phones": "places", "complain_phones": "places", "is_in_hall": "places",
    "online": "online", "is_delayed_service": "conveniences", "delayed_service": "conveniences",
    "accept_on_receipt": "conveniences", "authorisation_letter": "conveniences", "is_deficiency": "conveniences",
    "deficiency": "conveniences", "is_commitment": "conveniences", "commitment": "conveniences",
    "has_intermediary": "intermediaries", "intermediaries": "intermediaries", "faqs": "questions",
    "legal_basis": "basis", "review_org": "remedies", "lawsuit_org": "remedies", "materials": PAPERS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding with where it leads: the box of the editor for who may edit, else the part of this page."""

    finding: Finding
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """An unfoldable part of the page with what is found in it."""

    section: Section
    noted: Sequence[Noted]


def part_of(path: str) -> str:
    """Which part of the page a path belongs to."""
    return PART_OF.get(path.split(".")[0].split("[")[0], ELSEWHERE)


def noted(
    found: Iterable[Finding], *, editor: Callable[[Finding], str] | None, known: Collection[str] = ()
) -> list[Noted]:
    """Findings with their links.

    Args:
        editor: the address of the box in the editor; None for who may not edit now.
        known: the parts the page has.
    """

    def here(path: str) -> str:
        return f"#part-{part}" if (part := part_of(path)) in known else "#rules"

    return [Noted(one, editor(one) if editor else here(one.path)) for one in found]


def parts(sections: Iterable[Section], found: Sequence[Noted]) -> list[Part]:
    """Every part with its findings."""
    by_part: dict[str, list[Noted]] = {}
    for one in found:
        by_part.setdefault(part_of(one.finding.path), []).append(one)
    return [Part(section, by_part.pop(section.id, ())) for section in sections]


def of_papers(found: Sequence[Noted]) -> list[Noted]:
    """What is found in the materials."""
    return [one for one in found if part_of(one.finding.path) == PAPERS]


def refused(
    why: Any, *, editor: Callable[[Finding], str] | None, edit_url: str, known: Collection[str]
) -> list[tuple[str, str]]:
    """Each reason of a refusal with its link; a refusal that has only a sentence is that sentence."""
    gaps, found = getattr(why, "gaps", ()), getattr(why, "found", ())
    if not gaps and not found:
        return [(str(why), "#id_note")]
    return [
        *((f"{gap}。", edit_url or "#id_note") for gap in gaps),
        *(
            (f"{one.finding.number} {one.finding.message}", one.url)
            for one in noted(found, editor=editor, known=known)
        ),
    ]
