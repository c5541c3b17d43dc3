"""Letting business systems in: registering them, recognising their tokens, answering a request once."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from siban.exchange.models import ApiClient, GivenAnswer
from siban.identity.api import Org, Role
from siban.kernel import journal
from siban.kernel.actor import ANONYMOUS, Actor
from siban.kernel.actor import staff as staff_actor
from siban.kernel.flow import Refused

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
    client = _known(hashed(token), at=at) if token else None
    if client is None:
        with transaction.atomic():
            journal.write(
                subject=("exchange.ApiClient", "unknown"), move="refuse_token", by=ANONYMOUS.through("api"), at=at, law=LAW,
                facts={"address": address, "given": bool(token)},
            )  # fmt: skip
    return client


TRUSTED_FOR = timedelta(seconds=2)  # a withdrawn token works so long at most in a process that has just seen it
_seen: dict[str, tuple[datetime, ApiClient]] = {}


def _known(token_hash: str, *, at: datetime) -> ApiClient | None:
    """The active client with this token, asked of the database every two seconds at most."""
    kept = _seen.get(token_hash)
    if kept and timedelta() <= at - kept[0] < TRUSTED_FOR:
        return kept[1]
    client = ApiClient.objects.select_related("org").filter(token_hash=token_hash, is_active=True).first()
    if client is None:
        _seen.pop(token_hash, None)
        return None
    if len(_seen) > 1000:
        _seen.clear()
    _seen[token_hash] = (at, client)
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


def given_answer(client: ApiClient, key: str, body: bytes) -> tuple[int, dict[str, Any]] | None:
    """What was answered under this key before, if anything.

    Raises:
        Refused: the key was used for another request.
    """
    given = GivenAnswer.objects.filter(client_id=client.pk, key=key).first()
    if given is None:
        return None
    if given.body_hash != hashlib.sha256(body).hexdigest():
        raise Refused("这个幂等键已经用于另一份内容不同的申请。请为新的申请换一个幂等键。")
    return given.status, given.answer


def answer_row(
    client: ApiClient, key: str, body: bytes, *, status: int, answer: dict[str, Any], at: datetime
) -> GivenAnswer:
    """The answer as it is kept, to be written together with what was done."""
    digest = hashlib.sha256(body).hexdigest()
    return GivenAnswer(client_id=client.pk, key=key, body_hash=digest, status=status, answer=answer, created_at=at)
