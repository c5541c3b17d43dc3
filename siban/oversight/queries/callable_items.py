"""附件2: the materials of published items that a certificate may replace."""

from collections.abc import Iterator, Sequence

from siban.catalog.api import PublishedMaterial
from siban.certificates.api import ECertType
from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.measures import REGISTRY

from .. import units


def rows(actor: Actor, *, group: str = "") -> Iterator[Sequence[object]]:
    """`序号、单位、事项、编码、材料、证照、关联、免证办`, by unit and item; read as they are written."""
    scope = units.scope_of(actor)
    if group in units.LEVEL:
        scope = units.within(scope, Org.objects.filter(region__level=units.LEVEL[group]))
    names = dict(ECertType.objects.values_list("pk", "name"))
    found = PublishedMaterial.objects.filter(
        scope.of(REGISTRY["item_total"]), is_applied_service=True, is_callable=True
    )
    for n, m in enumerate(
        found.select_related("org", "item")
        .order_by("org__order", "org__code", "item__name", "item_id", "id")
        .iterator(500),
        1,
    ):
        kind = names.get(m.ecert_type_id) or m.name
        yield (
            n, m.org.short_name, m.item.name, m.item.impl_code, m.name, kind, "已关联" if m.is_linked else "没有关联",
            "是" if m.item.is_cert_free else "否",
        )  # fmt: skip
