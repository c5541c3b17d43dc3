"""The words of a notice: what it may name, to whom it goes, and how its sentences are put together."""

from dataclasses import asdict, dataclass
from string import Formatter
from typing import Literal

from siban.cases.flow import CASE_FLOW

Audience = Literal["applicant", "reviewers", "heads", "receiver", "handler", "assignee", "consulted", "bureaus"]
OUTSIDE = ("email", "sms")
ASK = "有疑问请拨打 {phone}（{office}）。"


@dataclass(frozen=True, slots=True)
class Facts:
    """What messages may name; an empty word drops the sentence it stands in."""

    title: str
    number: str
    office: str
    phone: str = ""
    notice_until: str = ""
    decide_until: str = ""
    correct_until: str = ""
    deliver_until: str = ""
    points: str = ""
    result: str = ""
    collect: str = ""
    sent_electronically: str = ""
    by_mail: str = ""
    legal_until: str = ""
    special_until: str = ""
    deficiency_until: str = ""
    owed: str = ""
    hearing_until: str = ""
    hearing_on: str = ""
    visit: str = ""
    visit_on: str = ""
    extended: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: after which step, to whom, with what words, and how besides the site."""

    move: str
    to: Audience
    title: str
    body: tuple[str, ...]
    channels: tuple[str, ...] = OUTSIDE
    is_statutory: bool = False
    is_urgent: bool = False

    def __post_init__(self) -> None:
        if self.move not in CASE_FLOW.moves:
            raise ValueError(f"the procedure of cases has no move {self.move}")
        if strange := {n for text in (self.title, *self.body) for n in names_in(text)} - set(
            Facts.__dataclass_fields__
        ):
            raise ValueError(f"{self.move} names what is not known: {sorted(strange)}")

    @property
    def kind(self) -> str:
        """What the message's key and the overseer's list call it."""
        return f"case.{self.move}.{self.to}"

    @property
    def law(self) -> str:
        return CASE_FLOW.moves[self.move].law

    def words(self, facts: Facts) -> tuple[str, str]:
        """Title and body."""
        known = asdict(facts)
        said = [s.format(**known) for s in self.body if all(known[name] for name in names_in(s))]
        return self.title.format(**known), "".join(said)


def names_in(text: str) -> list[str]:
    """The facts a sentence names."""
    return [name for _, name, _, _ in Formatter().parse(text) if name]
