"""Random rows of supervision, reform and the hall: tasks, returns, bulletins owed, rounds, claims, entries, columns of disclosure."""

from datetime import UTC, date, datetime, timedelta

from siban.cases.models import Mandate
from siban.catalog.models import ImplementationItem, NegativeEntry
from siban.halls.models import DelayedClaim, DelayedExemption, DepartmentEntry
from siban.identity.models import Account, Org
from siban.kernel import clock
from siban.oversight.models import (
    Collection,
    DisclosureColumn,
    DisclosureUpdate,
    DueDocument,
    InternalItem,
    LiangyouReport,
    LiangyouRound,
    OptimisationRecord,
    Submission,
    Task,
)
from tests.oversight.population import Dice

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
STATES = (
    "issued",
    "acknowledged",
    "in_progress",
    "evidence_submitted",
    "verified",
    "returned",
    "overdue",
    "closed",
    "withdrawn",
)


def build(d: Dice, orgs: list[Org]) -> None:
    """Everything at random, on both sides of today."""
    items = list(ImplementationItem.objects.filter(version__isnull=False).order_by("pk"))
    days = [clock.local_day(clock.now()) + timedelta(days=n) for n in (-40, -3, 0, 5)]
    _tasks(d, orgs, days)
    _returns(d, orgs, days)
    _documents(d, orgs, days)
    _liangyou(d, orgs, items)
    _hall(d, orgs, items, days)
    _disclosure(d, orgs, days)


def _near(d: Dice, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC) + timedelta(
        days=d.randint(-3, 3), hours=d.choice([0, 12, 13])
    )


def _tasks(d: Dice, orgs: list[Org], days: list[date]) -> None:
    for n in range(60):
        due, state, org = d.choice(days), d.choice(STATES), d.choice(orgs)
        Task.objects.create(
            number=f"T{n}", org=org, region_id=org.region_id, issuer=orgs[0], title="任务", requirement="整改", due_on=due, first_due_on=due,
            acknowledge_by=d.choice([d.choice(days), None]), acknowledged_at=d.choice([None, _near(d, due)]), state=state, issued_at=NOW,
            verified_at=NOW if state == "verified" else None, closed_at=_near(d, due) if state == "closed" else None, rebounds=d.choice([0, 0, 1]),
        )  # fmt: skip


def _returns(d: Dice, orgs: list[Org], days: list[date]) -> None:
    for n, purpose in enumerate(("monthly_progress", "monthly_progress", "general")):
        asked = Collection.objects.create(
            title="报送", purpose=purpose, due_on=days[0], region_id=orgs[0].region_id, org=orgs[0], state="draft", created_at=NOW, month=f"2026-0{n + 1}",
        )  # fmt: skip
        for org in orgs:
            due = d.choice([date(2026, 2, 20), date(2026, 3, 20), days[-1]])
            Submission.objects.create(
                collection=asked, org=org, region_id=org.region_id, due_on=due, state=d.choice(["awaited", "partial", "returned", "cancelled"]),
                first_submitted_at=d.choice([None, _near(d, due)]),
            )  # fmt: skip


def _documents(d: Dice, orgs: list[Org], days: list[date]) -> None:
    for org in orgs:
        for kind in ("daily", "weekly", "monthly", "quarterly"):
            for day in days:
                DueDocument.objects.create(
                    kind=kind, org=org, region_id=org.region_id, starts=day, due_on=day, asked_by="演示",
                    done_on=d.choice([None, day, day + timedelta(days=1)]),
                )  # fmt: skip


def _liangyou(d: Dice, orgs: list[Org], items: list[ImplementationItem]) -> None:
    for n in range(2):
        one = LiangyouRound.objects.create(
            region_id=orgs[0].region_id, name=f"第{n}轮", begin_on=date(2026, 1, 1), end_on=date(2026, 2, 1), due_on=date(2026, 2, 10),
            document="演示", is_current=n == 1, created_at=NOW,
        )  # fmt: skip
        for org in orgs:
            for scope in ("external", "internal"):
                LiangyouReport.objects.create(
                    round=one, org=org, region_id=org.region_id, scope=scope, due_on=one.due_on, created_at=NOW,
                    reported_on=d.choice([None, date(2026, 2, 10), date(2026, 2, 11)]),
                )  # fmt: skip
            for k in range(4):
                inner = InternalItem.objects.create(org=org, region_id=org.region_id, number=f"{n}-{k}", name="内部事项", created_at=NOW) if k < 2 else None  # fmt: skip
                item = d.choice(
                    [i for i in items if not OptimisationRecord.objects.filter(round=one, item=i).exists()]
                )
                OptimisationRecord.objects.create(
                    round=one, org=org, region_id=org.region_id, scope="internal" if inner else "external", internal=inner, item=None if inner else item,
                    name="事项", code="x", is_power=d.likely(0.5), standing=d.choice([*OptimisationRecord.Standing.values]), cut_material=d.likely(0.3),
                    cut_step=d.likely(0.3), cut_time=d.likely(0.3), computed_at=NOW,
                )  # fmt: skip


def _hall(d: Dice, orgs: list[Org], items: list[ImplementationItem], days: list[date]) -> None:
    account = Account.objects.create(login="rooms", name="演示", kind="staff", created_at=NOW)
    for item in d.sample(items, len(items) // 2):
        DelayedClaim.objects.create(
            org=item.org, region_id=item.region_id, item=item, name=item.name, state=d.choice(["claimed", "listed", "listed", "withdrawn"]),
            claimed_at=NOW, claimed_by="演示",
        )  # fmt: skip
    for item in d.sample(items, len(items) // 3):
        DelayedExemption.objects.create(
            org=item.org, region_id=item.region_id, item=item, ground="system", reason="系统限制", state=d.choice(["asked", "granted", "refused"]),
            asked_at=NOW, asked_by="演示",
        )  # fmt: skip
        if d.likely(0.4) and not NegativeEntry.objects.filter(item=item).exists():
            NegativeEntry.objects.create(item=item, reason="场地限制", listed_at=NOW, listed_by="演示")
    for n, org in enumerate(orgs):
        DepartmentEntry.objects.create(
            org=org,
            region_id=org.region_id,
            hall="大厅",
            entered_on=date(2026, 1, 1),
            left_on=d.choice([None, None, days[0]]) if n else None,
        )
        Mandate.objects.create(
            org=org, account=account, number=f"M{n}", valid_from=days[0], valid_to=d.choice([days[1], days[3]]) if n else days[3],
            withdrawn_at=d.choice([None, None, NOW]) if n else None, created_at=NOW,
        )  # fmt: skip


def _disclosure(d: Dice, orgs: list[Org], days: list[date]) -> None:
    for org in orgs:
        for kind in ("official", "statutory", "other"):
            column = DisclosureColumn.objects.create(
                org=org, region_id=org.region_id, name=kind, kind=kind, duty="办公室", since=date(2026, 1, 1),
                ended_on=d.choice([None, None, days[0]]), due_on=d.choice([None, *days]),
            )  # fmt: skip
            for n in range(d.randint(0, 3)):
                DisclosureUpdate.objects.create(
                    column=column,
                    org=org,
                    region_id=org.region_id,
                    title=f"信息{n}",
                    published_on=date(2026, 2, 1),
                    entered_at=NOW,
                    entered_by="演示",
                )
