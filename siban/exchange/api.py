"""The door to exchange."""

from .actions import actor_of, answer_once, client_of, register_client
from .models import ApiClient

__all__ = ["ApiClient", "actor_of", "answer_once", "client_of", "register_client"]
