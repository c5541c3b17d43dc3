"""What templates of supervision need to look up."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def of_problem(found: dict[int, dict[str, list[Any]]], number: int) -> list[Any]:
    """The places of one problem that have a link beside its boxes, in the order of the boxes."""
    of = found.get(number, {})
    return [p for kind in ("title", "finding", "requirement", "due", "target") for p in of.get(kind, ())]


@register.filter
def names_of(found: dict[int, dict[str, list[Any]]], number: int) -> list[Any]:
    """The names of units that were read in one problem."""
    return found.get(number, {}).get("name", [])


@register.filter
def item(found: dict[Any, Any], key: Any) -> Any:
    """What a dictionary holds under a key; empty where it holds nothing."""
    return found.get(key, "")
