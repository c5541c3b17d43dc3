"""`{% load ui %}`: the house's components as template tags; siban/kernel/ui/README.md lists them all."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import template
from django.forms import BaseForm
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from siban.kernel.ui import loose, parts, slots
from siban.kernel.ui.icons import ICONS

register = template.Library()
F = TypeVar("F", bound=Callable[..., dict[str, Any]])

VARIANTS = ("primary", "secondary", "danger", "quiet")
NOTICES = {"info": "提示", "success": "成功", "warning": "请注意", "error": "出错了"}
NOTICE_ICONS = {"info": "info", "success": "check", "warning": "warning", "error": "warning"}


def _component(name: str) -> Callable[[F], F]:
    return register.inclusion_tag(f"ui/components/{name}.html", name=name)


def _unique(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(4)}"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon; silent for screen readers unless it carries a label."""
    about = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    drawing = mark_safe(ICONS[name])
    return format_html('<svg class="sb-icon" viewBox="0 0 24 24" focusable="false" {}>{}</svg>', about, drawing)


def _button(label: str, variant: str, reason: str, **given: Any) -> dict[str, Any]:
    if variant not in VARIANTS:
        raise template.TemplateSyntaxError(f"unknown button variant {variant!r}, use one of {', '.join(VARIANTS)}")
    return {
        "label": label,
        "variant": variant,
        "reason": reason,
        "reason_id": _unique("why") if reason else "",
        **given,
    }


@_component("button")
def button(
    label: str,
    href: str = "",
    variant: str = "primary",
    type: str = "submit",  # noqa: A002 (the attribute's own name, as authors write it)
    name: str = "",
    value: str = "",
    reason: str = "",
    icon: str = "",
    small: bool = False,
    **attrs: Any,
) -> dict[str, Any]:
    """A button, or a link that looks like one when `href` is given; greyed with its reason when `reason` is."""
    extra = flatatt(loose.attributes(attrs))
    about = {"href": href, "type": type, "name": name, "value": value, "icon": icon, "small": small}
    return _button(label, variant, reason, extra=extra, **about)


@_component("choices")
def choices(
    offered: Sequence[Any], base: str = "", primary: str = "", danger: str = "", name: str = "", htmx: bool = False
) -> dict[str, Any]:
    """Buttons of a flow's choices, live or greyed with the refusal; stands inside a POST form.

    Each posts to `base` + the choice's name + "/"; with `name` set it sends name=choice to the form's own address.
    `primary` and `danger` are choice names (several by space); without `primary` the first live one is primary.
    """
    dangerous, chosen = danger.split(), primary.split()
    if not chosen:
        chosen = [c.name for c in offered if not c.refusal and c.name not in dangerous][:1]
    buttons = []
    for choice in offered:
        variant = "danger" if choice.name in dangerous else "primary" if choice.name in chosen else "secondary"
        address = "" if name else f"{base}{choice.name}/"
        post = {"formaction": address, **({"hx_post": address} if htmx else {})} if address else {}
        about = {"href": "", "type": "submit", "name": name, "value": choice.name if name else "", "icon": ""}
        extra = flatatt(loose.attributes(post))
        buttons.append(_button(choice.label, variant, choice.refusal or "", small=False, extra=extra, **about))
    return {"buttons": buttons}


@_component("lamp")
def lamp(tone: str, label: str) -> dict[str, Any]:
    """A state: green, amber, red, stopped, grey or blue, always with words."""
    return {"tone": parts.known_tone(tone), "label": label}


@_component("tag")
def tag(label: str) -> dict[str, Any]:
    """A plain category mark, for example 即办件."""
    return {"label": label}


@_component("summary_list")
def summary_list(rows: Sequence[Any], card: bool = False) -> dict[str, Any]:
    """Keys and values; rows are parts.Row or (key, value) pairs."""
    return {"rows": [row if isinstance(row, parts.Row) else parts.Row(*row) for row in rows], "card": card}


@_component("data_table")
def data_table(table: parts.Table, page: parts.Page | None = None) -> dict[str, Any]:
    """A parts.Table, with keyset pagination when a parts.Page is given."""
    return {"table": table, "heads": table.heads(), "lines": table.lines(), "foot": table.foot(), "page": page}


@_component("pagination")
def pagination(page: parts.Page, target: str = "", label: str = "") -> dict[str, Any]:
    """Previous and next; with `target` (a CSS selector) htmx changes only that part."""
    return {"page": page, "target": target, "label": label}


@_component("tabs")
def tabs(items: Sequence[parts.Tab], label: str = "分类") -> dict[str, Any]:
    """Tabs as links, so that each has its own address."""
    return {"items": items, "label": label}


@_component("timeline")
def timeline(entries: Sequence[parts.Entry], empty: str = "还没有办理记录。") -> dict[str, Any]:
    """What happened, newest as given."""
    return {"entries": entries, "empty": empty}


@_component("steps")
def steps(items: Sequence[parts.Step], label: str = "办理进度") -> dict[str, Any]:
    """Where a procedure stands."""
    return {"items": items, "label": label}


@_component("breadcrumb")
def breadcrumb(links: Sequence[parts.Link | tuple[str, str]], here: str = "") -> dict[str, Any]:
    """The way to this page; `here` is its own name, without a link."""
    return {"links": [a if isinstance(a, parts.Link) else parts.Link(*a) for a in links], "here": here}


