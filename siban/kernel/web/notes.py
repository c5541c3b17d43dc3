"""Messages that stand over the next page (“已保存”), kept in a cookie, else in the session; nothing is set up until one is said."""

from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage
from django.utils.functional import cached_property


class WhenSaid(FallbackStorage):
    """Django's fallback storage, made when first used: most requests neither say a message nor show one."""

    def __init__(self, request: Any, *args: Any, **kwargs: Any) -> None:
        self.request, self.used, self.added_new = request, False, False
        self._queued_messages: list[Any] = []

    @cached_property
    def storages(self) -> list[Any]:
        return [kind(self.request) for kind in self.storage_classes]

    @cached_property
    def _used_storages(self) -> set[Any]:
        return set()
