"""What a client may ask of this room. `None` means: leave it as it is."""

from intranet.kernel import Write


class SetUp(Write, tag="people.set_up"):
    """The first owner's account, with the link that the first start printed."""

    token: str
    name: str
    email: str
    password: str
    side: str = "office"
    lang: str = "de"
    device: str = ""


class OpenSetUp(Write, tag="people.open_set_up"):
    """Internal: the hash of the set-up link's secret."""

    secret: str


class Make(Write, tag="people.make"):
    """Internal: an account with everything it has. `hash` is a password's, or empty."""

    name: str
    email: str
    role: str = "member"
    side: str = "office"
    title: str = ""
    site: str = ""
    phone: str = ""
    lang: str = "de"
    zone: str = ""
    hash: str = ""
    teams: list[int] = []


class Enter(Write, tag="people.enter"):
    """Internal: a session without a password, for the sample company's one-click entries."""

    person: int
    secret: str
    device: str = ""


class SignIn(Write, tag="people.sign_in"):
    """By password. `device` is how the session is called in the list; `next` is where a form leads."""

    email: str
    password: str
    device: str = ""
    next: str = "/"


class SignOut(Write, tag="people.sign_out"):
    """End the session that asks."""


class Invite(Write, tag="people.invite"):
    """A link: for one person by address, or for a team until it ends."""

    email: str = ""
    name: str = ""
    role: str = "member"
    team: int = 0
    days: int = 14


class RevokeInvitation(Write, tag="people.revoke_invitation"):
    """The link works no longer."""

    invitation: int


class Accept(Write, tag="people.accept"):
    """Make the account that an invitation allows."""

    token: str
    name: str
    email: str
    password: str
    side: str = "office"
    lang: str = "de"
    device: str = ""


class ResetLink(Write, tag="people.reset_link"):
    """An administrator's link with which a person chooses a password."""

    person: int


class LetIn(Write, tag="people.let_in"):
    """A link each for all who were made by a list and have neither password nor link: by mail, or to hand out."""

    mail: bool = False


class ResetRequest(Write, tag="people.reset_request"):
    """Somebody has forgotten the password: a link by mail, if there is such an account. Nobody learns whether."""

    email: str


class Reset(Write, tag="people.reset"):
    """A new password by such a link."""

    token: str
    password: str
    device: str = ""


class MailReset(Write, tag="people.mail_reset"):
    """Internal: the link that a mail will carry."""

    person: int
    secret: str


class ChangePassword(Write, tag="people.change_password"):
    """With the old one; every other device is signed out."""

    old: str
    new: str


class RevokeSession(Write, tag="people.revoke_session"):
    """One session or token, or `others`: all devices but this one. `person`: all of theirs, by an administrator."""

    session: str = ""
    others: bool = False
    person: int = 0


class MakeToken(Write, tag="people.make_token"):
    """A named access token for a program; its secret is in this answer and nowhere else."""

    name: str


class Seen(Write, tag="people.seen"):
    """Internal: this session was used today."""

    session: str


class Shown(Write, tag="people.shown"):
    """Internal: a secret has been shown; its `id` is derived from the id of the write that made the secret."""


class Profile(Write, tag="people.profile"):
    """One's own profile."""

    name: str | None = None
    title: str | None = None
    site: str | None = None
    phone: str | None = None
    side: str | None = None
    lang: str | None = None
    zone: str | None = None


class Photo(Write, tag="people.photo"):
    """The own picture by the hash under which its bytes are kept, or none."""

    photo: str = ""


class Admit(Write, tag="people.admit"):
    """An administrator changes somebody. `teams` are all teams the person is in from now on."""

    person: int
    name: str | None = None
    email: str | None = None
    role: str | None = None
    side: str | None = None
    title: str | None = None
    site: str | None = None
    phone: str | None = None
    teams: list[int] | None = None


class Deactivate(Write, tag="people.deactivate"):
    """End all sessions and tokens; what the person wrote stays."""

    person: int


class Reactivate(Write, tag="people.reactivate"):
    """Let the person in again."""

    person: int


class Import(Write, tag="people.import"):
    """Make and change people by a list (CSV text); the same list again changes nothing."""

    text: str


class TeamMake(Write, tag="people.team_make"):
    """A new team."""

    name: str


class TeamChange(Write, tag="people.team_change"):
    """Another name for a team, or its end."""

    team: int
    name: str | None = None
    gone: bool = False


class TeamMembers(Write, tag="people.team_members"):
    """Who joins and who leaves a team."""

    team: int
    add: list[int] = []
    remove: list[int] = []
