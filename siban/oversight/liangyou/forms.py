"""What is filled in for a round: the round itself, internal items, claims, the statement."""

from collections.abc import Iterable
from typing import Any

from django import forms

from siban.kernel.ui.forms import DateInput, Form, UploadInput

from . import rules

LIMIT_UNITS = (("workday", "工作日"), ("natural_day", "自然日"))


def day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput(), **more)


class RoundForm(Form):
    """一轮的起止日、报送期限和单位."""

    name = forms.CharField(label="名称", max_length=40, help_text="例如：第二轮")
    begin_on = day("起始日", help_text="比较的前一天：这一天执行的版本是“优化前”。")
    end_on = day("截止日", help_text="比较的后一天：这一天执行的版本是“优化后”；还没到的，按现在的版本算。")
    due_on = day("报送期限")
    document = forms.CharField(label="依据的文件", max_length=120)
    orgs = forms.MultipleChoiceField(label="需要报送的单位", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, orgs: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["orgs"].choices = list(orgs)  # type: ignore[attr-defined]


class InternalForm(Form):
    """内部管理事项的一个版本."""

    number = forms.CharField(label="事项编号", max_length=30, help_text="本单位内不重复；填已有的编号就是登记新版本。")
    name = forms.CharField(label="事项名称", max_length=200)
    effective_on = day("开始执行的日期")
    materials = forms.CharField(label="需要的材料", widget=forms.Textarea, required=False, help_text="一行一份。")
    steps = forms.CharField(label="办理环节", widget=forms.Textarea, help_text="一行一个，按先后顺序。")
    limit_value = forms.IntegerField(
        label="办理时限", min_value=0, max_value=1000, required=False, help_text="没有规定的不填；当场办结填 0。"
    )
    limit_unit = forms.ChoiceField(label="时限单位", choices=LIMIT_UNITS)
    document = forms.CharField(label="依据的文件", max_length=120)


class EndForm(Form):
    """取消一个内部管理事项."""

    ended_on = day("取消日期")
    document = forms.CharField(label="依据的文件", max_length=120)


class ClaimForm(Form):
    """填报一条成果."""

    subject = forms.ChoiceField(label="事项")
    kind = forms.ChoiceField(label="成果类型", choices=tuple(rules.KINDS.items()))
    before = forms.IntegerField(
        label="优化前",
        min_value=0,
        max_value=9999,
        required=False,
        help_text="材料份数、环节个数或者天数；承接、下放、取消不填。",
    )
    after = forms.IntegerField(label="优化后", min_value=0, max_value=9999, required=False)
    unit = forms.ChoiceField(label="时限单位（减时限时选择）", choices=LIMIT_UNITS)
    document = forms.CharField(label="依据的文件", max_length=120, required=False)
    note = forms.CharField(label="备注", max_length=300, required=False)

    def __init__(self, *args: Any, subjects: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["subject"].choices = [("", "请选择事项"), *subjects]  # type: ignore[attr-defined]


class UploadForm(Form):
    """一个 Excel 文件."""

    file = forms.FileField(
        label="填好的表格（.xlsx）", widget=UploadInput(max_bytes=10 * 2**20, accept=".xlsx", kinds="Excel 工作簿")
    )


class StatementForm(Form):
    """情况说明：要件齐全才能报送，缺什么由核对说明."""

    reason = forms.CharField(label=rules.STATEMENT["reason"], widget=forms.Textarea)
    meeting_on = day(rules.STATEMENT["meeting_on"])
    meeting_number = forms.CharField(label=rules.STATEMENT["meeting_number"], max_length=80)
    document_number = forms.CharField(label=rules.STATEMENT["document_number"], max_length=80)
    signed_by = forms.CharField(label=rules.STATEMENT["signed_by"], max_length=50)
    signed_on = day(rules.STATEMENT["signed_on"])
    file = forms.FileField(
        label=rules.STATEMENT["file"],
        widget=UploadInput(max_bytes=20 * 2**20, accept=".pdf", kinds="PDF 文件"),
    )


class ReasonForm(Form):
    """写明原因."""

    reason = forms.CharField(label="原因", widget=forms.Textarea)
