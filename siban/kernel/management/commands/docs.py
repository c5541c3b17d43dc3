"""`siban docs`: write the generated documents, or with --check say which are stale."""

from configparser import ConfigParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from siban.kernel import documents
from siban.kernel.flow.machine import REGISTRY


class Command(BaseCommand):
    help = "生成流程、指标、检查规则和模块文档；--check 只检查是否最新"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只检查，不写入")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        root = Path(settings.ROOT)
        stale = []
        for path, text in self.pages(root).items():
            if not path.exists() or path.read_text() != text:
                stale.append(str(path.relative_to(root)))
                if not check:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text)
        if check and stale:
            raise CommandError(f"生成的文档不是最新：{'、'.join(stale)}。请执行 siban docs 后提交。")
        self.stdout.write("文档已是最新。" if not stale else f"已更新：{'、'.join(stale)}")

    def pages(self, root: Path) -> dict[Path, str]:
        contracts = ConfigParser()
        contracts.read(root / ".importlinter")
        layers = contracts["importlinter:contract:modules"]["layers"].strip().splitlines()
        pages = {
            root / "docs" / "flows" / f"{m.name}.md": documents.flow_page(m)
            for m in REGISTRY.values()
            if m.model.split(".")[0] != "test"
        }
        pages[root / "docs" / "measures.md"] = documents.measures_page()
        pages |= {root / "docs" / name: text for name, text in documents.checks_pages().items()}
        pages[root / "docs" / "modules.md"] = documents.rooms_page(root / "siban", layers)
        return pages
