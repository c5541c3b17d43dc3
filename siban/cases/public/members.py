"""经办人: who may act for an enterprise; the legal representative adds and ends, whoever it is may leave; both are told."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from siban.identity import api as identity
from siban.identity.gate import citizen_required
from siban.kernel import clock
from siban.kernel.codes import citizen
from siban.kernel.codes.errors import CodeError
from siban.kernel.flow import Refused
from siban.kernel.ui import forms as ui_forms
from siban.kernel.ui.paging import number_of, page_of

from .acting import UNKNOWN
from .apply import ASSURANCE

SIZE = 20


class MemberForm(ui_forms.Form):
    """Whom the legal representative lets act."""

    name = forms.CharField(label="经办人姓名", max_length=50)
    id_number = forms.CharField(
        label="身份证号码", max_length=18, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )  # fmt: skip

    def clean_id_number(self) -> str:
        try:
            return citizen.parse(self.cleaned_data["id_number"]).number
        except CodeError as why:
            raise forms.ValidationError(str(why)) from why


def _firm(request: HttpRequest, enterprise_id: UUID) -> identity.Enterprise:
    """An enterprise the person belongs to now; any other is not found."""
    person_id = request.actor.person_id  # type: ignore[attr-defined]
    found = next((firm for firm in identity.enterprises_of(person_id) if firm.pk == enterprise_id), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@never_cache
@citizen_required(assurance=ASSURANCE)
def members(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Those who act for an enterprise, and the form for one more."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    firm, form = _firm(request, enterprise_id), MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        person = identity.known_person(name=said["name"].strip(), id_number=said["id_number"])
        try:
            if person is None:
                raise Refused(UNKNOWN)
            identity.add_member(enterprise=firm, person=person, by=by, at=at)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"“{person.name}”现在可以替本单位办理，已经告诉本人。")
            return redirect("my-members", firm.pk)
    number = number_of(request.GET)
    shown, more = identity.members_of(firm, number=number, size=SIZE)
    leads = identity.EnterpriseMember.objects.filter(
        enterprise=firm, person_id=by.person_id, capacity=identity.EnterpriseMember.Capacity.LEGAL_REPRESENTATIVE
    ).exists()
    context = {
        "firm": firm, "members": shown, "page": page_of(len(shown), number, more), "form": form, "leads": leads,
        "me": by.person_id,
    }  # fmt: skip
    return render(request, "cases/public/members.html", context, status=422 if form.errors else 200)


@require_POST
@citizen_required(assurance=ASSURANCE)
def end(request: HttpRequest, enterprise_id: UUID, person_id: UUID) -> HttpResponse:
    """Somebody acts no longer; from this instant the cases of the enterprise are closed to them."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    firm = _firm(request, enterprise_id)
    person = identity.Person.objects.filter(memberships__enterprise=firm, pk=person_id).first()
    if person is None:
        raise Http404
    try:
        identity.end_membership(enterprise=firm, person=person, by=by, at=at)
    except Refused as why:
        messages.error(request, str(why))
        return redirect("my-members", firm.pk)
    messages.success(request, f"“{person.name}”不再替“{firm.name}”办理，已经告诉双方。")
    return redirect(
        "my-acting" if person.pk == by.person_id else "my-members", *(() if person.pk == by.person_id else (firm.pk,))
    )
