"""The verbs of this room, by what people do."""

from intranet.kernel import Answer, Verb
from intranet.people import writes
from intranet.people.throttle import Try, count, tries

from . import entering, importing, managing, recovering, sessions, teams


def _goto(answer: Answer) -> str:
    """Where the verb says; a repeat no longer knows, and the start page is right for everybody."""
    return str(answer.extra.get("goto", "/"))


VERBS = [
    Verb(Try, count, receipt=False, internal=True),
    Verb(writes.OpenSetUp, entering.open_set_up, receipt=False, internal=True),
    Verb(writes.Make, entering.make, internal=True),
    Verb(writes.Enter, entering.enter, receipt=False, internal=True),
    Verb(writes.MailReset, recovering.mail_reset, receipt=False, internal=True),
    Verb(writes.Seen, sessions.seen, receipt=False, internal=True),
    Verb(writes.Shown, sessions.shown, internal=True),
    Verb(
        writes.SetUp, entering.set_up, load=entering.load_set_up, prepare=entering.hash_new, nobody=True,
        first=tries("set-up"), goto=lambda _: "/welcome",
    ),
    Verb(
        writes.SignIn, entering.sign_in, load=entering.load_sign_in, prepare=entering.check_password, receipt=False,
        nobody=True, first=tries("sign-in", entering.account_of), goto=_goto,
    ),
    Verb(writes.SignOut, entering.sign_out, receipt=False, nobody=True, goto=lambda _: "/sign-in"),
    Verb(writes.Invite, managing.invite, goto=lambda answer: f"/admin/link/{answer.id}"),
    Verb(writes.RevokeInvitation, managing.revoke_invitation, goto=lambda _: "/admin/people?state=invited#invitations"),
    Verb(
        writes.Accept, entering.accept, load=entering.load_accept, prepare=entering.hash_new, nobody=True,
        first=tries("accept"), goto=lambda _: "/welcome",
    ),
    Verb(writes.ResetLink, recovering.reset_link, goto=lambda answer: f"/admin/link/{answer.id}"),
    Verb(writes.LetIn, recovering.let_in, goto=lambda answer: answer.extra.get("goto", f"/admin/links/{answer.id}")),
    Verb(
        writes.ResetRequest, recovering.reset_request, receipt=False, nobody=True,
        first=tries("reset", recovering.account_of), goto=lambda _: "/reset?sent=1",
    ),
    Verb(
        writes.Reset, recovering.reset, load=recovering.load_reset, prepare=recovering.hash_reset, nobody=True,
        first=tries("reset"), goto=_goto,
    ),
    Verb(
        writes.ChangePassword, recovering.change_password,
        first=tries("change-password", lambda person, _: str(person.id)), load=recovering.load_change,
        prepare=recovering.check_and_hash, receipt=False, goto=lambda _: "/me/sessions?done=password",
    ),
    Verb(writes.RevokeSession, sessions.revoke_session, receipt=False, goto=_goto),
    Verb(writes.MakeToken, sessions.make_token, goto=lambda answer: f"/me/token/{answer.id}"),
    Verb(writes.Profile, managing.profile, goto=lambda _: "/me?done=profile"),
    Verb(writes.Photo, managing.photo, goto=lambda _: "/me?done=photo"),
    Verb(writes.Admit, managing.admit, goto=_goto),
    Verb(writes.Deactivate, managing.deactivate, goto=_goto),
    Verb(writes.Reactivate, managing.reactivate, goto=_goto),
    Verb(writes.Import, importing.import_people, importing.may_import, importing.read_lines, goto=_goto),
    Verb(writes.TeamMake, teams.team_make, goto=lambda answer: f"/admin/teams/{answer.place}"),
    Verb(writes.TeamChange, teams.team_change, goto=_goto),
    Verb(writes.TeamMembers, teams.team_members, goto=_goto),
]  # fmt: skip
