"""Recording the figures of a day, and correcting one afterwards without touching what was recorded."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from siban.identity.api import Org
from siban.kernel import clock, journal, measures
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access
from ..models_snapshots import Snapshot, SnapshotFigure
from ..queries import snapshots

CLOSES = timedelta(hours=6)  # 日终: what is recorded until six in the morning closes the day before
AT_A_TIME = 2000
LOCK = 0x51BAF


def take(*, day: date | None = None, by: Actor, at: datetime, reason: str = "") -> Snapshot:
    """Record all figures for a day, as they stand now. Only what differs from what stands recorded is written.

    Args:
        day: today when left out. A day gone by is recorded from the rows of now and marked 补录.

    Raises:
        Refused: a day to come, or nobody who may record.
    """
    if not (by.is_system or access.records_figures(by)):
        raise Refused("只有政务服务管理机构可以记录指标快照。")
    day = day or clock.local_day(at)
    if day > clock.local_day(at):
        raise Refused(f"{day:%Y年%m月%d日}还没有到，不能记录它的指标。")
    with transaction.atomic():
        _one_at_a_time()
        counted = measures.figures(measures.REGISTRY.values(), by="org")
        before = snapshots.figures_on(day)
        now = {(slug, org): (f.hits, f.total) for slug, of in counted.items() for org, f in of.items()}
        for slug, of in before.items():
            for org, f in of.items():
                if slug in counted:
                    now.setdefault((slug, org), (0, None if f.total is None else 0))
        stood = {(slug, org): (f.hits, f.total) for slug, of in before.items() for org, f in of.items()}
        made = Snapshot(day=day, kind=_kind(day, at), recorded_at=at, recorded_by=by.name, reason=reason.strip()[:300])
        return _written(made, {k: v for k, v in now.items() if stood.get(k) != v}, by=by)


def correct(
    *, day: date, slug: str, org: UUID, hits: int, total: int | None, reason: str, by: Actor, at: datetime
) -> Snapshot:
    """更正 one recorded figure of a past day: the row recorded then stays, this one takes precedence from now on.

    Raises:
        Refused: no such figure or day recorded, parts that cannot be, or no reason.
    """
    measure = measures.REGISTRY.get(slug)
    if not access.records_figures(by):
        raise Refused("只有政务服务管理机构可以更正已经记录的指标。")
    if measure is None or not measure.is_computed:
        raise Refused("没有这个指标，或者它还没有接入数据，不能更正。")
    if len(reason.strip()) < 4:
        raise Refused("请写明更正的原因（至少 4 个字），例如：某单位迟报的办件已经补录。")
    wants_total = measure.total() is not None
    if hits < 0 or (wants_total and (total is None or total < 0)) or (not wants_total and total is not None):
        raise Refused("分子、分母应是不小于 0 的整数；计数指标没有分母，不要填写分母。")
    if measure.is_share and total is not None and hits > total:
        raise Refused(f"分子 {hits} 不能大于分母 {total}，请核对后再填。")
    if not snapshots.is_recorded(day):
        raise Refused(f"{day:%Y年%m月%d日}没有记录过指标，不能更正。")
    unit = Org.objects.filter(pk=org, region_id__startswith=by.region_prefix).first()
    if unit is None:
        raise Refused("没有这个单位，或者它不在您管理的地区。")
    with transaction.atomic():
        _one_at_a_time()
        made = Snapshot(
            day=day, kind=Snapshot.Kind.CORRECTION, recorded_at=at, recorded_by=by.name, reason=reason.strip()[:300]
        )
        return _written(made, {(slug, unit.pk): (hits, total)}, by=by)


def _kind(day: date, at: datetime) -> str:
    """日终 within the hours that close a day, 即时 on the day itself, 补录 later."""
    if day == clock.local_day(at):
        return Snapshot.Kind.DEMAND
    return Snapshot.Kind.CLOSE if day == clock.local_day(at - CLOSES) else Snapshot.Kind.LATE


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _written(made: Snapshot, rows: dict[tuple[str, UUID], tuple[int, int | None]], *, by: Actor) -> Snapshot:
    regions = dict(Org.objects.filter(pk__in={org for _, org in rows}).values_list("pk", "region_id"))
    rows = {key: parts for key, parts in rows.items() if key[1] in regions}  # 单位已经不在机构目录的，没有归属
    made.changed = len(rows)
    made.save(force_insert=True)
    SnapshotFigure.objects.bulk_create(
        (
            SnapshotFigure(
                snapshot=made, day=made.day, recorded_at=made.recorded_at, slug=slug, org_id=org,
                region_code=regions[org], hits=hits, total=total,
            )
            for (slug, org), (hits, total) in sorted(rows.items(), key=str)
        ),
        batch_size=AT_A_TIME,
    )  # fmt: skip
    journal.write(
        subject=made, fresh=True, move=str(made.kind), by=by, at=made.recorded_at, law="鄂温克旗2023年整改通知（000）：日调度、周通报",
        note=made.reason, facts={"day": made.day, "figures": made.changed},
    )  # fmt: skip
    return made
