"""`siban hotline …`: the hotline on the command line. Each verb stands in a module of its own under `management/verbs`."""

from argparse import ArgumentParser
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.core.management.base import BaseCommand

from siban.hotline.management import verbs


class Command(BaseCommand):
    help = "12345 热线：知识库问答等"

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen = parser.add_subparsers(dest="verb", metavar="动作", title="动作", required=True)
        for module in sorted(m.name for m in iter_modules(verbs.__path__)):
            verb = import_module(f"{verbs.__name__}.{module}")
            child = chosen.add_parser(verb.NAME, help=verb.HELP, description=verb.HELP)
            verb.add_arguments(child)
            child.set_defaults(run=verb.run)

    def handle(self, *args: Any, **options: Any) -> None:
        options["run"](self, options)
