"""Legal procedures as tables: a Machine is the only writer of its state field."""

from .machine import Machine, Step
from .moves import STAYS, Choice, Deadline, Move, Refused, WrongMachine
from .walk import Walk

__all__ = ["STAYS", "Choice", "Deadline", "Machine", "Move", "Refused", "Step", "Walk", "WrongMachine"]
