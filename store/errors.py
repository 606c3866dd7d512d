"""Errors of the store. An exception's docstring is its message; its HTTP status sits on the class."""

from __future__ import annotations


class VigieError(Exception):
    """Something went wrong."""

    http_status = 500
    exit_code = 1

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or (type(self).__doc__ or "").strip())


class NotFound(VigieError):
    """There is no such record."""

    http_status = 404


class Conflict(VigieError):
    """A record with the same key exists already."""

    http_status = 409


class Invalid(VigieError):
    """A value is not valid."""

    http_status = 422
    exit_code = 2


class Unavailable(VigieError):
    """The database cannot be reached; it is tried again later."""

    http_status = 503
    exit_code = 3
