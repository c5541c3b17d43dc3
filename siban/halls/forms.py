"""What is filled in about extended hours and entry."""

from collections.abc import Iterable
from typing import Any

from django import forms

from siban.kernel.ui.forms import DateInput, Form, UploadInput

from . import hours, rules


class ItemForm(Form):
    """Forms about one of some items."""

    item = forms.ChoiceField(label="事项")

    def __init__(self, *args: Any, items: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["item"].choices = [("", "请选择事项"), *items]  # type: ignore[attr-defined]


class ClaimForm(ItemForm):
    """认领一个事项."""

    slots = forms.MultipleChoiceField(label="延时时段", widget=forms.CheckboxSelectMultiple)
    services = forms.MultipleChoiceField(
        label="服务内容", widget=forms.CheckboxSelectMultiple, required=False, choices=tuple(rules.SERVICES.items()),
        help_text="不选的，按事项的办件类型填：即办件咨询、受理、办理，承诺件咨询、受理。",
    )  # fmt: skip
    note = forms.CharField(label="备注", max_length=300, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["slots"].choices = list(hours.slots().items())  # type: ignore[attr-defined]


class ExemptForm(ItemForm):
    """申请不纳入."""

    ground = forms.ChoiceField(label="理由", choices=tuple(rules.GROUNDS.items()))
    reason = forms.CharField(label="具体原因", widget=forms.Textarea, max_length=300)


class ChosenForm(Form):
    """One row of some, and a reason."""

    row = forms.ChoiceField(label="哪一条")
    reason = forms.CharField(label="原因（意见）", widget=forms.Textarea)

    def __init__(self, *args: Any, rows: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["row"].choices = [("", "请选择"), *rows]  # type: ignore[attr-defined]


class MatchForm(ItemForm):
    """把一条只有序号的认领对应到事项."""

    row = forms.ChoiceField(label="待对应的认领")

    def __init__(self, *args: Any, rows: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["row"].choices = [("", "请选择"), *rows]  # type: ignore[attr-defined]


class UploadForm(Form):
    """一个 Excel 文件."""

    file = forms.FileField(
        label="填好的附件3（.xlsx）", widget=UploadInput(max_bytes=10 * 2**20, accept=".xlsx", kinds="Excel 工作簿")
    )


class EnterForm(Form):
    """部门进驻."""

    org = forms.ChoiceField(label="部门")
    hall = forms.CharField(label="大厅", max_length=60)
    entered_on = forms.DateField(label="进驻日期", widget=DateInput())
    windows = forms.IntegerField(label="窗口数", min_value=0, max_value=500)
    staff = forms.IntegerField(label="进驻人数", min_value=0, max_value=2000)
    note = forms.CharField(label="备注", max_length=300, required=False)

    def __init__(self, *args: Any, orgs: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["org"].choices = [("", "请选择部门"), *orgs]  # type: ignore[attr-defined]


class LeaveForm(ChosenForm):
    """部门撤出."""

    left_on = forms.DateField(label="撤出日期", widget=DateInput())


class PeriodForm(Form):
    """从哪天到哪天."""

    begin = forms.DateField(label="从", widget=DateInput())
    end = forms.DateField(label="到", widget=DateInput())
