"""Documents generated from the declarations, so that what is written is what runs."""

from .checks import checks_pages
from .flows import flow_page
from .measures import measures_page
from .rooms import rooms_page

__all__ = ["checks_pages", "flow_page", "measures_page", "rooms_page"]
