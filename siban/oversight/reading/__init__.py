"""A notice read into proposals: title, number, date, problems, units, deadlines, targets, each with the place it stands at. Pure."""

from .notice import Ask, Found, NoticeRead, ProblemRead, read
from .units import Directory, Name

__all__ = ["Ask", "Directory", "Found", "Name", "NoticeRead", "ProblemRead", "read"]
