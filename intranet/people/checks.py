"""What people type, tidied; what cannot be used is refused in words."""

import re
from functools import cache
from zoneinfo import available_timezones

from intranet.kernel import LANGUAGES, Refused, tidied, tidy

from .access import ROLES, SIDES

_ADDRESS = re.compile(r"[^@\s<>\",;:]{1,64}@[^@\s<>\",;:]+\.[^@\s<>\",;:.]{2,}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{2,38}")
LONGEST_NAME = 80
LONGEST_LINE = 120
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200


def clean_name(text: str) -> str:
    """A name of a person, team or token. Raises Refused 422."""
    return tidied(text, LONGEST_NAME, "name-long", "name-missing")


def clean_line(text: str) -> str:
    """A title or a site; may be empty. Raises Refused 422."""
    return tidied(text, LONGEST_LINE, "line-long")


def clean_email(text: str) -> str:
    """An address as it is compared: trimmed, lower case. Raises Refused 422."""
    address = tidy(text).lower()
    if not address:
        raise Refused(422, "email-missing")
    if "@" in address and "." not in address.rpartition("@")[2]:
        raise Refused(422, "email-ending")
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise Refused(422, "email-odd")
    return address


def clean_phone(text: str) -> str:
    """A telephone number as written, or empty. Raises Refused 422."""
    phone = tidy(text)
    if phone and not _PHONE.fullmatch(phone):
        raise Refused(422, "phone-odd")
    return phone


def clean_password(text: str, *near: str) -> str:
    """A password worth hashing. `near` are words it must not be, such as the address. Raises Refused 422."""
    if len(text) < SHORTEST_PASSWORD:
        raise Refused(422, "password-short", least=SHORTEST_PASSWORD)
    if len(text) > LONGEST_PASSWORD:
        raise Refused(422, "password-long", most=LONGEST_PASSWORD)
    if len(set(text)) < 5 or text.casefold() in {word.casefold() for word in near}:
        raise Refused(422, "password-simple")
    return text


def clean_side(side: str) -> str:
    """Raises Refused 422 for what is no side."""
    if side not in SIDES:
        raise Refused(422, "side-unknown")
    return side


def clean_role(role: str) -> str:
    """Raises Refused 422 for what is no role."""
    if role not in ROLES:
        raise Refused(422, "role-unknown")
    return role


def clean_lang(lang: str) -> str:
    """Raises Refused 422 for a language that Binnen does not speak."""
    if lang not in LANGUAGES:
        raise Refused(422, "lang-unknown")
    return lang


def clean_zone(zone: str) -> str:
    """A time zone's name, or empty for the organisation's. Raises Refused 422."""
    if zone and zone not in zones():
        raise Refused(422, "zone-unknown")
    return zone


@cache
def zones() -> frozenset[str]:
    """The zones people choose from."""
    odd = ("Etc/", "posix/", "right/", "SystemV/", "US/")
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith(odd))


def telephone(phone: str) -> str:
    """The number as `tel:` wants it."""
    return "".join(sign for sign in phone.replace("(0)", "") if sign.isdigit() or sign == "+")
