"""Passwords as argon2id hashes (RFC 9106)."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from store.errors import Invalid

SHORTEST = 12
LONGEST = 200
_HASHER = PasswordHasher()  # the library's parameters: those that RFC 9106 recommends for little memory
_AT_ONCE = BoundedSemaphore(4)  # each takes 64 MiB


@cache
def _nobodys() -> str:
    """A hash that no password has; to make one takes as long as to look at one."""
    return _HASHER.hash("nobody's")


def hashed(password: str, email: str) -> str:
    """The hash of a new password. Raises `Invalid` when it is too short or long, or has the user's name in it."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"a password has {SHORTEST} to {LONGEST} characters")
    name = email.split("@")[0].lower()
    if (len(name) > 2 and name in password.lower()) or len(set(password)) < 5:
        raise Invalid("a password has neither the user's name in it nor always the same few characters")
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(hash_: str, password: str) -> bool:
    """Whether a password is that of the hash; without a hash never, in the same time."""
    try:
        with _AT_ONCE:
            return _HASHER.verify(hash_ or _nobodys(), password) and bool(hash_)
    except (VerificationError, InvalidHashError):
        return False
