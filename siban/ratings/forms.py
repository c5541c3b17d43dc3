"""The shape of a rating."""

from django import forms

from siban.kernel.ui import forms as ui_forms

from .rules import COMMENT_LIMIT, LEVELS, TAGS


class RateForm(ui_forms.Form):
    level = forms.TypedChoiceField(
        label="您对这次服务满意吗？",
        choices=list(LEVELS.items()),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择满意程度。", "invalid_choice": "请从五个满意程度里选择一个。"},
    )
    tags = forms.MultipleChoiceField(
        label="原因",
        choices=[(t, t) for t in TAGS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="可以选多项，也可以不选。",
    )
    comment = forms.CharField(
        label="意见和建议",
        max_length=COMMENT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"最多 {COMMENT_LIMIT} 字。请不要填写身份证号、手机号等个人信息。",
    )
    anonymous = forms.BooleanField(
        label="匿名评价", required=False, help_text="不留姓名。实名的差评会有专人联系您、告诉您怎样改。"
    )

    def __init__(self, *args: object, can_be_named: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not can_be_named:
            del self.fields["anonymous"]
