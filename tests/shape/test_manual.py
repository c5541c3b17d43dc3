"""The manual: a page a role, and every picture it names is there, small, and used."""

import re
from pathlib import Path

import pytest
from django.conf import settings

MANUAL = Path(settings.ROOT) / "docs" / "manual"
PICTURES = MANUAL / "pictures"
PAGES = sorted(MANUAL.glob("*.md"))
LARGEST = 150 * 1024  # bytes
ROLES = (
    "办事群众和企业",
    "窗口人员",
    "审批人员",
    "事项管理员",
    "政务服务局和督查",
    "系统管理员",
    "审计监察",
    "苏木镇和嘎查",
    "热线和承办单位",
)


def named(page: Path) -> list[str]:
    return re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", page.read_text(encoding="utf-8"))


def test_there_is_a_page_for_every_role() -> None:
    titles = [page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for page in PAGES]
    assert sorted(title for title in titles if title != "使用手册") == sorted(ROLES)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_picture_a_page_names_is_there(page: Path) -> None:
    assert [name for name in named(page) if not (PICTURES / name).is_file()] == []


def test_every_picture_is_used_and_small() -> None:
    used = {name for page in PAGES for name in named(page)}
    assert {p.name for p in PICTURES.iterdir()} == used
    assert [p.name for p in PICTURES.iterdir() if p.stat().st_size > LARGEST] == []


def test_every_page_is_found_from_the_first() -> None:
    first = (MANUAL / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\]\(([a-z-]+\.md)\)", first)) == sorted(p.name for p in PAGES if p.name != "README.md")
