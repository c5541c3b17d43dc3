"""取件码: six digits that follow from the house's secret, so that none of them is kept."""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings


def digits(case_id: UUID, nonce: str) -> str:
    """The six digits of a case; nobody who reads the table alone can work them out."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"pickup:{case_id}:{nonce}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(mac[:8], 'big') % 1_000_000:06d}"
