"""别名: the other names an organisation goes by in documents."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.identity.models import Org, OrgAlias
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

LAW = "机构名录（同一部门叫法不同，名称不作主键）"


@transaction.atomic
def add_alias(*, org_id: UUID, name: str, region_code: str, by: Actor, at: datetime) -> OrgAlias:
    """Remember that a name means this organisation in a region. The same name twice is one alias.

    Raises:
        Refused: the bureau of another territory, or the name already means another organisation here.
    """
    org = Org.objects.get(pk=org_id)
    if not by.has_role("service_admin", "supervisor", "data_admin") or not by.covers(org.region_id):
        raise Refused("只有本地区的政务服务管理机构、督查人员和数据管理员可以登记机构别名。")
    name = "".join(name.split())
    if not 2 <= len(name) <= 100:
        raise Refused("别名应是 2 至 100 个字。")
    known = OrgAlias.objects.select_related("org").filter(region_id=region_code, name=name).first()
    if known is not None and known.org_id != org_id:
        raise Refused(f"“{name}”已经是“{known.org.short_name}”的别名，请核对。")
    if known is not None:
        return known
    made = OrgAlias.objects.create(org=org, region_id=region_code, name=name)
    journal.write(subject=org, move="add_alias", by=by, at=at, law=LAW, note=name)
    return made
