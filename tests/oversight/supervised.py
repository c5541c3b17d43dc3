"""The cast of supervision: a bureau, two departments, a township, with heads and staff; short ways to a directive and its tasks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from siban.identity import api as identity
from siban.kernel.actor import SYSTEM, Actor
from siban.oversight.actions import directing, working
from siban.oversight.drafts import DirectiveDraft, ProblemDraft
from siban.oversight.models import Directive, Task
from siban.oversight.rules_supervision import Target
from tests.cases import cast as standing

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=CHINA)
TODAY, DUE = date(2026, 3, 2), date(2026, 3, 20)
BANNER, SUMU = "150724000000", "150724210000"
ORGS = {
    "bureau": ("gov_service", "演示旗政务服务局", "政务服务局", "government", BANNER, 90),
    "housing": ("housing", "演示旗住房和城乡建设局", "住建局", "government", BANNER, 1),
    "transport": ("transport", "演示旗交通运输局", "交通运输局", "government", BANNER, 2),
    "sumu": ("sumu", "演示苏木人民政府", "演示苏木", "township", SUMU, 100),
}
STAFF = {
    "director": ("service_admin", "bureau", BANNER),
    "inspector": ("supervisor", "bureau", BANNER),
    "auditor": ("auditor", "bureau", BANNER),
    "head": ("unit_head", "housing", BANNER),
    "worker": ("dept_admin", "housing", BANNER),
    "neighbour_head": ("unit_head", "transport", BANNER),
    "neighbour": ("dept_admin", "transport", BANNER),
    "sumu_head": ("unit_head", "sumu", SUMU),
    "clerk": ("window_clerk", "bureau", BANNER),
}


@dataclass
class Cast:
    orgs: dict[str, identity.Org]
    accounts: dict[str, identity.Account]
    actors: dict[str, Actor]

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None

    def client(self, who: str) -> Client:
        """A browser logged in as this person."""
        client = Client()
        client.force_login(self.accounts[who])
        session = client.session
        session.save()
        return client


def cast() -> Cast:
    region = identity.Region.objects
    region.get_or_create(code=BANNER, defaults={"name": "鄂温克族自治旗", "level": 4})
    region.get_or_create(code=SUMU, defaults={"name": "演示苏木", "level": 5, "parent_id": BANNER})
    orgs = {
        key: identity.Org.objects.create(
            code=f"demo-{code}", name=name, short_name=short, kind=kind, region_id=where, order=order,
            uscc=standing.firm_code(900 + order),
        )
        for key, (code, name, short, kind, where, order) in ORGS.items()
    }  # fmt: skip
    accounts, actors = {}, {}
    for who, (role, org, where) in STAFF.items():
        accounts[who] = identity.open_staff_account(
            login=f"sup-{who}", name=f"演示·{who}", password=standing.PASSWORD, posts=[(role, orgs[org], where)], by=SYSTEM,
            at=MONDAY, since=standing.SINCE,
        )  # fmt: skip
        actors[who] = identity.of_post(accounts[who], accounts[who].posts.select_related("org").get())
    return Cast(orgs, accounts, actors)


def problem(cast: Cast, *units: str, **said: Any) -> ProblemDraft:
    about: dict[str, Any] = {
        "title": "延时服务工作迟滞不前", "finding": "部分单位没有认领。", "requirement": "逐项认领并开展延时服务。", "due_on": DUE,
        "targets": (Target(document="延时服务事项清单"),), "units": tuple(cast.orgs[u].pk for u in units or ("housing",)),
    }  # fmt: skip
    return ProblemDraft(**{**about, **said})


def draft(*problems: ProblemDraft, **said: Any) -> DirectiveDraft:
    about: dict[str, Any] = {
        "number": "鄂旗督〔2026〕1号", "title": "关于整改政务服务突出问题的通知", "dated": TODAY, "cadence": ("daily_dispatch",),
        "hold_days": 2, "acknowledge_workdays": 2, "problems": problems,
    }  # fmt: skip
    return DirectiveDraft(**{**about, **said})


def issued(cast: Cast, *problems: ProblemDraft, at: datetime = MONDAY, **said: Any) -> Directive:
    row = directing.begin(by=cast.director, at=at)
    directing.save(directive_id=row.pk, draft=draft(*(problems or (problem(cast),)), **said), by=cast.director, at=at)
    return directing.issue(directive_id=row.pk, by=cast.director, at=at)


def task(cast: Cast, **said: Any) -> Task:
    """A task of the housing department, just issued."""
    return issued(cast, problem(cast, "housing", **said)).tasks.get()


def picture() -> bytes:
    """A small picture that can be taken in."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, "PNG")
    return out.getvalue()


def submitted(cast: Cast, row: Task, *, at: datetime = MONDAY + timedelta(hours=1)) -> Task:
    """Acknowledged, worked on, evidence handed in by the worker, verification asked for."""
    if row.acknowledged_at is None:
        working.acknowledge(task_id=row.pk, by=cast.head, at=at)
        working.note_progress(task_id=row.pk, words="已经召开会议部署", by=cast.worker, at=at)
    working.attach(task_id=row.pk, content=picture(), name="佐证.png", by=cast.worker, at=at)
    return working.submit_evidence(task_id=row.pk, words="已经全部整改到位", by=cast.worker, at=at)
