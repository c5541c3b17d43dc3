"""`siban manage client`: let a business system in, and show its token this once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from siban.exchange import api
from siban.identity.api import Org, Role
from siban.kernel import clock
from siban.kernel.actor import SYSTEM


class Command(BaseCommand):
    help = "登记一个接口调用方（业务系统），并显示它的访问令牌；令牌只显示这一次"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="业务系统名称，例如：综窗系统")
        parser.add_argument("--org", default="gov_service", help="所属机构的标识，默认旗政务服务局")
        parser.add_argument(
            "--role", default=Role.WINDOW_CLERK, choices=[r.value for r in Role], help="以什么岗位办理"
        )

    def handle(self, *args: Any, name: str, org: str, role: str, **options: Any) -> None:
        owner = Org.objects.filter(code=org).first()
        if owner is None:
            raise CommandError(f"没有标识为“{org}”的机构。请用机构标识，例如 gov_service、market_regulation。")
        _, token = api.register_client(
            name=name,
            org=owner,
            role=role,
            region_code=owner.region_id,
            scopes=["applications"],
            by=SYSTEM,
            at=clock.now(),
        )
        self.stdout.write(f"已登记“{name}”（{owner.name}）。访问令牌（只显示这一次）：\n{token}")
