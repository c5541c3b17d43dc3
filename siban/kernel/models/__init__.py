"""The kernel's tables."""

from .calendar import *
from .terms import *
