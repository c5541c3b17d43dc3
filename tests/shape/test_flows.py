"""The model check of every procedure the house ships: no dead end, someone for every waiting state, every limit leads on.

`Machine` proves most of it when it is declared; here the same is asked of all of them at once, and that a post exists
for each state: a rule nobody can meet would be a dead end that the table does not show.
"""

from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock
from uuid import UUID

import pytest

from siban.identity.roles import Role
from siban.kernel.actor import SYSTEM, Actor, staff
from siban.kernel.flow.machine import REGISTRY, Machine

HERE, ME = UUID(int=1), UUID(int=2)


def everybody() -> Iterator[Actor]:
    """A citizen, the system and every post, all concerned with the subject as closely as can be."""
    yield Actor(kind="citizen", person_id=ME)
    yield SYSTEM
    for role in Role:
        yield staff(region_code="150724000000", role=str(role), org_id=HERE, account_id=ME)


class Concerned(MagicMock):
    """A subject that belongs to everybody: each id is the one of whoever asks."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            return super().__getattr__(name)
        if name.endswith("org_id") or name in ("org_id", "issuer_id", "lead_id"):
            return HERE
        if name.endswith("_id"):
            return ME if "region" not in name else "150724000000"
        if name in ("region_code", "region"):
            return "150724000000"
        if name.endswith("_ids"):
            return {ME}
        return super().__getattr__(name)


def machines() -> list[Machine]:
    return [m for m in REGISTRY.values() if not m.model.startswith(("kernel", "tests"))]


@pytest.mark.parametrize("machine", machines(), ids=lambda m: m.name)
def test_every_state_that_waits_has_somebody_who_can_move_it_on(machine: Machine) -> None:
    for state in set(machine.states.values) - machine.ends:
        leaving = [m for m in machine.moves.values() if state in m.sources and not m.stays and not m.override]
        able = {m.name for m in leaving for who in everybody() if m.who(who, Concerned())}
        assert able, f"{machine.name}: nobody can move {state} on"


@pytest.mark.parametrize("machine", machines(), ids=lambda m: m.name)
def test_every_move_has_somebody_and_every_deemed_one_is_the_systems_alone(machine: Machine) -> None:
    for move in machine.moves.values():
        who = [a for a in everybody() if move.who(a, Concerned())]
        assert who, f"{machine.name}: nobody may {move.name}"
        if move.deemed:
            assert who == [SYSTEM], f"{machine.name}: {move.name} is deemed, yet {who} may make it"


@pytest.mark.parametrize("machine", machines(), ids=lambda m: m.name)
def test_every_limit_leads_somewhere(machine: Machine) -> None:
    """A limit that opens a clock is declared; where its passing leads can be made from every state it runs in."""
    for limit in machine.deadlines:
        assert bool(limit.leads_to) != bool(limit.otherwise)
        if limit.leads_to:
            assert set(limit.states) <= set(machine.moves[limit.leads_to].sources)


def test_every_clock_of_a_case_is_a_declared_limit() -> None:
    from siban.cases.rules import CLOCK_NAMES

    declared = {d.kind for d in REGISTRY["cases"].deadlines}
    assert set(CLOCK_NAMES) <= declared
