"""`GET /healthz`: is the house open, which version, does the database answer."""

from importlib.metadata import PackageNotFoundError, version

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse


def healthz(request: HttpRequest) -> JsonResponse:
    """200 with `{"status": "ok", …}`; 503 with `"status": "degraded"` when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        database = "ok"
    except Error:
        connection.close()
        database = "unreachable"
    try:
        here = version("siban")
    except PackageNotFoundError:
        here = "0.6.0"
    ok = database == "ok"
    return JsonResponse(
        {"status": "ok" if ok else "degraded", "version": here, "database": database}, status=200 if ok else 503
    )
