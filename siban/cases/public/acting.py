"""委托代办: letting somebody apply for oneself or one's enterprise, asking to apply for somebody, answering, ending."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from siban.cases.queries import acting as queries
from siban.identity import api as identity
from siban.identity.gate import citizen_required
from siban.kernel import clock
from siban.kernel.codes import citizen, uscc
from siban.kernel.codes.errors import CodeError
from siban.kernel.flow import Refused
from siban.kernel.ui import forms as ui_forms
from siban.kernel.ui.paging import number_of, page_of

from .apply import ASSURANCE

SIDES = (("give", "请对方替我办"), ("ask", "我替对方办（要对方同意）"))
UNKNOWN = "没有找到这个姓名和身份证号码的用户。请核对；对方没有用过本平台的，请先登录一次。"
NO_FIRM = "没有找到这个名称和统一社会信用代码的单位。请照营业执照（登记证书）核对。"


class EntrustmentForm(ui_forms.Form):
    """What an entrustment says."""

    side = forms.ChoiceField(label="谁替谁办", choices=SIDES, initial="give", widget=forms.RadioSelect)
    behalf = forms.ChoiceField(label="以谁的名义委托", required=False, widget=forms.RadioSelect)
    name = forms.CharField(label="对方姓名", max_length=100, help_text="替单位办的，填单位名称")
    id_number = forms.CharField(
        label="对方身份证号码", max_length=18, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="替单位办的，填统一社会信用代码，由单位的法定代表人确认",
    )  # fmt: skip
    purpose = forms.CharField(label="办什么事", max_length=200, help_text="例如：申请公租房")
    until = forms.DateField(label="最后一天", widget=ui_forms.DateInput(), help_text="最长三年，可以随时结束")
    may_use_certificates = forms.BooleanField(
        label="同意代办时使用委托人的电子证照", required=False, help_text="每次使用都有记录，委托人看得到"
    )
    signature = forms.CharField(
        label="委托人签名", max_length=50, required=False, help_text="请对方替我办的，填写您自己的姓名"
    )

    def __init__(self, *args: Any, firms: list[identity.Enterprise], **options: Any) -> None:
        super().__init__(*args, **options)
        ways = [("self", "本人"), *((str(firm.pk), firm.name) for firm in firms)]
        if firms:
            self.fields["behalf"].choices = ways  # type: ignore[attr-defined]
            self.fields["behalf"].initial = "self"
        else:
            del self.fields["behalf"]

    def clean_id_number(self) -> str:
        number = self.cleaned_data["id_number"].strip().upper()
        if self.cleaned_data.get("side") == "ask" and uscc.check(number) is None:
            return number  # type: ignore[no-any-return]
        try:
            return citizen.parse(number).number
        except CodeError as why:
            raise forms.ValidationError(str(why)) from why


@require_http_methods(["GET", "POST"])
@never_cache
@citizen_required(assurance=ASSURANCE)
def acting(request: HttpRequest) -> HttpResponse:
    """The entrustments of a person, and the form for a new one."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    firms = identity.enterprises_of(by.person_id)
    scope = queries.named_items(request.GET.getlist("item"))
    form = EntrustmentForm(request.POST or None, firms=firms)
    if request.method == "POST" and form.is_valid():
        try:
            _ask(form.cleaned_data, firms=firms, scope=scope, by=by, at=at)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "已经告诉对方。对方同意以后委托才生效。")
            return redirect("my-acting")
    number = number_of(request.GET)
    lines, more = queries.entrustments(by, at=at, number=number)
    context = {"lines": lines, "page": page_of(len(lines), number, more), "form": form, "scope": scope, "firms": firms}
    return render(request, "cases/public/acting.html", context, status=422 if form.errors else 200)


def _ask(said: dict[str, Any], *, firms: list[identity.Enterprise], scope: Any, by: Any, at: Any) -> None:
    me, name = identity.Person.objects.get(pk=by.person_id), said["name"].strip()
    firm = next((f for f in firms if str(f.pk) == said.get("behalf")), None) if said["side"] == "give" else None
    other = identity.known_person(name=name, id_number=said["id_number"])
    if said["side"] == "ask" and uscc.check(said["id_number"]) is None:
        firm = identity.known_enterprise(name=name, code=said["id_number"])
        if firm is None:
            raise Refused(NO_FIRM)
    elif other is None:
        raise Refused(UNKNOWN)
    agent, principal = (other, me) if said["side"] == "give" else (me, other)
    assert agent is not None
    identity.ask_entrustment(
        agent=agent, principal=principal, enterprise=firm, purpose=said["purpose"], until=said["until"], scope=scope,
        may_use_certificates=said["may_use_certificates"], signature=said["signature"], by=by, at=at,
    )  # fmt: skip


DONE = {
    "confirm": "您已经同意，委托从现在起生效。",
    "refuse": "您没有同意，委托没有生效。",
    "end": "委托已经结束，代办人从现在起不能再办理。",
}


@require_POST
@citizen_required(assurance=ASSURANCE)
def answer(request: HttpRequest, entrustment_id: UUID, name: str) -> HttpResponse:
    """Agree, refuse, or end one."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if name not in DONE or not identity.Entrustment.objects.visible_to(by).filter(pk=entrustment_id).exists():
        raise Http404
    try:
        if name == "confirm":
            signature = request.POST.get("signature", "")[:50]
            identity.confirm_entrustment(entrustment_id=entrustment_id, signature=signature, by=by, at=at)
        elif name == "refuse":
            identity.refuse_entrustment(entrustment_id=entrustment_id, by=by, at=at)
        else:
            identity.end_entrustment(entrustment_id=entrustment_id, by=by, at=at)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, DONE[name])
    return redirect("my-acting")
