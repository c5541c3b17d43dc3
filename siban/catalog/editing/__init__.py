"""The manager's editor: which elements are edited where, how they are read from a draft and put back into one."""

from .elements import GROUPS, ElementsForm
from .rows import ROWS, RowSet, row_sets
from .writing import written

__all__ = ["GROUPS", "ROWS", "ElementsForm", "RowSet", "row_sets", "written"]
