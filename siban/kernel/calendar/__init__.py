"""Working days: national holidays, working weekends and local holidays by region.

The pure part is here; `store` keeps imported tables in the database.
"""

from .tables import TableDay, TableError, YearTable, build, national, national_tables, read
from .workdays import WorkCalendar

__all__ = ["TableDay", "TableError", "WorkCalendar", "YearTable", "build", "national", "national_tables", "read"]
