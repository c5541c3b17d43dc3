"""The certificate types that come with the system; brought into the table after every migration."""

from pathlib import Path
from typing import Any

import yaml

TYPES = Path(__file__).resolve().parent / "reference" / "certificate_types.yaml"


def declared() -> list[dict[str, Any]]:
    """The types as the reference file lists them."""
    return list(yaml.safe_load(TYPES.read_text(encoding="utf-8"))["certificate_types"])


def load() -> int:
    """Enter or refresh every type of the reference file. Returns how many there are."""
    from .models import ECertType

    rows = [
        ECertType(
            id=t["id"],
            name=t["name"],
            type_code21=t["type_code"],
            issuing_department=t["issuing_department"],
            holder_kind=t["holder_kind"],
            validity=t["validity"],
            callable=t["callable"],
            security_level=t["security_level"],
            fields=t["fields"],
        )
        for t in declared()
    ]
    changing = [
        "name",
        "type_code21",
        "issuing_department",
        "holder_kind",
        "validity",
        "callable",
        "security_level",
        "fields",
    ]
    ECertType.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=changing)
    return len(rows)


def after_migrate(*, using: str, plan: object = (), **_: object) -> None:
    """Load the types as soon as their table stands."""
    from django.db import connections

    from .models import ECertType

    if ECertType._meta.db_table in connections[using].introspection.table_names():
        load()
