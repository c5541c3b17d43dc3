"""附件3 and 附件4 among the annexes of the notice."""

import io
from collections.abc import Iterable
from datetime import date

from django.conf import settings

from siban.halls.api import delayed_sheets
from siban.kernel.actor import Actor
from siban.kernel.web.rowsheets import Sheet, write_annex

from . import annexes
from .liangyou import annex, queries
from .queries.figures import Sought


def _written(sheets: Iterable[Sheet]) -> bytes:
    out = io.BytesIO()
    write_annex(out, sheets)
    return out.getvalue()


def annex_3(actor: Actor, sought: Sought, region_code: str, on: date) -> bytes:
    """延时服务事项清单."""
    return _written(delayed_sheets(actor, region_name=settings.SIBAN_SITE["region_name"]))


def annex_4(actor: Actor, sought: Sought, region_code: str, on: date) -> bytes:
    """“两优”统计表 of the current round."""
    found, name = queries.rounds(actor).filter(is_current=True).first(), settings.SIBAN_SITE["region_name"]
    if found is None:
        return _written(
            [Sheet("附件4总表", f"{name}“两优”统计表", ("单位", "说明"), [("", "还没有开始任何一轮。")], (24, 40))]
        )
    return _written(annex.sheets(found, actor, region_name=name))


annexes.register("3", "附件3 延时服务事项清单", "fujian3-yanshifuwu", annex_3)
annexes.register("4", "附件4 “两优”统计表", "fujian4-liangyou", annex_4)
