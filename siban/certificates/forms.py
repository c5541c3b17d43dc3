"""The shape of what people enter about certificates."""

from django import forms

from siban.kernel.ui import forms as ui_forms

from .flow import ECertState
from .rules import PURPOSE_LIMIT

FILE_LIMIT = 10 * 1024 * 1024


class VerifyForm(ui_forms.Form):
    q = forms.CharField(
        label="核验码或者电子证照标识",
        max_length=200,
        help_text="核验码印在证照、文书的二维码旁边，共 12 位，不区分大小写。",
        error_messages={"required": "请填写核验码或者电子证照标识，也可以直接扫描二维码。"},
    )


class FileForm(ui_forms.Form):
    file = forms.FileField(
        label="选择手中的 PDF 文件",
        help_text="只用来核对，不会保存。",
        widget=ui_forms.UploadInput(max_bytes=FILE_LIMIT, accept=".pdf,application/pdf", kinds="PDF"),
        error_messages={"required": "请选择要核对的 PDF 文件。", "empty": "这个文件是空的，请重新选择。"},
    )

    def clean_file(self) -> object:
        sent = self.cleaned_data["file"]
        if sent.size > FILE_LIMIT:
            raise forms.ValidationError("文件超过 10 MB，不是本平台发出的证照文书。请选择原始的 PDF 文件。")
        return sent


class ReasonForm(ui_forms.Form):
    reason = forms.CharField(
        label="理由",
        min_length=5,
        max_length=PURPOSE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由（至少 5 个字）。", "min_length": "请把理由写清楚（至少 5 个字）。"},
    )


class RegisterFilter(forms.Form):
    """What the register can be narrowed by; anything unknown is left out."""

    state = forms.ChoiceField(choices=[("", "全部"), *ECertState.choices], required=False)
    type = forms.CharField(max_length=40, required=False)
    q = forms.CharField(max_length=120, required=False)
