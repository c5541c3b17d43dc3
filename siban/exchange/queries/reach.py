"""How somebody is reached, and what goes out to them."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from siban.exchange import rules
from siban.exchange.connectors import Letter
from siban.exchange.models import Contact, Delivery
from siban.exchange.rules import Recipient
from siban.identity.api import Person
from siban.kernel import codes

CONFIRM = "confirm_email"
SALT = "exchange.email"


def addresses(recipients: Iterable[Recipient]) -> dict[str, dict[str, str]]:
    """By recipient's key, the address of each channel the recipient has and wishes for. A post is reached in the site."""
    asked = list(recipients)
    persons = [r.person_id for r in asked if r.person_id]
    accounts = [r.account_id for r in asked if r.account_id]
    mobiles = dict(Person.objects.filter(pk__in=persons).values_list("pk", "mobile")) if persons else {}
    wishes: dict[UUID | None, Contact] = {}
    if persons:
        wishes |= {c.person_id: c for c in Contact.objects.filter(person_id__in=persons)}
    if accounts:
        wishes |= {c.account_id: c for c in Contact.objects.filter(account_id__in=accounts)}
    return {r.key: _of(r, wishes.get(r.person_id or r.account_id), mobiles) for r in asked}


def _of(r: Recipient, wish: Contact | None, mobiles: dict[Any, str]) -> dict[str, str]:
    found = wish.reached_by() if wish else {}
    if r.email:
        found["email"] = r.email
    mobile = r.mobile or mobiles.get(r.person_id, "")
    if mobile and (wish is None or wish.sms_on) and codes.phone.check(mobile) is None:
        found["sms"] = codes.phone.parse(mobile)
    return found


def address_now(delivery: Delivery) -> str:
    """The address of this channel as the recipient has it now; empty when there is none any more."""
    message = delivery.message
    if message.role:
        return ""
    who = Recipient(person_id=message.person_id, account_id=message.account_id)
    return addresses([who])[who.key].get(delivery.channel, "")


def letter(delivery: Delivery) -> Letter:
    """What is handed to a channel (`delivery.message` must be loaded)."""
    message, site = delivery.message, settings.SIBAN_SITE
    name = f"{site['region_name']}政务服务"
    link = message.link
    if message.kind == CONFIRM:  # the proof travels in the letter only, never in the site
        token = signing.dumps({"contact": message.subject_id, "email": delivery.address}, salt=SALT)
        link = reverse("email-confirm", args=[token])
    return Letter(
        id=delivery.pk,
        address=delivery.address,
        title=message.title,
        body=message.body,
        short=rules.short_text(name, message.title, message.body),
        link=urljoin(settings.SITE_URL, link) if link else "",
        site=name,
    )
