"""Who acts: a value handed to every verb and every reading function."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["owner", "administrator", "editor", "member", "guest"]
Side = Literal["field", "office", "both"]


@dataclass(frozen=True, slots=True)
class Person:
    """The actor of a request. `id` is also the id of the person's own place; 0 is nobody, -1 the system itself."""

    id: int
    name: str = ""
    role: Role = "member"
    lang: str = "en"
    side: Side = "office"
    session: str = ""  # id of the session or token that speaks; "" for none
    address: str = ""  # network address of the request, for throttling only; never stored with an act

    @property
    def is_admin(self) -> bool:
        return self.role in ("owner", "administrator")

    @property
    def is_guest(self) -> bool:
        return self.role == "guest"


NOBODY = Person(0, role="guest")
SYSTEM = Person(-1, "Binnen", role="administrator")
