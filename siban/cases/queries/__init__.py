"""Everything read about cases, one file a page."""
