"""A new subject's first moves, made in memory and written together with it in one statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from siban.kernel.actor import Actor

from .moves import Refused

if TYPE_CHECKING:
    from .machine import Machine


class Walk:
    """Walks an unsaved subject through its machine; `rows` are the journal rows to be inserted with it.

    The same guards as in `Machine.step` are asked at every move; only locking falls away, since nobody else can know
    a subject that is not written yet.
    """

    def __init__(self, machine: "Machine", subject: Any, *, by: Actor, at: datetime, law: str) -> None:
        from siban.kernel import journal

        self.machine, self.subject, self.by, self.at = machine, subject, by, at
        self.rows: list[dict[str, Any]] = []
        self._journal = journal
        setattr(subject, machine.status, machine.start)
        self._row(move="create", source="", target=machine.start, law=law)

    @contextmanager
    def step(self, name: str, *, note: str = "") -> Iterator[Any]:
        """Check the move, let the caller set fields, move, keep the journal row. Raises Refused."""
        if why := self.machine.refusal(name, self.subject, by=self.by, at=self.at):
            raise Refused(why)
        yield self.subject
        move, source = self.machine.moves[name], getattr(self.subject, self.machine.status)
        setattr(self.subject, self.machine.status, move.leads(source))
        self._row(
            move=name,
            source=source,
            target=move.leads(source),
            law=self.machine.cites(self.subject, move),
            note=note,
        )

    def _row(self, **said: Any) -> None:
        kind, pk = self._journal.key(self.subject)
        prev = self.rows[-1]["hash"] if self.rows else self._journal.GENESIS
        self.rows.append(
            self._journal.row(
                subject_type=kind,
                subject_id=pk,
                seq=len(self.rows) + 1,
                prev_hash=prev,
                by=self.by,
                at=self.at,
                **said,
            )
        )
