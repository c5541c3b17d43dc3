"""Shape of log-in input."""

from django import forms

from siban.kernel.codes import citizen
from siban.kernel.codes.errors import CodeError
from siban.kernel.ui import forms as ui_forms

LEVELS = (("1", "一级：账号注册"), ("2", "二级：实名核验"), ("3", "三级：实人核验（刷脸）"))


class StaffLogin(ui_forms.Form):
    """Account, password and, where it is set up, the one-time code."""

    login = forms.CharField(label="账号", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label="密码", max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = forms.CharField(
        label="动态验证码", required=False, max_length=8, help_text="开通了动态验证的账号才需要填写",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class CitizenLogin(ui_forms.Form):
    """What the demonstration identity provider asks; a real one asks on its own pages."""

    name = forms.CharField(label="姓名", max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    id_number = forms.CharField(
        label="身份证号码", max_length=18, widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})
    )
    level = forms.ChoiceField(
        label="认证等级", choices=LEVELS, initial="3", widget=forms.RadioSelect, help_text="办理许可需要二级以上"
    )

    def clean_id_number(self) -> str:
        try:
            return citizen.parse(self.cleaned_data["id_number"]).number
        except CodeError as why:
            raise forms.ValidationError(str(why)) from why
