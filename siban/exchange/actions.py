"""Letting business systems in: registering them, recognising their tokens, answering a request once."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from siban.identity.api import Org, Role
from siban.kernel import journal
from siban.kernel.actor import ANONYMOUS, Actor
from siban.kernel.actor import staff as staff_actor
from siban.kernel.flow import Refused

from .models import ApiClient, GivenAnswer

LAW = "数据安全法第二十七条"  # access to data is controlled and recorded


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def register_client(
    *, name: str, org: Org, role: str, region_code: str, scopes: list[str], by: Actor, at: datetime
) -> tuple[ApiClient, str]:
    """A new client and its token. The token is shown this once and kept nowhere."""
    token = secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        name=name,
        org=org,
        role=Role(role),
        region_id=region_code,
        token_hash=hashed(token),
        scopes=scopes,
        created_at=at,
    )
    journal.write(subject=client, move="register", by=by, at=at, law=LAW, fresh=True, facts={"scopes": scopes})
    return client, token


def client_of(token: str, *, at: datetime, address: str = "") -> ApiClient | None:
    """The client with this token; a wrong one is journalled and gets None."""
    client = (
        ApiClient.objects.select_related("org").filter(token_hash=hashed(token), is_active=True).first()
        if token
        else None
    )
    if client is None:
        with transaction.atomic():
            journal.write(
                subject=("exchange.ApiClient", "unknown"), move="refuse_token", by=ANONYMOUS.through("api"), at=at, law=LAW,
                facts={"address": address, "given": bool(token)},
            )  # fmt: skip
    return client


def actor_of(client: ApiClient) -> Actor:
    """The client as rules see it: its organisation in its role, through the interface."""
    return staff_actor(
        name=client.name,
        role=client.role,
        role_label=str(Role(client.role).label),
        org_id=client.org_id,
        org_name=client.org.name,
        region_code=client.region_id,
        channel="api",
    )


def answer_once(
    client: ApiClient, key: str, body: bytes, do: Callable[[], tuple[int, dict[str, Any]]], *, at: datetime
) -> tuple[int, dict[str, Any], bool]:
    """Do a request once under its key; the same request again gets the same answer.

    Returns:
        Status, answer, and whether it was done now. What `do` raises undoes the key as well.

    Raises:
        Refused: the key was used for another request.
    """
    digest = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        given, fresh = GivenAnswer.objects.get_or_create(
            client=client, key=key, defaults={"body_hash": digest, "created_at": at}
        )
        if not fresh:
            if given.body_hash != digest:
                raise Refused("这个幂等键已经用于另一份内容不同的申请。请为新的申请换一个幂等键。")
            return given.status, given.answer, False
        given.status, given.answer = do()
        given.save(update_fields=["status", "answer"])
    return given.status, given.answer, True
