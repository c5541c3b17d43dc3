"""The item library for other systems: list and full content, with entity tags."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema

from . import queries, search
from .search import Wanted

router = Router(tags=["事项"])


class ItemLine(Schema):
    """An item in a list."""

    impl_code: str
    name: str
    org_name: str
    item_type: str
    is_instant: bool
    is_online: bool
    onsite_visits: int | None
    places: int
    why: str


class ItemList(Schema):
    """A page of items; `after` is the mark of the next page, empty on the last; `meant` corrects a wrongly written question."""

    items: list[ItemLine]
    after: str
    nearest: bool
    meant: str
    unknown: list[str]


@router.get("/items", response=ItemList, summary="检索事项", operation_id="list_items")
def list_items(
    request: HttpRequest, q: str = "", after: str = "", who: str = "", topic: str = "", dept: str = "", region: str = "",
    online: bool = False, instant: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Items that answer a question, best first; without a question all of them."""
    wanted = Wanted(who, topic[:40], dept[:60], region[:12] if region.isdigit() else "", online, instant)
    found = search.find(q[:60].replace("\x00", ""), wanted=wanted, after=after)
    return {
        "items": found.hits, "after": found.after, "nearest": found.nearest, "meant": found.meant,
        "unknown": list(found.unknown),
    }  # fmt: skip


@router.get(
    "/items/{impl_code}",
    response={200: dict[str, Any], 404: dict[str, str]},
    summary="事项全部要素",
    operation_id="get_item",
)
def get_item(request: HttpRequest, impl_code: str) -> HttpResponse:
    """All elements of the version in force, as they are exchanged; the entity tag is the content hash."""
    version = queries.in_force(impl_code)
    if version is None:
        return JsonResponse({"error": "没有这个实施编码的事项，或者事项尚未发布。"}, status=404)
    tag = f'"{version.content_hash}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = JsonResponse(queries.raw_content(version.version_id), json_dumps_params={"ensure_ascii": False})
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response
