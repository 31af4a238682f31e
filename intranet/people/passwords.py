"""Passwords: argon2id, slow on purpose, on the worker thread of `prepare`, never in the writer."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_room = threading.BoundedSemaphore(2)  # 64 MB each: more at once would only be slower
# Somebody unknown is checked against this, so that an answer takes as long as for somebody known.
NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$ihELKpqhronxgBE9jkZRug$eQySUv+FHc4MMZ8oB7nGa0oXRezf5nG49GUQRCxE7wY"


def hash_of(password: str) -> str:
    """What is stored of a password."""
    with _room:
        return _hasher.hash(password)


def is_right(stored: str, password: str) -> bool:
    """Whether this is the password; the same work whether there is one or not."""
    with _room:
        try:
            _hasher.verify(stored or NOBODYS, password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(stored)
