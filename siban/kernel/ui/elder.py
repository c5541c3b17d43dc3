"""The 适老 (large type) choice: one POST form in the header, remembered in a cookie."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .context import ELDER_COOKIE

ONE_YEAR = 365 * 24 * 3600  # seconds


@csrf_exempt
@require_POST
def toggle(request: HttpRequest) -> HttpResponse:
    """Switch between large and normal type, then return to the page the form was on.

    No token is asked: the worst a forged request can do is to enlarge the letters, and kept pages need carry none.
    """
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.COOKIES.get(ELDER_COOKIE) == "1":
        response.delete_cookie(ELDER_COOKIE, samesite="Lax")
    else:
        response.set_cookie(ELDER_COOKIE, "1", max_age=ONE_YEAR, samesite="Lax", secure=request.is_secure())
    return response
