"""共同申请: whom one applies with, and what one is asked to apply for together."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siban.cases import access
from siban.cases.actions import joining as actions
from siban.cases.models import Case
from siban.cases.models_joint import CoApplicant
from siban.cases.queries import joint as queries
from siban.identity import api as identity
from siban.identity.gate import citizen_required, staff_required
from siban.kernel import clock
from siban.kernel.codes import citizen
from siban.kernel.codes.errors import CodeError
from siban.kernel.flow import Refused
from siban.kernel.ui import forms as ui_forms

UNKNOWN = "没有找到这个姓名和身份证号码的用户。请核对；对方没有用过本平台的，请先登录一次，或者一起到窗口办理。"


class CoApplicantForm(ui_forms.Form):
    """Whom to add."""

    name = forms.CharField(label="对方姓名", max_length=50)
    id_number = forms.CharField(
        label="对方身份证号码", max_length=18, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_id_number(self) -> str:
        try:
            return citizen.parse(self.cleaned_data["id_number"]).number
        except CodeError as why:
            raise forms.ValidationError(str(why)) from why


def _page(request: HttpRequest, case_id: UUID, *, at_counter: bool) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    case = Case.objects.visible_to(by).filter(pk=case_id, state="draft").first()
    if case is None or not access.applicant_or_counter(by, case):
        raise Http404
    here = reverse("counter-joint" if at_counter else "case-joint", args=[case_id])
    form = CoApplicantForm(request.POST if "name" in request.POST else None)
    try:
        if remove := request.POST.get("remove"):
            actions.remove_co_applicant(row_id=UUID(remove), by=by, at=at)
            return redirect(here)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            who = {"name": said["name"].strip(), "id_number": said["id_number"]}
            person = identity.known_person(**who) or (
                identity.register_person(**who, by=by, at=at) if at_counter else None
            )
            if person is None:
                form.add_error("name", UNKNOWN)
            else:
                actions.add_co_applicant(case_id=case_id, person=person, is_present=at_counter, by=by, at=at)
                messages.success(request, "已登记，本人在场。" if at_counter else "已邀请，对方同意以后才能提交。")
                return redirect(here)
    except Refused as why:
        form.add_error("name", str(why))
    except (CoApplicant.DoesNotExist, ValueError):
        raise Http404 from None
    back = reverse("counter-draft", args=[case_id]) if at_counter else reverse("case-apply", args=[case_id])
    context = {
        "form": form,
        "lines": queries.of_case(case),
        "case": case,
        "back": back,
        "at_counter": at_counter,
        "here": here,
    }
    template = "cases/desk/joint.html" if at_counter else "cases/public/joint.html"
    return render(request, template, context, status=422 if form.errors else 200)


@never_cache
@citizen_required
@require_http_methods(["GET", "POST"])
def joint(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Whom one applies with, while the application is being filled in."""
    return _page(request, case_id, at_counter=False)


@never_cache
@staff_required(*access.FRONT)
@require_http_methods(["GET", "POST"])
def at_counter(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who stands at the counter together with the applicant."""
    return _page(request, case_id, at_counter=True)


@never_cache
@citizen_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What one is asked to apply for together, and what one has agreed to."""
    return render(request, "cases/public/my_joint.html", {"lines": queries.of_person(request.actor)})  # type: ignore[attr-defined]


@require_POST
@never_cache
@citizen_required
def answer(request: HttpRequest, row_id: UUID, name: str) -> HttpResponse:
    """Agree, refuse, agree to take it back."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    try:
        if name == "withdraw":
            actions.agree_to_withdraw(row_id=row_id, by=by, at=at)
        elif name in ("agree", "refuse"):
            actions.answer_co_application(row_id=row_id, agrees=name == "agree", by=by, at=at)
        else:
            raise Http404
    except CoApplicant.DoesNotExist:
        raise Http404 from None
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已经记下您的答复。")
    return redirect("my-joint")
