"""Shape of log-in input."""

from collections.abc import Sequence
from typing import Any

from django import forms

from siban.kernel.codes import citizen
from siban.kernel.codes.errors import CodeError
from siban.kernel.ui import forms as ui_forms

from .models import Org
from .passwords import Composed
from .roles import Role

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


def _secret_box(label: str, autocomplete: str, hint: str = "") -> forms.CharField:
    box = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=128, strip=False, help_text=hint, widget=box)


class PasswordChange(ui_forms.Form):
    """The old password, the new one twice."""

    old = _secret_box("原密码", "current-password")
    new = _secret_box("新密码", "new-password", Composed().get_help_text())
    again = _secret_box("再填一次新密码", "new-password")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("new") and said.get("again") and said["new"] != said["again"]:
            self.add_error("again", "两次填写的新密码不一样，请重新填写。")
        return said


class TotpOn(ui_forms.Form):
    """A code of the authenticator, to prove that it was set up."""

    totp = forms.CharField(
        label="身份验证器里现在显示的 6 位数字", max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class TotpOff(ui_forms.Form):
    """The password, to prove that it is oneself."""

    password = _secret_box("登录密码", "current-password")


STAFF_ROLES = [(r.value, r.label) for r in Role if r != Role.APPLICANT]


class PostGiven(ui_forms.Form):
    """A role at an organisation of the territory."""

    org = forms.ChoiceField(label="单位")
    role = forms.ChoiceField(label="岗位", choices=STAFF_ROLES)

    def __init__(self, *args: Any, orgs: Sequence[Org], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["org"].choices = [("", "请选择"), *((str(o.pk), o.name) for o in orgs)]  # type: ignore[attr-defined]


class AccountOpened(PostGiven):
    """A new staff account with its first post and a first password."""

    login = forms.RegexField(
        r"^[a-z][a-z0-9._-]{2,39}$", label="账号", max_length=40,
        help_text="3 到 40 个字符，小写字母开头，可以有数字、点和短横线",
        error_messages={"invalid": "账号应为 3 到 40 个字符，小写字母开头，只能有小写字母、数字、点和短横线。"},
    )  # fmt: skip
    name = forms.CharField(label="姓名", max_length=50)
    password = _secret_box("初始密码", "new-password", f"{Composed().get_help_text()}本人第一次登录时必须更换。")
    field_order = ["login", "name", "org", "role", "password"]


class PasswordReset(ui_forms.Form):
    """A new first password."""

    password = _secret_box("新的初始密码", "new-password", "本人下次登录时必须更换；原来的动态验证同时关闭。")
