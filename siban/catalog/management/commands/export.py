"""`siban export items OUT.xlsx`: items with all their elements as a workbook."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from siban.catalog import exporting
from siban.catalog.models import ImplementationItem
from siban.catalog.workbook import writing
from siban.identity.api import Org, Region
from siban.kernel.codes import region
from siban.kernel.flow import Refused


class Command(BaseCommand):
    help = "把事项的全部要素导出为表格，改好以后可以再导入"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=["items"], help="导出什么：items 事项")
        parser.add_argument("path", type=Path, help="导出到哪个文件（.xlsx）")
        parser.add_argument("--org", default="", help="只导出这个机构的事项（机构标识）")
        parser.add_argument("--region", default="", help="只导出这个地区的事项（区划代码）")
        parser.add_argument("--template", action="store_true", help="只要空白模板")

    def handle(self, *args: Any, **options: Any) -> None:
        found = ImplementationItem.objects.order_by("slug")
        if code := options["org"]:
            if not Org.objects.filter(code=code).exists():
                raise CommandError(f"没有机构“{code}”，请核对机构标识。")
            found = found.filter(org__code=code)
        if code := options["region"]:
            if not Region.objects.filter(code=code).exists():
                raise CommandError(f"没有区划“{code}”，请核对 12 位区划代码。")
            found = found.filter(region_id__startswith=region.prefix(code))
        path: Path = options["path"]
        if path.suffix.lower() != ".xlsx":
            raise CommandError(f"文件名“{path.name}”应以 .xlsx 结尾。")
        if not path.parent.is_dir():
            raise CommandError(f"没有文件夹“{path.parent}”，请先建立。")
        try:
            count = writing.write(path, iter(()) if options["template"] else exporting.written(found))
        except Refused as why:
            path.unlink(missing_ok=True)
            raise CommandError(str(why)) from None
        self.stdout.write(f"已导出到 {path}：{'空白模板' if options['template'] else f'{count} 项'}。")
