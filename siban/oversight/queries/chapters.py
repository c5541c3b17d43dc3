"""The chapters of reports whose figures the rooms count anew for a period: cases, ratings, hall, reform, disclosure."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.urls import reverse

from siban.cases import api as cases
from siban.kernel import clock, measures
from siban.kernel.measures import Figure, Measure
from siban.oversight.documents.facts import Chapter, Said
from siban.ratings import api as ratings

from ..models_transfer import TransferItem

STANDING = {
    "三级体系与标准化": ("item_total", "three_level_n_same", "guide_published_ratio_002", "scenario_item_ratio_002"),
    "三集中三到位": ("hall_entry_rate", "hall_authorisation_rate_003"),
}


def instant(day: date) -> datetime:
    """The first instant of a day here."""
    return datetime.combine(day, time(), tzinfo=clock.CHINA)


def of_period(prefix: str, starts: date, day: date, before: date) -> list[Chapter]:
    """The chapters of a report over `starts` to `day`, counts beside those of a period as long that ends on `before`."""
    scope = Q(region_id__startswith=prefix)
    now, then = (
        (instant(starts), instant(day + timedelta(days=1))),
        (instant(before - (day - starts)), instant(before + timedelta(days=1))),
    )
    counted = [*cases.CASE_TABLE, *ratings.RATING_TABLE]
    here, past = (measures.figures(counted, scope=scope, period=p) for p in (now, then))
    words = f"{starts:%Y-%m-%d} 至 {day:%Y-%m-%d}"
    counts = [
        _said(m, here[m.slug][None], words, before=past[m.slug][None].hits) for m in counted if m.total() is None
    ]
    return [
        Chapter("办件与评价", counts), *_standing(scope), _cross(prefix, now, then, words), _transfers(prefix, day),
        _disclosure(scope, starts, day, words), _hotline(scope, now, then, words),
    ]  # fmt: skip


def _said(m: Measure, figure: Figure, words: str, *, before: int | None = None, unit: str = "") -> Said:
    return Said(
        m.title, figure.hits, unit or ("条" if m.code.startswith("RAT") else "件"), f"{m.words}；{words}", m.source,
        f"/desk/figures/{m.slug}/all/hits/", before=before, total=figure.total,
    )  # fmt: skip


def _standing(scope: Q) -> list[Chapter]:
    """States of affairs: what stands on the day of drafting."""
    chapters = []
    for title, slugs in STANDING.items():
        known = [measures.REGISTRY[s] for s in slugs if s in measures.REGISTRY and measures.REGISTRY[s].is_computed]
        found = measures.figures(known, scope=scope)
        lines = []
        for m in known:
            figure = found[m.slug][None]
            base = f"/desk/figures/{m.slug}/all/"
            if figure.total is None:
                lines.append(Said(m.title, figure.hits, m.unit and "项", m.words, m.source, f"{base}hits/"))
            else:
                lines.append(
                    Said(f"{m.title}：应达到", figure.total, "个", m.words, m.source, f"{base}total/", parts=(
                        Said("已达到", figure.hits, "个", m.words, m.source, f"{base}hits/"),
                        Said("未达到", figure.total - figure.hits, "个", m.words, m.source, f"{base}gap/"),
                    ))
                )  # fmt: skip
        chapters.append(Chapter(title, lines))
    return chapters


def _cross(prefix: str, now: tuple[datetime, datetime], then: tuple[datetime, datetime], words: str) -> Chapter:
    rows = cases.Case.objects.filter(
        Q(region_id__startswith=prefix) | Q(received_org__region_id__startswith=prefix), cross__isnull=False
    )
    here, past = (rows.filter(submitted_at__gte=a, submitted_at__lt=b).count() for a, b in (now, then))
    said = Said(
        "跨域通办件数",
        here,
        "件",
        f"在一地收件、在另一地办理的办件；{words}",
        "内政办发〔2023〕39号",
        reverse("cross-ledger"),
        before=past,
    )
    return Chapter("跨域通办", [said])


def _transfers(prefix: str, day: date) -> Chapter:
    rows = TransferItem.objects.filter(batch__region_id__startswith=prefix)
    total, done = rows.count(), rows.filter(batch__handed_over_at__lt=instant(day + timedelta(days=1))).count()
    if not total:
        return Chapter("许可权改革", waits_for="没有划转批次")
    said = Said("列入划转的事项", total, "项", "划转批次里的全部事项", "相对集中行政许可权划转", reverse("transfers"), parts=(
        Said("已交接", done, "项", "已签备忘录并交接", href=reverse("transfers")),
        Said("未交接", total - done, "项", "尚未交接", href=reverse("transfers")),
    ))  # fmt: skip
    return Chapter("许可权改革", [said])


def _disclosure(scope: Q, starts: date, day: date, words: str) -> Chapter:
    slugs = ("info_disclosure_003", "info_disclosure_003_official", "info_disclosure_003_statutory")
    known = [measures.REGISTRY[s] for s in slugs]
    found = measures.figures(known, scope=scope, period=(starts, day + timedelta(days=1)))
    whole, *parts = (_said(m, found[m.slug][None], words, unit="条") for m in known)
    shown = tuple(Said(p.label.removeprefix("其中："), p.hits, "条", p.words, p.source, p.href) for p in parts)
    other = whole.hits - sum(p.hits for p in shown)
    rest = (Said("其他", other, "条", "不属于前两类的栏目", whole.source, whole.href),) if other else ()
    return Chapter(
        "政务公开", [Said(whole.label, whole.hits, "条", whole.words, whole.source, whole.href, parts=(*shown, *rest))]
    )


HOTLINE = (
    "hotline_on_time_close_rate", "hotline_satisfaction_rate", "hotline_resolution_rate", "hotline_response_rate",
    "long_term_suspend_rate", "unreasonable_terminate_rate",
)  # fmt: skip


def _hotline(scope: Q, now: tuple[datetime, datetime], then: tuple[datetime, datetime], words: str) -> Chapter:
    """Calls taken, and the rates over their parts; what is overdue and open now."""
    volume, overdue = measures.REGISTRY["hotline_volume_003"], measures.REGISTRY["overdue_open_orders"]
    rates = [measures.REGISTRY[slug] for slug in HOTLINE]
    here, past = (measures.figures([volume, *rates], scope=scope, period=p) for p in (now, then))
    if not here[volume.slug][None].hits and not past[volume.slug][None].hits:
        return Chapter("12345 热线", waits_for="这段时间没有热线工单")
    open_now = measures.figures([overdue], scope=scope)[overdue.slug][None]
    said = [
        _said(volume, here[volume.slug][None], words, before=past[volume.slug][None].hits),
        _said(overdue, open_now, words),
    ]
    for m in rates:
        figure = here[m.slug][None]
        base = f"/desk/figures/{m.slug}/all/"
        if figure.total:
            said.append(
                Said(f"{m.title}：{m.denominator.removesuffix('数')}", figure.total, "件", f"{m.words}；{words}", m.source, f"{base}total/", parts=(
                    Said(m.numerator.removesuffix("数"), figure.hits, "件", m.words, m.source, f"{base}hits/"),
                    Said("其余", figure.total - figure.hits, "件", m.words, m.source, f"{base}gap/"),
                ))
            )  # fmt: skip
    return Chapter("12345 热线", said)
