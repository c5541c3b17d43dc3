"""National codes: check them, read them, make them. Pure."""

from . import certificate, citizen, items, organisation, phone, region, uscc
from .errors import CodeError

__all__ = ["CodeError", "certificate", "citizen", "items", "organisation", "phone", "region", "uscc"]
