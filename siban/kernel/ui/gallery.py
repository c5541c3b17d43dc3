"""The gallery at /ui/: every component in every state, with content like the real one."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import forms as ui_forms
from . import gallery_data as data
from .context import Visitor
from .errors import FAILURES
from .parts import NavItem

CHAPTERS = {
    "buttons": "按钮与操作",
    "forms": "表单",
    "lists": "表格与清单",
    "progress": "状态与经过",
    "content": "提示与内容",
    "figures": "数字与图表",
    "print": "打印页",
    "error": "出错页",
    "confirm": "确认页",
}


class ApplyForm(ui_forms.Form):
    """A short application, to show each kind of field."""

    name = forms.CharField(label="姓名", max_length=30)
    id_number = forms.CharField(label="公民身份号码", max_length=18, help_text="18 位，最后一位是字母时填大写 X。")
    phone = forms.CharField(label="手机号码", help_text="办理进度会发短信到这个号码。")
    born_on = ui_forms.DayField(label="出生日期", help_text="例如 1990 年 3 月 8 日。")
    place = forms.ChoiceField(
        label="领证地点",
        choices=[("", "请选择"), ("hall", "旗政务服务中心"), ("sumu", "巴彦托海镇便民服务中心"), ("post", "邮寄到家")],
    )
    way = forms.ChoiceField(
        label="怎样交材料",
        choices=[("online", "网上提交"), ("window", "到窗口提交")],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label="需要的帮助",
        required=False,
        choices=[("read", "有人帮我读表"), ("mongolian", "蒙古语服务"), ("door", "上门服务")],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(label="申请理由", required=False, widget=forms.Textarea({"rows": 4}))
    visit_on = forms.DateField(label="预约日期", required=False, widget=ui_forms.DateInput())
    paper = forms.FileField(
        label="户口簿首页照片",
        required=False,
        help_text="照片或 PDF，不超过 10 MB。",
        widget=ui_forms.UploadInput(max_bytes=10 * 1024 * 1024, accept="image/*,.pdf", kinds="图片、PDF"),
    )
    agree = forms.BooleanField(label="我已看过告知内容，所填属实")

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if len(phone) != 11 or not phone.isdigit():
            raise forms.ValidationError(f"手机号码应为 11 位数字，现在是 {len(phone)} 位，请检查。")
        return str(phone)


def gallery(request: HttpRequest) -> HttpResponse:
    """Show one chapter; `?layout=portal` shows it in the citizens' frame."""
    chapter = request.GET.get("chapter", "buttons")
    if chapter not in CHAPTERS:
        chapter = "buttons"
    layout = "ui/portal.html" if request.GET.get("layout") == "portal" else "ui/desk.html"
    wrong = {
        "name": "",
        "phone": "13800",
        "born_on_year": "2023",
        "born_on_month": "2",
        "born_on_day": "30",
        "way": "online",
    }
    context = {
        "layout": layout,
        "chapter": chapter,
        "chapter_label": CHAPTERS[chapter],
        "chapters": data.tabs(CHAPTERS, chapter, request.GET.get("layout", "desk")),
        "form": ApplyForm(initial={"name": "其其格（演示）"}, auto_id="new_%s"),
        "wrong_form": ApplyForm(wrong, auto_id="wrong_%s"),
        "demo": data.demo(),
        "error": FAILURES[404],
        "confirm": data.CONFIRM,
        "actor": Visitor("娜仁（演示）", is_anonymous=False, kind="staff", post_label="综合窗口 · 旗政务服务中心"),
        "nav": [NavItem(label, f"?chapter={name}", "paper", name == chapter) for name, label in CHAPTERS.items()],
    }
    page = {"print": "ui/gallery/print.html", "error": "ui/error.html", "confirm": "ui/confirm.html"}
    return render(request, page.get(chapter, f"ui/gallery/{chapter}.html"), context)