@_component("empty")
def empty(title: str, hint: str = "", action: str = "", href: str = "", icon: str = "paper") -> dict[str, Any]:
    """Nothing here yet, why, and what one can do."""
    return {"title": title, "hint": hint, "action": action, "href": href, "icon": icon}


@_component("skeleton")
def skeleton(rows: int = 3, label: str = "正在加载…") -> dict[str, Any]:
    """Grey lines while content is on its way."""
    return {"lines": range(rows), "label": label}


@_component("stat")
def stat(label: str, value: Any, href: str = "", unit: str = "", note: str = "", tone: str = "grey") -> dict[str, Any]:
    """A figure; with `href` the number opens the list behind it."""
    about = {"label": label, "value": value, "href": href, "unit": unit, "note": note}
    return {"tone": parts.known_tone(tone), **about}


@_component("kbd")
def kbd(key: str, label: str) -> dict[str, Any]:
    """A key and what it does."""
    return {"key": key, "label": label}


@_component("masked")
def masked(value: str, url: str = "", label: str = "查看完整内容", csrf_token: str = "") -> dict[str, Any]:
    """A masked value; with `url` a button asks the server (POST) for the whole, which is journalled there."""
    return {"value": value, "url": url, "label": label, "csrf_token": csrf_token}


@_component("print_button")
def print_button(label: str = "打印本页") -> dict[str, Any]:
    return {"label": label}


@_component("copy_button")
def copy_button(text: str, label: str = "复制") -> dict[str, Any]:
    return {"text": text, "label": label}


@_component("toast")
def toast(text: str, tone: str = "success") -> dict[str, Any]:
    """A short message for the live region; send it with hx-swap-oob or `HX-Trigger: siban:toast`."""
    return {"text": text, "tone": tone}


@_component("error_summary")
def error_summary(form: BaseForm | None = None, errors: Sequence[Any] = (), quiet: bool = False) -> dict[str, Any]:
    """All errors at the top of the page, each a link to its field; from a form or from (text, url) pairs."""
    found = [e if isinstance(e, parts.Link) else parts.Link(*e) for e in errors]
    if form is not None and form.is_bound:
        found += [parts.Link(str(text), "") for text in form.non_field_errors()]
        for field in form:
            target = field.id_for_label or f"{field.auto_id}_0"
            found += [parts.Link(str(text), f"#{target}") for text in field.errors]
    return {"errors": found, "quiet": quiet}


@_component("chart")
def chart(option: dict[str, Any], table: parts.Table, label: str = "") -> dict[str, Any]:
    """An ECharts option drawn above the table that says the same; the page loads echarts.js in `scripts`."""
    return {"option": option, "table": table, "label": label or table.caption, "data_id": _unique("chart")}


@register.filter
def nav_groups(items: Any) -> list[tuple[str, list[parts.NavItem], bool]]:
    """Lines of the navigation under their headings: `{% for heading, lines, open in nav|nav_groups %}`."""
    return slots.groups(list(items))


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, *subject: object) -> SafeString:
    """What other modules put here: `{% slot "case.page.aside" page %}`."""
    request: HttpRequest = context["request"]
    return slots.render(name, request, *subject)


@register.simple_tag
def field(
    kind: str, name: str, label: str, value: Any = "", hint: str = "", error: str = "", required: bool = True,
    choices: Any = (), prefix: str = "id_", disabled: bool = False, **attrs: Any,
) -> SafeString:  # fmt: skip
    """One field outside a form class; kinds: text, textarea, select, radios, checkboxes, checkbox, day, date, upload."""
    made = loose.make(kind, label, hint=hint, required=required, choices=choices, **attrs)
    return loose.field_html(name, made, value=value, error=error, prefix=prefix, disabled=disabled)


def _wrap(name: str, content: str, **about: Any) -> SafeString:
    return render_to_string(f"ui/components/{name}.html", {"content": content, **about})


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """`{% notice "warning" title="…" %}…{% endnotice %}`: info, success, warning or error."""
    return _wrap("notice", content, kind=kind, kind_label=NOTICES[kind], icon=NOTICE_ICONS[kind], title=title)


@register.simple_block_tag
def card(content: str, title: str = "", href: str = "", level: int = 2) -> SafeString:
    """`{% card title="…" %}…{% endcard %}`"""
    return _wrap("card", content, title=title, href=href, level=level)


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False, group: str = "") -> SafeString:  # noqa: A002
    """`{% details "…" %}…{% enddetails %}`; several with one `group` are an accordion."""
    return _wrap("details", content, summary=summary, open=open, group=group)


@register.simple_block_tag
def filter_bar(content: str, action: str = "", clear: str = "", target: str = "", label: str = "筛选") -> SafeString:
    """`{% filter_bar clear=url %}fields{% endfilter_bar %}`: a GET form; with `target` htmx changes only that part."""
    return _wrap("filter_bar", content, action=action, clear=clear, target=target, label=label)


@register.simple_block_tag(takes_context=True)
def page_title(context: Context, content: str) -> SafeString:
    """Write the title block once and keep it as `page_title`, so that the h1 says the same as the tab."""
    title = context["page_title"] = mark_safe(content.strip())
    return title
