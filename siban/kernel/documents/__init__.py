"""Documents generated from the declarations, so that what is written is what runs."""

from .flows import flow_page
from .measures import measures_page
from .rooms import rooms_page

__all__ = ["flow_page", "measures_page", "rooms_page"]
