"""How much the exchange keeps about a person, for the person's own file."""

from uuid import UUID

from siban.exchange.models import Message, Parcel


def kept_about(person_id: UUID) -> tuple[int, int]:
    """Messages and parcels of a person."""
    return Message.objects.filter(person_id=person_id).count(), Parcel.objects.filter(person_id=person_id).count()
