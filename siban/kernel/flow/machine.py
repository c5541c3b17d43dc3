"""The engine of all procedures: checks a table when it is declared, then locks, checks, moves and records."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from siban.kernel.actor import Actor

from .moves import Choice, Deadline, Move, Refused, WrongMachine
from .walk import Walk


@dataclass(slots=True)
class Step:
    """A move under way: set fields on `subject`, add a `note` or further `facts`; the journal row is written after."""

    subject: Any
    move: Move
    source: str
    by: Actor
    at: datetime
    note: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    entry: Any = None


class Machine:
    """A legal state machine over one status field of one model.

    Args:
        name: slug of the generated document in `docs/flows/`.
        title: what the procedure is called.
        model: `app.Model` whose field is governed.
        states: the state enumeration (value, Chinese label).
        start, ends: the first state and the ones nothing leaves.
        moves: the table.
        owners: who holds a subject in each state that is not an end, in the words of the office.
        status: the governed field.
        deadlines: the limits that run, and where each leads when its day has passed.
        cites: the article a move cites for one subject, where that depends on the subject; `move.law` otherwise.

    Raises:
        WrongMachine: when the table could not stand, naming the fault.
    """

    def __init__(
        self,
        *,
        name: str,
        title: str,
        model: str,
        states: type[TextChoices],
        start: str,
        ends: Collection[str],
        moves: tuple[Move, ...],
        owners: Mapping[str, str],
        status: str = "state",
        deadlines: tuple[Deadline, ...] = (),
        cites: Callable[[Any, Move], str] | None = None,
    ) -> None:
        self.deadlines, self.cites = deadlines, cites or (lambda subject, move: move.law)
        self.name, self.title, self.model, self.status = name, title, model, status
        self.states, self.start, self.ends = states, str(start), {str(e) for e in ends}
        self.moves = {m.name: m for m in moves}
        self.owners = {str(state): owner for state, owner in owners.items()}
        self._prove(moves)
        REGISTRY[name] = self

    def _prove(self, moves: tuple[Move, ...]) -> None:
        known = set(self.states.values)
        faults: list[str] = []
        if len(self.moves) != len(moves):
            faults.append("two moves share a name")
        if self.name in REGISTRY and REGISTRY[self.name].model != self.model:
            faults.append(f"another machine is called {self.name}")
        for m in moves:
            if not m.law.strip():
                faults.append(f"{m.name} cites no law")
            if not (m.who.__doc__ or "").strip():
                faults.append(f"{m.name}: who() does not say its rule in words")
            if not m.sources:
                faults.append(f"{m.name} starts from nowhere")
            if strange := ({*m.sources, *filter(None, [m.target])} - known):
                faults.append(f"{m.name} names unknown states {sorted(strange)}")
            if (left := set(m.sources) & self.ends) and not m.override and not m.stays:
                faults.append(f"{m.name} leaves an end state {sorted(left)}")
        if self.start not in known or self.ends - known:
            faults.append("start or ends are not states")
        exits: dict[str, list[Move]] = {s: [m for m in moves if s in m.sources and not m.stays] for s in known}
        for s in sorted(known - self.ends):
            if not exits[s]:
                faults.append(f"dead end: nothing leaves {s}")
            elif all(m.override for m in exits[s]):
                faults.append(f"dead end: only an override leaves {s}")
            if not self.owners.get(s):
                faults.append(f"nobody owns {s}")
        reached, frontier = {self.start}, [self.start]
        while frontier:
            for m in exits.get(frontier.pop(), ()):
                if m.target not in reached:
                    reached.add(m.target)
                    frontier.append(m.target)
        if lost := known - reached:
            faults.append(f"unreachable states {sorted(lost)}")
        finishing, grown = set(self.ends), True
        while grown:
            before = len(finishing)
            finishing |= {s for m in moves if m.target in finishing and not m.override for s in m.sources}
            grown = len(finishing) > before
        if stuck := known - finishing:
            faults.append(f"no way to an end from {sorted(stuck)}")
        for d in self.deadlines:
            if strange := set(d.states) - known:
                faults.append(f"deadline {d.kind} runs in unknown states {sorted(strange)}")
            if not d.law.strip() or not d.states:
                faults.append(f"deadline {d.kind} has no law or runs nowhere")
            if bool(d.leads_to) == bool(d.otherwise):
                faults.append(f"deadline {d.kind} leads nowhere, or to two ends")
            elif d.leads_to and d.leads_to not in self.moves:
                faults.append(f"deadline {d.kind} leads to {d.leads_to}, which is no move")
            elif d.leads_to and (idle := set(d.states) - set(self.moves[d.leads_to].sources)):
                faults.append(f"deadline {d.kind}: {d.leads_to} can't be made from {sorted(idle)}")
        if faults:
            raise WrongMachine(f"{self.name}: " + "; ".join(faults))

    def label(self, state: str) -> str:
        return str(self.states(state).label)

    def owner(self, state: str) -> str:
        """Who has to act next, in the words of the office; empty when nothing is left to do."""
        return self.owners.get(str(state), "")

    def refusal(self, name: str, subject: Any, *, by: Actor, at: datetime) -> str | None:
        """Why this move can't be made now, as a sentence for the person; None when it can."""
        move, state = self.moves[name], str(getattr(subject, self.status))
        if state not in move.sources:
            return f"现在是“{self.label(state)}”，不能“{move.label}”。请刷新页面查看最新进度。"
        if move.deemed and not by.is_system:
            return f"“{move.label}”由系统在期限届满时作出，不能人工操作。"
        if not move.who(by, subject):
            return f"您当前的岗位不能“{move.label}”。{(move.who.__doc__ or '').strip()}"
        unmet = next((why for need in (*move.applies, *move.needs) if (why := need(subject, at))), None)
        return unmet or next((why for bar in move.bars if (why := bar(by, subject, at))), None)

    def choices(self, subject: Any, *, by: Actor, at: datetime) -> list[Choice]:
        """The moves this person may ever make from this state: buttons, with the reason where not now."""
        state = str(getattr(subject, self.status))
        mine = [
            m
            for m in self.moves.values()
            if state in m.sources
            and not m.deemed
            and m.who(by, subject)
            and not any(rule(subject, at) for rule in m.applies)
        ]
        return [Choice(m.name, m.label, self.refusal(m.name, subject, by=by, at=at)) for m in mine]

    @contextmanager
    def step(
        self, name: str, *, by: Actor, at: datetime, note: str = "", second: Actor | None = None, **key: Any
    ) -> Iterator[Step]:
        """Lock the subject, check the move, let the caller set fields, move, save and journal. All or nothing.

        Args:
            second: for an override, the other person who confirms it.

        Raises:
            Refused: with the sentence for the person; an override without reason or second person.
            Model.DoesNotExist: when nothing has this key.
        """
        from django.apps import apps
        from django.db import transaction

        from siban.kernel import journal

        with transaction.atomic():
            subject: Any = apps.get_model(self.model)._default_manager.select_for_update(of=("self",)).get(**key)
            if why := self.refusal(name, subject, by=by, at=at):
                raise Refused(why)
            move, before = self.moves[name], journal.picture(subject)
            step = Step(subject, move, str(getattr(subject, self.status)), by, at, note)
            if move.override:
                step.facts |= self._confirmed(move, subject, by=by, note=note, second=second)
            yield step
            setattr(subject, self.status, move.leads(step.source))
            subject.save()
            step.entry = journal.write(
                subject=subject,
                move=name,
                source=step.source,
                target=move.leads(step.source),
                law=self.cites(subject, move),
                by=by,
                at=at,
                note=step.note,
                changes=journal.changes(before, journal.picture(subject)),
                facts=step.facts,
            )

    def _confirmed(self, move: Move, subject: Any, *, by: Actor, note: str, second: Actor | None) -> dict[str, object]:
        """An override has its reason and two persons, both of whom may make it."""
        if len(note.strip()) < 5:
            raise Refused(f"“{move.label}”要写明理由和所依据的文书（至少 5 个字）。")
        if second is None or second.id == by.id:
            raise Refused(f"“{move.label}”要由两个人办理：一人提出，另一人核对确认。")
        if not move.who(second, subject):
            raise Refused(f"确认人当前的岗位不能“{move.label}”。{(move.who.__doc__ or '').strip()}")
        return {"override": True, "second": str(second.id), "second_name": second.name}

    def begin(self, subject: Any, *, by: Actor, at: datetime, move: str = "create", law: str, note: str = "") -> Any:
        """Save a new subject in the start state with the first row of its journal. Returns the subject."""
        from django.db import transaction

        from siban.kernel import journal

        setattr(subject, self.status, self.start)
        with transaction.atomic():
            subject.save(force_insert=True)
            journal.write(
                subject=subject, move=move, source="", target=self.start, law=law, by=by, at=at, note=note, fresh=True
            )
        return subject

    def walk(self, subject: Any, *, by: Actor, at: datetime, law: str) -> Walk:
        """The first moves of a subject that is not saved yet; see `Walk` and `kernel.together`."""
        return Walk(self, subject, by=by, at=at, law=law)


REGISTRY: dict[str, Machine] = {}
Predicate = Callable[[Actor, Any], bool]
