"""The open invitations, as administrators list them."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from intranet.kernel import clock, hashed

from .models import Invitation, PersonRow, Team


@dataclass(frozen=True, slots=True)
class Invited:
    """A link that still lets somebody in. `many`: everybody of a team, until it ends."""

    id: int
    name: str
    email: str
    role: str
    team: str
    many: bool
    until: int
    by: str

    @property
    def title(self) -> str:
        """Whom it is for."""
        return self.name or self.email or self.team


_COLUMNS = (
    Invitation.id, Invitation.name, Invitation.email, Invitation.role, Team.name.label("team"), Invitation.many,
    Invitation.until, PersonRow.name.label("inviter"),
)  # fmt: skip


def open_invitations(conn: Connection, token: str = "") -> list[Invited]:
    """All that have not ended, the newest first; with `token`, only the one of this link."""
    statement = (
        select(*_COLUMNS)
        .join(PersonRow, PersonRow.id == Invitation.by)
        .outerjoin(Team, Team.id == Invitation.team_id)
        .where(Invitation.until > clock.now())
        .order_by(Invitation.id.desc())
    )
    if token:
        statement = statement.where(Invitation.secret == hashed(token))
    return [
        Invited(row.id, row.name, row.email, row.role, row.team or "", row.many, row.until, row.inviter)
        for row in conn.execute(statement)
    ]
