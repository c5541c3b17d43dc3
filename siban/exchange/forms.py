"""The shape of the settings for messages."""

from django import forms

from siban.kernel.ui import forms as ui_forms


class ChannelsForm(ui_forms.Form):
    sms_on = forms.BooleanField(label="发短信", required=False, help_text="晚上十点到早上八点不发，紧急的除外。")
    email_on = forms.BooleanField(label="发电子邮件", required=False, help_text="邮箱确认以后才会发。")


class EmailForm(ui_forms.Form):
    email = forms.CharField(
        label="电子邮箱",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="保存后会收到一封确认邮件，打开里面的链接才生效。不想再用邮件，就清空后保存。",
    )
