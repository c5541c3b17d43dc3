"""The demonstration cast: invented people, made through actions. Every name says 演示, every number is invented."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from siban.kernel import clock
from siban.kernel.actor import SYSTEM
from siban.kernel.codes import citizen, uscc

from . import actions, imports
from .models import Account, Enterprise, Org, Person
from .roles import Role

PASSWORD = "Siban-2026-demo"
BANNER = "150724000000"
NOWHERE = "999999"  # no region has this code: the numbers are nobody's


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff in the cast: log-in, name and posts (role, organisation code)."""

    login: str
    name: str
    posts: tuple[tuple[Role, str], ...]


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person in the cast."""

    key: str
    name: str
    born_on: date
    seq: int
    mobile: str
    address: str

    @property
    def id_number(self) -> str:
        return citizen.make(NOWHERE, self.born_on, self.seq)


HEAT = "heat_company"  # 热力公司: a public utility the hotline sends orders to
NEIGHBOUR = "demo_hailaer"  # another place, for what is received there and decided here

STAFF = (
    Member("chuangkou", "演示·窗口员", ((Role.WINDOW_CLERK, "gov_service"),)),
    Member("shidai", "演示·首席代表", ((Role.CHIEF_REP, "market_regulation"),)),
    Member("shichang", "演示·市监审批员", ((Role.APPROVER, "market_regulation"),)),
    Member("minzheng", "演示·民政审批员", ((Role.APPROVER, "civil_affairs"),)),
    Member("gongan", "演示·公安审批员", ((Role.APPROVER, "public_security"),)),
    Member("renshe", "演示·人社审批员", ((Role.APPROVER, "human_resources_social_security"),)),
    Member("yibao", "演示·医保审批员", ((Role.APPROVER, "medical_insurance"),)),
    Member("nongmu", "演示·农牧审批员", ((Role.APPROVER, "agriculture_science"),)),
    Member("lincao", "演示·林草审批员", ((Role.APPROVER, "forestry_grassland"),)),
    Member("weijian", "演示·卫健审批员", ((Role.APPROVER, "health"),)),
    Member("shixiang", "演示·事项管理员", ((Role.DEPT_ADMIN, "market_regulation"),)),
    Member("mzshixiang", "演示·民政事项员", ((Role.DEPT_ADMIN, "civil_affairs"),)),
    Member("zhengwu", "演示·政务服务局", ((Role.SERVICE_ADMIN, "gov_service"),)),
    Member("zhenli", "演示·镇便民中心", ((Role.TOWNSHIP_CLERK, "township-150724100000"),)),
    Member("dayan", "演示·大雁镇便民中心", ((Role.TOWNSHIP_CLERK, "township-150724110000"),)),
    Member("yimin", "演示·伊敏苏木便民中心", ((Role.TOWNSHIP_CLERK, "township-150724214000"),)),
    Member("zhenzhang", "演示·镇负责人", ((Role.UNIT_HEAD, "township-150724100000"),)),
    Member("hailaer", "演示·海拉尔窗口员", ((Role.WINDOW_CLERK, NEIGHBOUR),)),
    Member("gacha", "演示·嘎查代办员", ((Role.VILLAGE_AGENT, "village-150724100201"),)),
    Member("bangban", "演示·帮办代办员", ((Role.ASSIST_AGENT, "gov_service"),)),
    Member("huawu", "演示·热线话务员", ((Role.HOTLINE_OPERATOR, "gov_service"),)),
    Member("paidan", "演示·热线派单员", ((Role.HOTLINE_DISPATCHER, "gov_service"),)),
    Member("chengban", "演示·住建承办人", ((Role.UNDERTAKER, "housing_construction"),)),
    Member("huifang", "演示·回访员", ((Role.HOTLINE_OPERATOR, "gov_service"),)),
    Member("gongre", "演示·热力抢修员", ((Role.UNDERTAKER, HEAT),)),
    Member("laojian", "演示·劳动监察员", ((Role.UNDERTAKER, "human_resources_social_security"),)),
    Member(
        "fuzeren", "演示·市监负责人", ((Role.UNIT_HEAD, "market_regulation"), (Role.APPROVER, "market_regulation"))
    ),
    Member("mzfuzeren", "演示·民政负责人", ((Role.UNIT_HEAD, "civil_affairs"),)),
    Member("rsfuzeren", "演示·人社负责人", ((Role.UNIT_HEAD, "human_resources_social_security"),)),
    Member("gafuzeren", "演示·公安负责人", ((Role.UNIT_HEAD, "public_security"),)),
    Member("lcfuzeren", "演示·林草负责人", ((Role.UNIT_HEAD, "forestry_grassland"),)),
    Member("wjfuzeren", "演示·卫健负责人", ((Role.UNIT_HEAD, "health"),)),
    Member("ducha", "演示·督查员", ((Role.SUPERVISOR, "gov_service"),)),
    Member("shenji", "演示·审计员", ((Role.AUDITOR, "gov_service"),)),
    Member("guanli", "演示·管理员", ((Role.DATA_ADMIN, "gov_service"),)),
)

CITIZENS = (
    Citizen("citizen", "演示·娜仁", date(1990, 1, 1), 10, "13800000001", "巴彦托海镇示例街 1 号"),
    Citizen("agent", "演示·巴特", date(1985, 5, 5), 11, "13800000002", "巴彦托海镇示例街 2 号"),
    Citizen("stranger", "演示·路人", date(1978, 8, 8), 13, "13800000003", "大雁镇示例街 3 号"),
    Citizen("elder", "演示·老人", date(1944, 4, 4), 14, "13800000004", "巴彦托海嘎查示例路 4 号"),
)
FIRM_NAME = "演示·草原餐饮有限公司"
FIRM_CODE = uscc.make("91150724", "MA0DEM01")


def password() -> str:
    """The password of all demonstration accounts."""
    return str(getattr(settings, "DEMO_PASSWORD", PASSWORD))


@transaction.atomic
def build(at: datetime) -> None:
    """Regions, organisations and the cast; what is there already stays as it is."""
    imports.import_regions(imports.REFERENCE / "regions.yaml", at)
    imports.import_organisations(None, at)
    Org.objects.get_or_create(
        code=NEIGHBOUR,
        defaults={
            "name": "演示·海拉尔区政务服务中心", "short_name": "演示·海拉尔政务", "kind": "government", "region_id": "150702000000",
            "uscc": uscc.make("11150702", "MB0DEM02"), "order": 900,
        },
    )  # fmt: skip
    Org.objects.get_or_create(
        code=HEAT,
        defaults={
            "name": "演示·旗热力公司", "short_name": "热力公司", "kind": "public_utility", "region_id": BANNER,
            "uscc": uscc.make("91150724", "MB0DEM03"), "consult_phone": "0470-0000150", "order": 890,
        },
    )  # fmt: skip
    orgs = {o.code: o for o in Org.objects.all()}
    known = set(Account.objects.values_list("login", flat=True))
    since = clock.local_day(at) - timedelta(days=365)
    for member in STAFF:
        if member.login not in known:
            actions.open_staff_account(
                login=member.login, name=member.name, password=password(), by=SYSTEM, at=at, since=since,
                posts=[(role, orgs[code], orgs[code].region_id) for role, code in member.posts],
            )  # fmt: skip
    for one in CITIZENS:
        person = actions.register_person(
            name=one.name, id_number=one.id_number, mobile=one.mobile, region_code=BANNER, address=one.address,
            by=SYSTEM, at=at,
        )  # fmt: skip
        if not Account.objects.filter(person=person).exists():
            actions.citizen_account(person=person, by=SYSTEM, at=at)
    owner = person_of("citizen")
    if not Enterprise.objects.filter(uscc=FIRM_CODE).exists():
        actions.register_enterprise(
            name=FIRM_NAME, code=FIRM_CODE, representative=owner, region_code=BANNER,
            address="巴彦托海镇示例街 6 号", by=SYSTEM, at=at,
        )  # fmt: skip


def person_of(key: str) -> Person:
    """The person who plays this part (`citizen`, `agent`, `stranger`, `elder`)."""
    number = next(c.id_number for c in CITIZENS if c.key == key)
    return Person.objects.get(id_type="111", id_number=number)


def account_of(login: str) -> Account:
    """The staff account with this log-in."""
    return Account.objects.get(login=login)


def accounts_by_role() -> list[tuple[str, str, str, str]]:
    """(role, log-in, name, organisation) of the cast that is in the database, in the order of the roles."""
    order = {str(role): place for place, role in enumerate(Role)}
    names = [m.login for m in STAFF]
    rows = [
        (order[post.role], str(Role(post.role).label), account.login, account.name, post.org.name)
        for account in Account.objects.filter(login__in=names, is_active=True).prefetch_related("posts__org")
        for post in account.posts.all()
    ]
    return [row[1:] for row in sorted(rows)]
