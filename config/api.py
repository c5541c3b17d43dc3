"""The programming interface: one OpenAPI document, each module's router under /api/v1/."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI

from siban.cases.endpoints import router as cases_router
from siban.catalog.endpoints import router as catalog_router
from siban.kernel.flow import Refused

api = NinjaAPI(
    title="四办一体化政务服务平台接口",
    version="1.0.0",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api-v1",
)
api.add_router("", catalog_router)
api.add_router("", cases_router)


@api.exception_handler(Refused)
def refused(request: HttpRequest, why: Refused) -> HttpResponse:
    """A move the law does not allow now."""
    return JsonResponse({"error": str(why)}, status=409)
