"""The whole demonstration banner: every room's seeds in order, then a few cases in different states of progress."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from siban.cases import seeds as cases
from siban.catalog import seeds as catalog
from siban.halls import seeds as halls
from siban.hotline import seeds as hotline
from siban.identity import seeds as identity
from siban.identity.api import Enterprise, Org, Post, Role, of_post
from siban.kernel import clock, journal
from siban.kernel.actor import SYSTEM, Actor, staff
from siban.oversight import seeds as oversight

FOUNDED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # 2026-01-05 09:00 in Shanghai, a Monday: the banner opens


def build() -> Iterator[str]:
    """Build what is missing; yields one line a room for the person at the keyboard."""
    identity.build(FOUNDED)
    yield "机构、行政区划和演示人员已就绪。"
    catalog.build(FOUNDED, faulty=oversight.DEFECTS)
    yield "事项库已就绪。"
    hotline.build(at=FOUNDED)
    yield "热线类别及主责单位清单已就绪。"
    oversight.load_targets()
    yield "指标目标已就绪。"
    halls.build(bureau=_staff("service_admin", "gov_service"), at=FOUNDED)
    yield "进驻部门和延时服务认领已就绪。"
    oversight.build_reform(bureau=_staff("service_admin", "gov_service"), at=FOUNDED)
    yield "“两优”和政务公开目录已就绪。"
    today = clock.local_day(clock.now())
    made = cases.build(staff=_staff, person=identity.person_of, firm=_firm(), today=today)
    yield f"演示办件已就绪（新建 {made} 件）。"
    calls = hotline.replay(staff=_staff, person=identity.person_of("citizen").pk, now=clock.now(), today=today)
    yield f"演示热线工单已就绪（新建 {calls} 张）。"
    yield f"热线知识库已就绪（新建 {hotline.build_knowledge(by=SYSTEM, at=clock.now())} 条）。"
    while journal.deliver(at=clock.now()):
        pass
    yield "收件凭证、评价邀请已发出。"
    mendings = [
        (number, item.org.code, partial(catalog.mend, item, content))
        for number, item, content in catalog.items_of(oversight.DEFECTS)
    ]
    if oversight.build(staff=_staff, today=today, mendings=mendings):
        yield "督查整改的演示已就绪（指标快照、任务、通报）。"
    while journal.deliver(at=clock.now()):
        pass
    oversight.record_today(clock.now())
    yield "今天的指标已记录。"


def _staff(role: str, org_code: str) -> Actor:
    """The demonstration's actor in this role at this organisation; made up for departments without one of the cast."""
    org = Org.objects.get(code=org_code)
    post = Post.objects.filter(role=role, org=org).select_related("account", "org").order_by("id").first()
    if post is not None:
        return of_post(post.account, post)
    return staff(
        name="演示·负责人" if role == "unit_head" else "演示·审批员",
        role=role,
        role_label=str(Role(role).label),
        org_id=org.pk,
        org_name=org.name,
        region_code=org.region_id,
    )


def _firm() -> Enterprise:
    return Enterprise.objects.get(uscc=identity.FIRM_CODE)
