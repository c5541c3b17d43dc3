"""Everything read about cases, one question a file."""
