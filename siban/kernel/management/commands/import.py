"""`siban import NAME [FILE]`: bring in a table of another office."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from siban.kernel import clock, imports
from siban.kernel.flow import Refused


class Command(BaseCommand):
    help = "导入事项、机构、区划、节假日等表格；重复导入同一份不会改变任何数据"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", nargs="?", help="导入什么；不写则列出可以导入的内容")
        parser.add_argument("path", nargs="?", help="文件或者文件夹；不写则用随产品提供的数据")

    def handle(self, *args: Any, **options: Any) -> None:
        name, path = options["kind"], options["path"]
        if name not in imports.REGISTRY:
            if name:
                self.stderr.write(f"没有“{name}”这种导入。")
            for kind in sorted(imports.REGISTRY.values(), key=lambda k: k.name):
                self.stdout.write(f"  {kind.name:<16}{kind.words}")
            if name:
                raise CommandError("请从上面列出的内容中选择一种。")
            return
        if path and not Path(path).exists():
            raise CommandError(f"找不到文件“{path}”，请核对路径。")
        try:
            for done in imports.REGISTRY[name].run(Path(path) if path else None, clock.now()):
                self.stdout.write(str(done))
                for note in done.notes:
                    self.stdout.write(f"  {note}")
        except Refused as why:
            raise CommandError(f"没有导入：\n{why}") from None
