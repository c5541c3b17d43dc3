"""The demonstration of 报送: one request to all units, answered in time, in part, late, nil, after correction, and not at all."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from siban.identity.api import Org
from siban.kernel import clock
from siban.kernel.actor import Actor

from .actions import collecting
from .models import Collection, Submission
from .models_supervision import Directive
from .rules_collections import Field

TITLE = "政务服务整改进展（演示）"
FIELDS = (
    Field("f1", "已改正事项数", "number"),
    Field("f2", "是否召开专题会", "choice", True, ("是", "否")),
    Field("f3", "存在的困难", "text", False),
)
ASKED, RETURNED, URGED, LATE = 2, 4, 8, 9  # days of the story
DUE = 7
GOOD, NIL, PART, BACK = slice(0, 8), slice(8, 10), slice(10, 12), slice(12, 14)
TARDY = slice(14, 16)


def pass_day(
    n: int, days: Sequence[date], *, directive: Directive, units: Sequence[Org], staff: Callable[[str, str], Actor],
    inspector: Actor,
) -> None:  # fmt: skip
    """What happens to the request on the n-th day of the story."""

    def at(hour: int) -> datetime:
        return datetime.combine(days[n], time(hour, 20), tzinfo=clock.CHINA)

    if n == ASKED:
        _ask(directive, units, due_on=days[DUE], by=inspector, at=at(10))
    row = Collection.objects.filter(directive=directive, title=TITLE).first()
    if row is None or n not in (RETURNED, URGED, LATE):
        return
    if n == URGED:
        collecting.urge(collection_id=row.pk, by=inspector, at=at(9))
        return
    returns = list(row.submissions.select_related("org").order_by("org__order", "org__code"))

    def heads(part: slice) -> list[tuple[int, Submission, Actor]]:
        return [(place, s, staff("unit_head", s.org.code)) for place, s in enumerate(returns[part], start=1)]

    def report(place: int, s: Submission, by: Actor, *, hour: int, partial: bool = False) -> None:
        entered = {"f1": str(place), "f2": "" if partial else "是", "f3": ""}
        collecting.report(submission_id=s.pk, entered=entered, uploads={}, partial=partial, by=by, at=at(hour))

    if n == LATE:
        for place, s, by in heads(TARDY):
            report(place, s, by, hour=11)
        for place, s, by in heads(slice(12, 13)):  # one of the two sent back has mended its return
            report(place + 2, s, by, hour=11)
        return
    for place, s, by in (*heads(GOOD), *heads(BACK)):
        report(place, s, by, hour=14)
    for _, s, by in heads(NIL):
        collecting.report_nil(submission_id=s.pk, words="本期没有需要整改的事项。", by=by, at=at(14))
    for place, s, by in heads(PART):
        report(place, s, by, hour=14, partial=True)
    for _, s, _by in heads(slice(0, 4)):
        collecting.accept(submission_id=s.pk, by=inspector, at=at(16))
    for _, s, _by in heads(BACK):
        collecting.send_back(
            submission_id=s.pk, reason="已改正事项数和事项库不一致，请核对。", by=inspector, at=at(16)
        )


def _ask(directive: Directive, units: Sequence[Org], *, due_on: date, by: Actor, at: datetime) -> None:
    made = collecting.begin(by=by, at=at, directive_id=directive.pk)
    draft = collecting.CollectionDraft(
        title=TITLE, words="填写本单位截至报送当天的整改情况；没有需要整改的，零报送。", due_on=due_on, fields=FIELDS,
        units=tuple(o.pk for o in units),
    )  # fmt: skip
    collecting.save(collection_id=made.pk, draft=draft, by=by, at=at)
    collecting.send_out(collection_id=made.pk, by=by, at=at)
