"""The whole example library, loaded once and copied into each test's own transaction."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from siban.identity.api import Org, open_staff_account
from siban.kernel.actor import SYSTEM, Actor, staff

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
SECRET = "Siban-2026-demo"
TABLES = (
    "identity_region", "identity_org", "identity_orgalias", "catalog_catalogitem", "catalog_dataelement",
    "catalog_materialgrain", "catalog_venue", "catalog_implementationitem", "catalog_itemversion", "kernel_journalentry", "catalog_librarystamp",
    "catalog_powerlistitem", "catalog_powerlistitem_items",
)  # fmt: skip
_kept: dict[str, tuple[str, list[bytes]]] = {}


def _columns(cursor: Any, table: str) -> str:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
        " AND table_schema = current_schema() ORDER BY ordinal_position",
        [table],
    )
    return ", ".join(f'"{row[0]}"' for row in cursor.fetchall())


def _keep() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            columns = _columns(cursor, table)
            with cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as out:
                _kept[table] = (columns, [bytes(piece) for piece in out])


def _put_back() -> None:
    with connection.cursor() as cursor:
        for table, (columns, pieces) in _kept.items():
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
                for piece in pieces:
                    into.write(piece)
        for table in ("kernel_journalentry", "identity_orgalias", "catalog_powerlistitem_items"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


@pytest.fixture
def library(db: Any) -> None:
    """Regions, organisations and all published items of the banner."""
    from siban.catalog import imports

    if _kept:
        _put_back()
        return
    imports.import_items(None, AT)
    _keep()


def acting(role: str, org_code: str) -> Actor:
    """A member of staff in a role at an organisation, without an account."""
    org = Org.objects.get(code=org_code)
    return staff(
        name="演示·员工", role=role, role_label=role, org_id=org.pk, org_name=org.name, region_code=org.region_id
    )


def logged_in(role: str, org_code: str) -> Client:
    """A browser of a member of staff in a role at an organisation."""
    org = Org.objects.get(code=org_code)
    login = f"{role.replace('_', '')}-{org_code}"[:60]
    account = open_staff_account(
        login=login, name="演示·员工", password=SECRET, posts=[(role, org, org.region_id)], by=SYSTEM, at=AT,
        since=date(2020, 1, 1),
    )  # fmt: skip
    browser = Client()
    browser.force_login(account)
    return browser
