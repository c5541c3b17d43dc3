"""Everything read about ratings."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.ui.parts import Cell, Lamp, Table

from . import access, rules
from .models import Review

TONES = {1: "green", 2: "green", 3: "blue", 4: "amber", 5: "red"}
CHANNELS = {"web": "网上", "phone": "电话", "window": "窗口", "kiosk": "自助机", "qr": "扫码"}


@dataclass(frozen=True, slots=True)
class RatePage:
    """What is rated, for the person invited."""

    id: UUID
    title: str
    number: str
    office: str
    is_rated: bool
    level: str
    tags: tuple[str, ...]
    comment: str
    can_be_named: bool


def by_token(token: str) -> Review | None:
    """The invitation behind a token."""
    return Review.objects.select_related("org").filter(token=token).first() if token and "\x00" not in token else None


def of_case(case_id: UUID) -> Review | None:
    """The invitation of a case."""
    return Review.objects.select_related("org").filter(subject_type="cases.Case", subject_id=str(case_id)).first()


def rate_page(review: Review, actor: Actor) -> RatePage:
    """The rating page. Only who gave the rating reads again what they said; who has just the link does not."""
    side = actor.is_citizen and access.rater(actor, review)
    own = side and (review.rated_at is None or actor.person_id == review.person_id)
    return RatePage(
        review.pk,
        review.title,
        review.number if side else review.number[:6] + "****" + review.number[-4:],
        review.org.name,
        review.rated_at is not None,
        rules.LEVELS.get(review.level or 0, "") if own else "",
        tuple(review.tags) if own else (),
        review.comment if own else "",
        own,
    )


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """The ratings an office received."""

    table: Table
    waiting: int
    more: bool


def register_page(actor: Actor, *, level: str, q: str, number: int, size: int) -> RegisterPage:
    """One page of the ratings given, newest first; the rater is masked."""
    seen = Review.objects.visible_to(actor)
    rows = seen.rated().select_related("org", "person").order_by("-rated_at", "-id")
    if level == "bad":
        rows = rows.filter(level__in=sorted(rules.BAD))
    elif level.isdecimal():
        rows = rows.filter(level=int(level[:2]))
    if wanted := q.replace("\x00", "").strip():
        rows = rows.filter(
            Q(title__contains=wanted) | Q(comment__contains=wanted) | Q(number=wanted, is_real_name=True)
        )
    start = (number - 1) * size
    shown = list(rows[start : start + size + 1])
    territory = access.sees_territory(actor)
    heads = (
        "满意程度", "事项", *(("单位",) if territory else ()), "原因和意见", "评价人", "渠道", "日期",
    )  # fmt: skip
    lines = [_line(r, territory=territory) for r in shown[:size]]
    table = Table(
        "评价",
        heads,
        lines,
        empty="没有符合条件的评价。",
        empty_hint="办件办结后会邀请办事人评价。",
        caption_hidden=True,
    )
    return RegisterPage(table, seen.filter(rated_at=None).count(), len(shown) > size)


def scope(actor: Actor) -> Q:
    """The ratings an actor's figures are about: the ones they may see."""
    return Q(pk__in=Review.objects.visible_to(actor).values("pk"))


def _line(r: Review, *, territory: bool) -> tuple[object, ...]:
    """A rating as officials see it: the case number only where the rater gave their name."""
    name = r.person.name if r.person else ""
    said = "、".join(r.tags)
    return (
        Cell(lamp=Lamp(TONES[r.level or 3], rules.LEVELS[r.level or 3])),
        Cell(r.title, note=f"办件 {r.number}" if r.is_real_name else "匿名评价，不显示办件编号"),
        *((r.org.short_name,) if territory else ()),
        Cell(r.comment or said or "没有留言", note=said if r.comment else ""),
        rules.masked(is_real_name=r.is_real_name, name=name),
        CHANNELS.get(r.channel, "网上"),
        _day(r.rated_at),
    )


def _day(at: datetime | None) -> str:
    if at is None:
        return ""
    day = local_day(at)
    return f"{day.year}年{day.month}月{day.day}日"
