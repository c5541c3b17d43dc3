"""What every room does when the house opens: load its tables and say what it listens to."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

FURNITURE = ("flow", "checks", "measures", "messages", "notices", "handlers", "tasks", "imports", "slots")


class Room(AppConfig):
    """An app that declares things by being imported: flows, figures, handlers, rounds, slots.

    Django takes the one configuration of an `apps.py` that is a default: the imported `Room` itself must not be one.
    """

    default = False

    def __init_subclass__(cls, **said: object) -> None:
        super().__init_subclass__(**said)
        cls.default = True

    def ready(self) -> None:
        for piece in FURNITURE:
            if find_spec(f"{self.name}.{piece}"):
                import_module(f"{self.name}.{piece}")
