"""The front door: what people come for, in their words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siban.catalog import api as catalog
from siban.kernel.ui import slots


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page."""
    return render(
        request, "portal/home.html", {"home": catalog.home(), "tools": slots.collect("portal.tools", request)}
    )
