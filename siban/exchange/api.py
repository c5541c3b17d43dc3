"""The door to exchange."""

from .actions import actor_of, answer_row, client_of, given_answer, register_client
from .models import ApiClient

__all__ = ["ApiClient", "actor_of", "answer_row", "client_of", "given_answer", "register_client"]
