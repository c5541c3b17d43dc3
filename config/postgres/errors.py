"""The one error of this package."""


class PostgresError(Exception):
    """The database cannot be had; the message says in Chinese what is wrong and what to do."""
