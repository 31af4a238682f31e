"""What a password costs who guesses: the product's own parameters, which all other tests do without."""

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from intranet.people import passwords

REAL, NOBODYS = passwords._hasher, passwords.NOBODYS  # as they are before a test makes them cheap


def test_the_real_ones_are_dear_and_as_dear_for_the_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", REAL)
    monkeypatch.setattr(passwords, "NOBODYS", NOBODYS)
    stored = passwords.hash_of("Ein gutes Passwort 7")
    cost = extract_parameters(stored)
    assert (cost.type, cost.hash_len, cost.salt_len) == (Type.ID, 32, 16)
    assert cost.memory_cost >= 64 * 1024
    assert cost.time_cost >= 3
    assert extract_parameters(NOBODYS) == cost, "the answer takes as long for somebody unknown"
    assert passwords.is_right(stored, "Ein gutes Passwort 7")
    assert not passwords.is_right(stored, "Ein gutes Passwort 8")
    assert not passwords.is_right("", "Ein gutes Passwort 7")
    assert not passwords.is_right("no hash at all", "Ein gutes Passwort 7")
    assert passwords.hash_of("Ein gutes Passwort 7") != stored, "salted"
