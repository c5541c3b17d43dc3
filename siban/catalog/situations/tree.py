"""The tree of situation questions and the ways through it. Pure.

A way is walked from the root: a question is answered by the person, settled by what is known of the person, passed over
because nothing depends on it, or still open. Nobody is asked more than that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from ..amounts import Limit

DEEPEST = 20  # questions on a way; a circle in an unproven draft stops here


class Option(msgspec.Struct, frozen=True):
    """An answer: the materials it brings, the question after it, what it changes in time and cost.

    Args:
        when: a condition over `facts`; where it holds of the applicant, this is the answer.
        limit_value, limit_unit, cost: what is promised and charged on this way instead of the item's own.
    """

    id: str
    label: str
    materials: tuple[str, ...] = ()
    next: str | None = None
    when: str | None = None
    limit_value: int | None = None
    limit_unit: str | None = None
    cost: str | None = None

    @property
    def condition(self) -> str:
        return (self.when or "").strip()

    @property
    def promised_limit(self) -> Limit | None:
        """The promise of this way; none where it is the item's."""
        return None if self.limit_value is None else Limit(self.limit_value, self.limit_unit)


class Question(msgspec.Struct, frozen=True):
    """情形问题."""

    id: str
    question: str
    options: tuple[Option, ...]

    def option(self, option_id: str | None) -> Option | None:
        """The option with this id, if there is one."""
        return next((o for o in self.options if o.id == option_id), None)


class Leaf(msgspec.Struct, frozen=True):
    """A complete path of answers with its material set."""

    scenario_id: str
    path: str
    materials: tuple[str, ...]


Why = Literal["answered", "known", "idle", "open"]


@dataclass(frozen=True, slots=True)
class Stop:
    """A question on the way: the option taken there (none while it is open) and why it was taken."""

    question: Question
    option: Option | None
    why: Why


@dataclass(frozen=True, slots=True)
class Way:
    """A way through the tree as far as it is answered."""

    stops: tuple[Stop, ...]

    @property
    def open(self) -> Question | None:
        """The question that still wants an answer."""
        return self.stops[-1].question if self.stops and self.stops[-1].option is None else None

    @property
    def taken(self) -> tuple[Option, ...]:
        return tuple(s.option for s in self.stops if s.option is not None)

    @property
    def said(self) -> tuple[Stop, ...]:
        """The stops that say something about the person: answered or known."""
        return tuple(s for s in self.stops if s.option is not None and s.why != "idle")

    @property
    def scenario_id(self) -> str:
        """`q1a/q2b`."""
        return "/".join(f"{s.question.id}{s.option.id}" for s in self.said if s.option)

    @property
    def label(self) -> str:
        """首次申请 → 餐饮服务."""
        return " → ".join(s.option.label for s in self.said if s.option)

    @property
    def answers(self) -> dict[str, str]:
        return {s.question.id: s.option.id for s in self.said if s.option}

    def limit(self, otherwise: Limit) -> Limit:
        """The promised limit of this way: the last one an option sets, else the item's."""
        return next((o.promised_limit for o in reversed(self.taken) if o.promised_limit is not None), otherwise)

    def cost(self, otherwise: str) -> str:
        """What this way costs, in a line: what the last option sets, else the item's."""
        return next((o.cost for o in reversed(self.taken) if o.cost), otherwise)


class Situations(msgspec.Struct, frozen=True):
    """情形: a tree of questions (data format of the situations)."""

    root: str
    common_materials: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    leaves: tuple[Leaf, ...] = ()

    def question(self, question_id: str | None) -> Question | None:
        return next((q for q in self.questions if q.id == question_id), None)

    def walk(self, answers: Mapping[str, str], known: Mapping[str, str] | None = None) -> Way:
        """The way that these answers take; answers to questions off the way are ignored.

        Args:
            known: option by question, as what is known of the person settles it; an answer given comes first.
        """
        stops: list[Stop] = []
        at, wanted = self.question(self.root), frozenset(self.common_materials)
        while at is not None and len(stops) < DEEPEST:
            option, why = at.option(answers.get(at.id)), "answered"
            if option is None and known:
                option, why = at.option(known.get(at.id)), "known"
            if option is None and self._idle(at, wanted, stops):
                option, why = at.options[0], "idle"
            if option is None:
                return Way((*stops, Stop(at, None, "open")))
            stops.append(Stop(at, option, why))  # type: ignore[arg-type]
            wanted |= frozenset(option.materials)
            at = self.question(option.next) if option.next else None
        return Way(tuple(stops))

    def ways(self) -> Iterator[Way]:
        """Every complete way, in the order of the options; a circle is not gone round twice."""
        yield from self._ways(self.question(self.root), ())

    def _ways(self, at: Question | None, stops: tuple[Stop, ...]) -> Iterator[Way]:
        if at is None or len(stops) >= DEEPEST:
            if stops:
                yield Way(stops)
            return
        for option in at.options:
            following = self.question(option.next) if option.next else None
            if following is not None and any(s.question.id == following.id for s in stops):
                following = None
            yield from self._ways(following, (*stops, Stop(at, option, "answered")))

    def materials(self, way: Way) -> frozenset[str]:
        """Ids of the materials on a way."""
        return frozenset(self.common_materials).union(*(o.materials for o in way.taken))

    def _idle(self, question: Question, wanted: frozenset[str], stops: list[Stop]) -> bool:
        """Whether every answer comes to the same: materials, time, cost and all that is asked afterwards."""
        way = Way(tuple(stops))
        before = (wanted, way.limit(Limit()), way.cost(""))
        outcomes = [self._outcome(o, *before, len(stops)) for o in question.options]
        return bool(outcomes) and all(o == outcomes[0] for o in outcomes)

    def _outcome(self, option: Option, wanted: frozenset[str], limit: Limit, cost: str, depth: int) -> Any:
        wanted = wanted | frozenset(option.materials)
        limit, cost = option.promised_limit or limit, option.cost or cost
        following = self.question(option.next) if option.next and depth < DEEPEST else None
        if following is None or not following.options:
            return (wanted, limit, cost)
        after = [(o.id, self._outcome(o, wanted, limit, cost, depth + 1)) for o in following.options]
        if all(outcome == after[0][1] for _, outcome in after):
            return after[0][1]
        return (following.id, tuple(after))


class SituationOpen(LookupError):
    """A situation question still wants an answer; `question` says which."""

    def __init__(self, question: Question) -> None:
        super().__init__(f"请先回答：{question.question}")
        self.question = question


def expanded(tree: Situations, order: "tuple[str, ...]") -> list[dict[str, Any]]:
    """The leaves as the tree gives them: every way with its materials in the order of the list."""
    found = []
    for way in tree.ways():
        wanted = tree.materials(way)
        found.append({
            "scenario_id": way.scenario_id, "path": way.label, "materials": [m for m in order if m in wanted],
        })  # fmt: skip
    return found
