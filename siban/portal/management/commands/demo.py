"""`siban demo`: the demonstration banner, built through actions with a fixed clock. Twice changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from siban.portal import seeds


class Command(BaseCommand):
    help = "建立演示旗县：机构、岗位、事项、指标目标和几份演示办件；已经有的不重复建"

    def handle(self, *args: Any, **options: Any) -> None:
        for step in seeds.build():
            self.stdout.write(step)
