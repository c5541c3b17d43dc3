"""Figures of supervision asked in plain SQL, written from their words alone; and rows at random to ask them of."""

from datetime import UTC, datetime, timedelta
from typing import Any

from siban.identity.models import Org
from siban.kernel import clock
from siban.oversight.flow import TaskState
from siban.oversight.models import Collection, Submission, Task

DAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
OPEN = "state NOT IN ('closed', 'withdrawn')"
CAME = "(first_submitted_at AT TIME ZONE 'Asia/Shanghai')::date"


def _tasks(hits: str, out: str = "", total: bool = True) -> str:
    whole = f"count(*) FILTER (WHERE {out})" if total else "NULL"
    both = f"({hits}) AND ({out})" if total else hits
    return f"SELECT org_id, count(*) FILTER (WHERE {both}), {whole} FROM oversight_task WHERE state <> 'withdrawn' GROUP BY 1"


QUERIES = {
    "supervision_tasks_open": _tasks(OPEN, total=False),
    "supervision_tasks_overdue": _tasks(f"{OPEN} AND due_on < {DAY}", total=False),
    "supervision_rebound_count": _tasks("rebounds > 0", total=False),
    "supervision_closed_on_time_ratio": _tasks(
        "state = 'closed' AND (closed_at AT TIME ZONE 'Asia/Shanghai')::date <= due_on", f"state = 'closed' OR due_on < {DAY}"
    ),
    "supervision_received_on_time_ratio": _tasks(
        "(acknowledged_at AT TIME ZONE 'Asia/Shanghai')::date <= acknowledge_by",
        f"acknowledged_at IS NOT NULL OR acknowledge_by < {DAY}",
    ),
    "monthly_progress_report": f"""
        SELECT s.org_id, count(*) FILTER (WHERE {CAME} <= make_date(extract(year FROM s.due_on)::int, extract(month FROM s.due_on)::int, 20)), count(*)
        FROM oversight_submission s JOIN oversight_collection c ON c.id = s.collection_id
        WHERE c.purpose = 'monthly_progress' AND s.state <> 'cancelled' AND (s.due_on < {DAY} OR s.first_submitted_at IS NOT NULL) GROUP BY 1""",
}  # fmt: skip


def build(d: Any, orgs: list[Org], *, tasks: int = 80, months: int = 6) -> None:
    """Tasks in every state and monthly returns early, late and missing; the same dice give the same."""
    now = clock.now()  # the statements ask the database what day it is
    at = [now + timedelta(days=n, hours=h) for n in range(-40, 20) for h in (0, 7, 13)]
    for n in range(tasks):
        state, org, due = d.choice(TaskState.values), d.choice(orgs), d.choice(at).date()
        Task.objects.create(
            number=f"T{n:05d}", org=org, region_id=org.region_id, issuer=orgs[0], title="任务", requirement="整改", due_on=due,
            first_due_on=due, state=state, issued_at=at[0], acknowledge_by=d.choice([None, d.choice(at).date()]),
            acknowledged_at=d.choice([None, d.choice(at)]), verified_at=at[0], rebounds=d.choice([0, 0, 1]),
            closed_at=d.choice(at) if state == "closed" else None,
        )  # fmt: skip
    for n in range(months):
        due = (now + timedelta(days=30 * (n - 4))).date().replace(day=d.choice([5, 20, 20, 28]))
        row = Collection.objects.create(
            title="月报", purpose=d.choice(["monthly_progress", "monthly_progress", "general"]), due_on=due, region_id=orgs[0].region_id,
            org=orgs[0], state="open", created_at=now, opened_at=now,
        )  # fmt: skip
        for org in orgs:
            came = d.choice(
                [None, datetime(due.year, due.month, d.choice([3, 19, 20, 21, 27]), d.choice([1, 15, 17]), tzinfo=UTC)]
            )
            Submission.objects.create(
                collection=row, org=org, region_id=org.region_id, due_on=due, first_submitted_at=came, submitted_at=came,
                state=d.choice(["submitted", "accepted", "returned"]) if came else d.choice(["awaited", "partial", "cancelled"]),
                receipt=f"H{n}{org.code}" if came else "",
            )  # fmt: skip
