"""Passwords as argon2id hashes (RFC 9106)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from store.errors import Invalid

SHORTEST = 12
LONGEST = 200
_HASHER = PasswordHasher()  # the library's parameters: those that RFC 9106 recommends for little memory
_NOBODY = _HASHER.hash("nobody's")


def hashed(password: str, email: str) -> str:
    """The hash of a new password. Raises `Invalid` when it is too short or long, or has the user's name in it."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"a password has {SHORTEST} to {LONGEST} characters")
    if email.split("@")[0].lower() in password.lower() or len(set(password)) < 5:
        raise Invalid("a password has neither the user's name in it nor always the same few characters")
    return _HASHER.hash(password)


def matches(hash_: str, password: str) -> bool:
    """Whether a password is that of the hash; without a hash never, in the same time."""
    try:
        return _HASHER.verify(hash_ or _NOBODY, password) and bool(hash_)
    except (VerificationError, InvalidHashError):
        return False
