"""Browsers of the cast: logged in as the site itself would have it."""

from datetime import date
from typing import Any

from django.test import Client

from siban.identity.api import Account, Org, Person, Post, Region, citizen_account
from siban.kernel.actor import SYSTEM

from .conftest import AT


def as_citizen(person: Person) -> Client:
    client = Client()
    client.force_login(citizen_account(person=person, by=SYSTEM, at=AT))
    return client


def as_staff(org: Org, role: str, region: Region) -> Client:
    """A staff account in one post; the numbers of posts keep the names apart."""
    account = Account.objects.create(
        login=f"{role}-{org.code}-{region.code}",
        name=f"演示{role}",
        kind="staff",
        password="!",
        created_at=AT,
        password_changed_at=AT,
    )
    Post.objects.create(account=account, role=role, org=org, region=region, valid_from=date(2020, 1, 1))
    client = Client()
    client.force_login(account)
    return client


def words(response: Any) -> str:
    return str(response.content.decode())
