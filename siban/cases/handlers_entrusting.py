"""Both sides of an entrustment are told: of being asked, of the answer, of the end; the principal of each application."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from siban.exchange import api as exchange
from siban.identity.api import Enterprise, EnterpriseMember, Entrustment, Person
from siban.kernel import journal
from siban.kernel.actor import SYSTEM
from siban.kernel.journal import Event
from siban.kernel.models import JournalEntry

from .messages_entrusting import MEMBER_WORDS, WORDS, Said


def _said(given: Entrustment) -> Said:
    last = given.last_day
    return Said(
        given.principal_name, given.agent.name, "、".join(line["name"] for line in given.scope) or "全部事项", given.purpose,
        f"{last.year}年{last.month}月{last.day}日",
    )  # fmt: skip


@journal.on("identity.Entrustment", *WORDS)
def tell_both_sides(event: Event) -> None:
    """Who did not do it himself is told; where both have to know, both are."""
    given = Entrustment.objects.select_related("principal", "enterprise", "agent").get(pk=event.subject_id)
    title, body, to = WORDS[event.move](_said(given))
    sides = {
        "both": given.principal_ids | {given.agent_id},
        "awaited": given.awaited_ids,
        "asker": {given.asked_by_id},
    }
    region = (given.enterprise or given.principal or given.agent).region_id or settings.SITE_REGION
    exchange.tell(
        to=[exchange.to_person(pk) for pk in sorted(sides[to])], event=f"journal:{event.entry_id}",
        kind=f"entrustment.{event.move}", title=title, body=body, link=reverse("my-acting"),
        subject=(event.subject_type, str(UUID(event.subject_id))), region_code=region, by=SYSTEM, at=event.at,
    )  # fmt: skip


@journal.on("identity.Enterprise", *MEMBER_WORDS)
def tell_member_and_representative(event: Event) -> None:
    """Who begins or ends to act for an enterprise is told, and so is its legal representative."""
    entry = JournalEntry.objects.get(pk=event.entry_id)
    firm = Enterprise.objects.get(pk=event.subject_id)
    person = Person.objects.get(pk=entry.facts["person"])
    head = EnterpriseMember.Capacity.LEGAL_REPRESENTATIVE
    heads = EnterpriseMember.objects.filter(enterprise=firm, capacity=head).values_list("person_id", flat=True)
    title, body = MEMBER_WORDS[event.move](firm.name, person.name)
    exchange.tell(
        to=[exchange.to_person(pk) for pk in sorted({person.pk, *heads})], event=f"journal:{event.entry_id}",
        kind=f"enterprise.{event.move}", title=title, body=body, link=reverse("my-acting"),
        subject=(event.subject_type, event.subject_id), region_code=firm.region_id or settings.SITE_REGION, by=SYSTEM,
        at=event.at,
    )  # fmt: skip
