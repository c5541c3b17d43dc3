"""What pages hand to components: small frozen records, so that templates never compute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

TONES = ("green", "amber", "red", "stopped", "grey", "blue")
"""Lamp tones: 正常、临近、超期、停钟、无、信息. Always shown with words, never by colour alone."""


def known_tone(tone: str) -> str:
    """Return the tone, or refuse one that no style knows."""
    if tone not in TONES:
        raise ValueError(f"unknown tone {tone!r}, use one of {', '.join(TONES)}")
    return tone


@dataclass(frozen=True)
class NavItem:
    """A line of the desk's left navigation; `count` is what waits there, `group` the heading it stands under."""

    label: str
    url: str
    icon: str = "paper"
    current: bool = False
    count: int | None = None
    group: str = ""


@dataclass(frozen=True)
class Link:
    """A named address, for breadcrumbs, summary rows and error lines."""

    label: str
    url: str
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """One line of a summary list (要素表): key, value and, when it can be changed, where."""

    key: str
    value: object
    action: Link | None = None


@dataclass(frozen=True)
class Lamp:
    """A state in a word, with a tone."""

    tone: str
    label: str

    def __post_init__(self) -> None:
        known_tone(self.tone)


@dataclass(frozen=True)
class Column:
    """A table column; `sort_url` makes its head a link, `sorted` is 'ascending' or 'descending', `nowrap` keeps one line."""

    label: str
    numeric: bool = False
    sort_url: str = ""
    sorted: str = ""
    nowrap: bool = False

    @property
    def style(self) -> str:
        return "is-numeric" if self.numeric else "is-nowrap" if self.nowrap else ""


@dataclass(frozen=True)
class Cell:
    """A table cell: text, perhaps a link, a lamp or a quiet second line."""

    text: object = ""
    url: str = ""
    lamp: Lamp | None = None
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A data table. `rows` hold Cells or plain values, one for each column."""

    caption: str
    columns: Sequence[Column | str]
    rows: Sequence[Sequence[object]]
    empty: str = "没有符合条件的记录。"
    empty_hint: str = ""
    footer: Sequence[object] = ()
    caption_hidden: bool = False

    def heads(self) -> list[Column]:
        return [Column(column) if isinstance(column, str) else column for column in self.columns]

    def lines(self) -> list[list[tuple[Column, Cell]]]:
        return [self._line(row) for row in self.rows]

    def foot(self) -> list[tuple[Column, Cell]]:
        return self._line(self.footer) if self.footer else []

    def _line(self, row: Sequence[object]) -> list[tuple[Column, Cell]]:
        cells = (cell if isinstance(cell, Cell) else Cell(cell) for cell in row)
        return list(zip(self.heads(), cells, strict=True))


@dataclass(frozen=True)
class Page:
    """Where a list stands: keyset links to the neighbours and, when known, the total."""

    shown: int
    previous_url: str = ""
    next_url: str = ""
    total: int | None = None
    unit: str = "条"


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Entry:
    """One line of a timeline (办理经过): when, who, what, by which law, with what note."""

    at: datetime
    who: str
    what: str
    law: str = ""
    note: str = ""
    tone: str = "grey"

    def __post_init__(self) -> None:
        known_tone(self.tone)


@dataclass(frozen=True)
class Step:
    """One stage of a procedure: `state` is done, current or todo."""

    label: str
    state: str = "todo"
    note: str = ""

    STATES = {"done": "已完成", "current": "进行中", "todo": "未开始"}

    def __post_init__(self) -> None:
        if self.state not in self.STATES:
            raise ValueError(f"unknown step state {self.state!r}")

    @property
    def state_label(self) -> str:
        return self.STATES[self.state]


@dataclass(frozen=True)
class Figure:
    """A number of the staff home (slot `desk.home`): it opens the list it counts. `capped` = there may be more."""

    label: str
    value: int
    url: str
    tone: str = "grey"
    note: str = ""
    unit: str = "件"
    capped: bool = False

    def __post_init__(self) -> None:
        known_tone(self.tone)

    @property
    def text(self) -> str:
        return f"{self.value}+" if self.capped else str(self.value)


@dataclass(frozen=True)
class Findings:
    """What one room found for a search of the staff desk (slot `desk.search`): rows as in a table."""

    title: str
    table: Table
    more_url: str = ""


@dataclass(frozen=True)
class Site:
    """Names and addresses the layouts need; override any of them in settings.SIBAN_SITE."""

    name: str = "四办"
    region_name: str = "鄂温克族自治旗"
    hotline: str = "12345"
    demo: bool = True
    home_url: str = "/"
    search_url: str = "/items/"
    suggest_url: str = "/items/suggest/"
    login_url: str = "/login/"
    logout_url: str = "/logout/"
    security_url: str = "/desk/security/"
    account_url: str = "/my/"
    messages_url: str = "/my/messages/"
    desk_messages_url: str = "/desk/messages/"
    unread_url: str = "/messages/count/"
    elder_url: str = "/elder/"
    desk_url: str = "/desk/"
    desk_search_url: str = "/desk/search/"
    post_url: str = "/desk/post/"
    footer: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.name} · {self.region_name}政务服务"


@dataclass(frozen=True)
class Confirm:
    """What `ui/confirm.html` asks before a step that cannot be undone."""

    title: str
    body: str
    label: str
    back: str
    action: str = ""
    danger: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    layout: str = "ui/desk.html"
