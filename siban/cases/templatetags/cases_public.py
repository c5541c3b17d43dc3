"""Small readings that citizen templates of cases need."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from siban.cases.queries.case_page import AnswerShown, CasePage
from siban.cases.queries.wording import day
from siban.kernel.clock import local_day
from siban.kernel.flow import Choice
from siban.kernel.ui import loose
from siban.kernel.ui.forms import UploadInput
from siban.kernel.ui.parts import Link, Row

register = template.Library()

KINDS = "图片、PDF、Word、Excel、OFD"
ACCEPT = "image/jpeg,image/png,.pdf,.docx,.xlsx,.ofd"
MOST_BYTES = 20 * 1024 * 1024


class SeveralFiles(UploadInput):
    allow_multiple_selected = True


@register.simple_tag
def upload_box(material_id: str, name: str) -> SafeString:
    """A box that takes several files for a material."""
    made = loose.make("upload", f"上传{name}", hint="可以一次选几个文件", required=True, accept=ACCEPT, kinds=KINDS)
    made.widget = SeveralFiles(max_bytes=MOST_BYTES, accept=ACCEPT, kinds=KINDS, attrs={"multiple": True})
    return loose.field_html("files", made, prefix=f"id_{material_id}_")


@register.filter
def for_material(refusals: Mapping[str, list[str]], material_id: str) -> list[str]:
    """What was refused for this material just now."""
    return list(refusals.get(material_id, ()))


@register.filter
def as_rows(answers: Iterable[AnswerShown]) -> list[Row]:
    return [Row(a.name, a.answer or "（没有填）") for a in answers]


@register.filter
def choice(page: CasePage, name: str) -> Choice | None:
    return page.choice(name)


@register.filter
def facts(page: CasePage) -> list[Row]:
    """What stands on the side of a case."""
    said: list[tuple[str, Any]] = [
        ("编号", page.number),
        ("申请人", page.applicant),
        ("情形", page.scenario),
        ("提交时间", day(local_day(page.submitted_at)) if page.submitted_at else ""),
        ("现在由谁办", page.owner),
        ("办理机关", page.office),
        ("咨询电话", "、".join(page.phones)),
        ("领取方式", page.delivery),
    ]
    return [Row(key, value) for key, value in said if value]


@register.inclusion_tag("ui/components/breadcrumb.html")
def my_crumbs(number: str) -> dict[str, Any]:
    """The way back to one's cases."""
    return {"links": [Link("我的办件", reverse("my-home"))], "here": number}
