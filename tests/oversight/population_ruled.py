"""The random population of what supervises and reforms: claims of extended hours, entries of the hall, tasks, returns, documents owed, 两优, disclosure."""

from datetime import timedelta
from typing import Any

from siban.cases.models_procedure import Mandate
from siban.catalog.models import ImplementationItem
from siban.halls.models import DelayedClaim, DelayedExemption, DepartmentEntry
from siban.identity.models import Account, Org
from siban.kernel import clock
from siban.kernel.ids import uuid7
from siban.oversight.models_collections import Collection, Submission
from siban.oversight.models_disclosure import DisclosureColumn, DisclosureUpdate
from siban.oversight.models_documents import DueDocument
from siban.oversight.models_liangyou import InternalItem, LiangyouReport, LiangyouRound, OptimisationRecord
from siban.oversight.models_supervision import Task


def build(d: Any, orgs: list[Org], items: list[ImplementationItem], clerk: Account) -> None:
    """Rows around today, some of them late, some of them gone."""
    now = clock.now()
    today = clock.local_day(now)

    def near(days: int = 20) -> Any:
        return today + timedelta(days=d.randint(-days, days))

    for item in d.sample(items, 30):
        made = {"org_id": item.org_id, "region_id": item.region_id, "item": item}
        DelayedClaim.objects.create(
            **made, name=item.name, state=d.choice(["claimed", "listed", "listed"]), claimed_at=now, claimed_by="x"
        )
        if d.likely(0.4):
            DelayedExemption.objects.create(
                **made,
                ground="x",
                reason="系统限制",
                state=d.choice(["asked", "granted", "refused"]),
                asked_at=now,
                asked_by="x",
            )
    for n, org in enumerate(orgs):
        whose = {"org": org, "region_id": org.region_id}
        DepartmentEntry.objects.create(
            **whose, hall="大厅", entered_on=today - timedelta(days=90), left_on=d.choice([None, None, today])
        )
        if d.likely(0.7):
            Mandate.objects.create(org=org, account=clerk, number=f"m{n}", valid_from=today - timedelta(days=9), valid_to=near(8) + timedelta(days=1), withdrawn_at=d.choice([None, None, now]), created_at=now)  # fmt: skip
        for kind in ("daily", "weekly", "monthly"):
            for k in range(4):
                due = today + timedelta(days=d.randint(-9, 2) - 12 * k)
                DueDocument.objects.create(kind=kind, **whose, starts=due, due_on=due, asked_by="x", done_on=d.choice([None, due, due + timedelta(days=1), due - timedelta(days=1)]))  # fmt: skip
        for k in range(6):
            _task(d, f"t{n}-{k}", whose, orgs[0], near, now)
        for k in range(3):
            column = DisclosureColumn.objects.create(**whose, name=f"栏目{k}", kind=d.choice(["official", "statutory", "other"]), duty="x", since=today, ended_on=d.choice([None, None, today]), due_on=d.choice([None, near()]))  # fmt: skip
            for j in range(d.randint(0, 3)):
                DisclosureUpdate.objects.create(
                    column=column, **whose, title=f"信息{j}", published_on=today, entered_at=now, entered_by="x"
                )
    _returns(d, orgs, today, now)
    _rounds(d, orgs, items, today, now)


def _task(d: Any, number: str, whose: dict[str, Any], issuer: Org, near: Any, now: Any) -> None:
    due = near()
    state = d.choice(
        [
            "issued",
            "acknowledged",
            "in_progress",
            "evidence_submitted",
            "verified",
            "closed",
            "closed",
            "overdue",
            "withdrawn",
        ]
    )
    Task.objects.create(
        number=number, **whose, issuer=issuer, title="任务", requirement="整改", due_on=due, first_due_on=due, acknowledge_by=d.choice([None, near()]), state=state,
        issued_at=now, acknowledged_at=d.choice([None, now + timedelta(days=d.randint(-9, 9))]), verified_at=now, closed_at=now + timedelta(days=d.randint(-9, 9)),
        rebounds=d.choice([0, 0, 1]),
    )  # fmt: skip


def _returns(d: Any, orgs: list[Org], today: Any, now: Any) -> None:
    for n in range(4):
        asked = Collection.objects.create(title=f"月报{n}", purpose=d.choice(["monthly_progress", "monthly_progress", "general"]) if n else "monthly_progress", due_on=today, region_id=orgs[0].region_id, org=orgs[0], state="open", created_at=now, opened_at=now)  # fmt: skip
        for org in orgs:
            due = (today.replace(day=1) - timedelta(days=20 * n)).replace(day=20)
            came = d.choice([None, now - timedelta(days=d.randint(0, 90))])
            Submission.objects.create(collection=asked, org=org, region_id=org.region_id, state=d.choice(["awaited", "partial", "cancelled"]), first_submitted_at=came, due_on=due)  # fmt: skip


def _rounds(d: Any, orgs: list[Org], items: list[ImplementationItem], today: Any, now: Any) -> None:
    for current in (True, False):
        about = LiangyouRound.objects.create(region_id=orgs[0].region_id, name=f"轮{current}", begin_on=today - timedelta(days=90), end_on=today, due_on=today, document="x", is_current=current, created_at=now)  # fmt: skip
        for item in d.sample(items, 25):
            OptimisationRecord.objects.create(round=about, org_id=item.org_id, region_id=item.region_id, scope="external", item=item, name="x", code="x", **_cuts(d, now))  # fmt: skip
        for n, org in enumerate(orgs):
            internal = InternalItem.objects.create(
                org=org, region_id=org.region_id, number=f"{current}{n}", name="x", created_at=now
            )
            OptimisationRecord.objects.create(round=about, org=org, region_id=org.region_id, scope="internal", internal=internal, name="x", code="x", **_cuts(d, now))  # fmt: skip
            for scope in ("external", "internal"):
                LiangyouReport.objects.create(id=uuid7(), round=about, org=org, region_id=org.region_id, scope=scope, due_on=today, reported_on=d.choice([None, today, today + timedelta(days=1)]), created_at=now)  # fmt: skip


def _cuts(d: Any, now: Any) -> dict[str, Any]:
    return {
        "is_power": d.likely(), "standing": d.choice(["compared", "compared", "new", "gone"]), "cut_material": d.likely(0.3), "cut_step": d.likely(0.2),
        "cut_time": d.likely(0.2), "computed_at": now,
    }  # fmt: skip
