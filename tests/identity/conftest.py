"""A small territory: two banners, two organisations each with its people."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from siban.identity import actions, actors
from siban.identity.models import Account, Org, Region
from siban.kernel.actor import SYSTEM, Actor

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "zhen-de-mi-ma-2026"
BANNER, NEXT = "150724000000", "150725000000"


@dataclass
class House:
    """Organisations, accounts and their actors by short name."""

    orgs: dict[str, Org]
    accounts: dict[str, Account]

    def actor(self, who: str) -> Actor:
        account = self.accounts[who]
        return actors.of_post(account, actors.posts_of(account, day=date(2026, 3, 2))[0])

    def browser(self, who: str) -> Client:
        client = Client()
        client.force_login(self.accounts[who])
        return client


@pytest.fixture
def house(db: Any) -> House:
    for code, name in ((BANNER, "演示旗"), (NEXT, "演示邻旗")):
        Region.objects.create(code=code, name=name, level=4)
    orgs = {
        key: Org.objects.create(code=key, name=name, short_name=name, kind="government", region_id=region)
        for key, name, region in (
            ("bureau", "演示局", BANNER),
            ("office", "演示办", BANNER),
            ("far", "演示邻旗局", NEXT),
        )
    }
    cast = {
        "admin": ("data_admin", "bureau"), "far_admin": ("data_admin", "far"), "clerk": ("window_clerk", "office"),
        "approver": ("approver", "bureau"), "auditor": ("auditor", "bureau"), "service": ("service_admin", "bureau"),
    }  # fmt: skip
    accounts = {
        who: actions.open_staff_account(
            login=who.replace("_", "-"), name=f"演示·{who}", password=PASSWORD, by=SYSTEM, at=AT, since=date(2020, 1, 1),
            posts=[(role, orgs[org], orgs[org].region_id)],
        )
        for who, (role, org) in cast.items()
    }  # fmt: skip
    return House(orgs, accounts)
