"""`siban accounts`: the demonstration log-ins, by role."""

import unicodedata
from typing import Any

from django.core.management.base import BaseCommand

from siban.identity import seeds


def padded(text: str, width: int) -> str:
    """Text filled up to a width in columns; a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(1, width - taken)


class Command(BaseCommand):
    help = "列出演示用的登录账号"

    def handle(self, *args: Any, **options: Any) -> None:
        rows = seeds.accounts_by_role()
        if not rows:
            self.stdout.write("还没有演示账号。运行 siban demo 建立演示数据。")
            return
        self.stdout.write(f"工作人员（密码都是 {seeds.password()}）：")
        for role, login, name, org in rows:
            self.stdout.write(f"  {padded(role, 20)}{padded(login, 14)}{padded(name, 20)}{org}")
        self.stdout.write("办事人（在登录页填写姓名和身份证号码，均为虚构）：")
        for one in seeds.CITIZENS:
            self.stdout.write(f"  {padded(one.name, 20)}{one.id_number}")
