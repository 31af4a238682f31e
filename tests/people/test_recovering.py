"""A new password: by mail, by an administrator's link; and the mail that invites."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
import msgspec
import pytest
from starlette.applications import Starlette

from intranet import people
from intranet.app import make_app
from intranet.kernel import House, Person, Refused, clock, new_id
from intranet.kernel.config import Settings
from intranet.people.writes import Deactivate, Import, Invite, LetIn, Reset, ResetLink, RevokeInvitation, SignIn
from tests import cast
from tests.people.forms import GOOD, Later, above, at_field, link, send
from tests.people.post import PostOffice, post_office

NOBODY = Person(0, role="guest", lang="de")
NEW = "vier ganz neue Wörter"


async def email_of(house: House, who: Person) -> str:
    entry = await house.read(people.person_entry, who, who.id)
    assert entry is not None
    return entry.email


async def can_sign_in(house: House, email: str, password: str) -> bool:
    try:
        await house.perform(NOBODY, SignIn(id=new_id(), email=email, password=password))
    except Refused:
        return False
    return True


# -- an administrator's link


async def test_a_link_chooses_a_password_once_and_ends_everything_else(home: House, client: httpx2.AsyncClient) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="administrator")
    jana = await cast.person(home, "Jana Reuter", hash=people.hash_of(GOOD))
    email = await email_of(home, jana)
    old = await cast.session_secret(home, jana)
    token = await link(home, ravi, ResetLink(id=new_id(), person=jana.id))
    assert f"Für Jana Reuter, {email}" in (await client.get(f"/reset/{token}")).text
    simple = await send(client, "people.reset", token=token, password=email)
    assert at_field(simple.text, "password") == "Dieses Passwort ist zu leicht zu erraten."
    done = await send(client, "people.reset", token=token, password=NEW)
    assert done.headers["location"] == "/"
    assert (await client.get("/me")).status_code == 200
    assert home.authenticate is not None
    assert await home.read(home.authenticate, "cookie", old) is None
    assert await can_sign_in(home, email, NEW)
    assert not await can_sign_in(home, email, GOOD)
    client.cookies.clear()
    assert (await client.get(f"/reset/{token}")).status_code == 404
    again = await send(client, "people.reset", token=token, password="noch ein anderes Wort")
    assert again.status_code == 404
    assert await can_sign_in(home, email, NEW)


async def test_a_link_lasts_three_days_and_a_newer_one_replaces_it(home: House, later: Later) -> None:
    ravi, jana = await cast.person(home, "Ravi Menon", role="owner"), await cast.person(home, "Jana Reuter")
    first = await link(home, ravi, ResetLink(id=new_id(), person=jana.id))
    second = await link(home, ravi, ResetLink(id=new_id(), person=jana.id))
    with pytest.raises(Refused, match="link-dead"):
        await home.perform(NOBODY, Reset(id=new_id(), token=first, password=NEW))
    later.pass_by(3 * clock.DAY)
    with pytest.raises(Refused, match="link-dead"):
        await home.perform(NOBODY, Reset(id=new_id(), token=second, password=NEW))


@pytest.mark.parametrize(
    ("role", "other", "may"),
    [
        ("owner", "owner", True), ("owner", "administrator", True), ("administrator", "editor", True),
        ("administrator", "guest", True), ("administrator", "administrator", False), ("administrator", "owner", False),
        ("editor", "guest", False), ("member", "member", False), ("guest", "member", False),
    ],
)  # fmt: skip
async def test_who_may_make_a_link_for_whom(home: House, role: str, other: str, may: bool) -> None:
    who, whom = await cast.person(home, "Ravi Menon", role=role), await cast.person(home, "Jana Reuter", role=other)
    write = ResetLink(id=new_id(), person=whom.id)
    if may:
        assert await link(home, who, write)
    else:
        with pytest.raises(Refused) as refused:
            await home.perform(who, write)
        assert refused.value.status == 403


async def test_a_link_of_the_deactivated_is_dead(home: House) -> None:
    ravi, jana = await cast.person(home, "Ravi Menon", role="owner"), await cast.person(home, "Jana Reuter")
    token = await link(home, ravi, ResetLink(id=new_id(), person=jana.id))
    await home.perform(ravi, Deactivate(id=new_id(), person=jana.id))
    with pytest.raises(Refused, match="link-dead"):
        await home.perform(NOBODY, Reset(id=new_id(), token=token, password=NEW))
    with pytest.raises(Refused, match="not-found"):
        await home.perform(ravi, ResetLink(id=new_id(), person=jana.id))


# -- by mail


@dataclass
class Mailing:
    app: Starlette
    house: House
    client: httpx2.AsyncClient
    office: PostOffice


@pytest.fixture
async def mailing(settings: Settings) -> AsyncIterator[Mailing]:
    """A house that sends mail to a post office of ours."""
    async with post_office() as office:
        app = make_app(msgspec.structs.replace(
            settings, smtp_host="127.0.0.1", smtp_port=office.port, smtp_tls="none", name="Quellmoor Pumpen",
            smtp_from="Binnen <binnen@quellmoor.example>", public_url="https://binnen.quellmoor.example",
        ))  # fmt: skip
        async with app.router.lifespan_context(app):
            base = "https://binnen.quellmoor.example"
            headers = {"Origin": base, "Accept-Language": "de", "Accept": "text/html"}
            transport = httpx2.ASGITransport(app=app)
            async with httpx2.AsyncClient(transport=transport, base_url=base, headers=headers) as client:
                yield Mailing(app, app.state.house, client, office)


@pytest.mark.parametrize(
    ("lang", "subject", "hello"),
    [
        ("de", "Ein neues Passwort für Quellmoor Pumpen", "Hallo Jo O'Brien-Köhler,"),
        ("nl", "Een nieuw wachtwoord voor Quellmoor Pumpen", "Hallo Jo O'Brien-Köhler,"),
        ("en", "A new password for Quellmoor Pumpen", "Hello Jo O'Brien-Köhler,"),
    ],
)
async def test_a_link_comes_by_mail_in_the_readers_language(
    mailing: Mailing, lang: str, subject: str, hello: str
) -> None:
    jana = await cast.person(mailing.house, "Jo O'Brien-Köhler", lang=lang)
    email = await email_of(mailing.house, jana)
    done = await send(mailing.client, "people.reset_request", email=email)
    assert "Falls es zu der Adresse ein Konto gibt" in (await mailing.client.get(done.headers["location"])).text
    mail, text = await mailing.office.next()
    assert (mail["To"], mail["Subject"]) == (email, subject)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert text.startswith(hello)
    found = re.search(r"^https://binnen\.quellmoor\.example/reset/([0-9a-f]{64})\s", text, re.MULTILINE)
    assert found is not None
    await mailing.house.perform(NOBODY, Reset(id=new_id(), token=found[1], password=NEW))
    assert await can_sign_in(mailing.house, email, NEW)


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(mailing: Mailing) -> None:
    ravi = await cast.person(mailing.house, "Ravi Menon", role="owner")
    gone = await cast.person(mailing.house, "Weg Gegangen")
    await mailing.house.perform(ravi, Deactivate(id=new_id(), person=gone.id))
    for email in ("nobody@quellmoor.example", await email_of(mailing.house, gone)):
        done = await send(mailing.client, "people.reset_request", email=email)
        assert done.headers["location"] == "/reset?sent=1"
    await send(mailing.client, "people.reset_request", email=await email_of(mailing.house, ravi))
    mail, _ = await mailing.office.next()  # jobs run in order: the first mail is the one of the third request
    assert mail["To"] == await email_of(mailing.house, ravi)
    assert mailing.office.mails.empty()


async def test_the_mailed_link_works_for_an_hour(mailing: Mailing, later: Later) -> None:
    jana = await cast.person(mailing.house, "Jana Reuter")
    await send(mailing.client, "people.reset_request", email=await email_of(mailing.house, jana))
    _, text = await mailing.office.next()
    token = text.split("/reset/")[1].split()[0]
    assert (await mailing.client.get(f"/reset/{token}")).status_code == 200
    later.pass_by(clock.HOUR)
    assert (await mailing.client.get(f"/reset/{token}")).status_code == 404


async def test_a_mail_that_is_turned_away_is_sent_again_with_the_same_link(mailing: Mailing, later: Later) -> None:
    jana = await cast.person(mailing.house, "Jana Reuter")
    runner = mailing.app.state.runner
    await runner.stop()
    mailing.office.closed = True
    await send(mailing.client, "people.reset_request", email=await email_of(mailing.house, jana))
    assert await runner.once() == 1
    assert mailing.office.turned_away.qsize() == 1
    assert await runner.once() == 0
    mailing.office.closed = False
    later.pass_by(clock.MINUTE)
    assert await runner.once() == 1
    _, text = await mailing.office.next()
    assert (await mailing.client.get(f"/reset/{text.split('/reset/')[1].split()[0]}")).status_code == 200


async def test_asking_is_limited(mailing: Mailing) -> None:
    for _ in range(10):
        assert (await send(mailing.client, "people.reset_request", email="jana@quellmoor.example")).status_code == 303
    page = await send(mailing.client, "people.reset_request", email="jana@quellmoor.example")
    assert page.status_code == 429
    assert "Zu viele Versuche" in above(page.text)


async def test_an_invitation_is_mailed_with_the_link_that_is_shown(mailing: Mailing) -> None:
    ravi = await cast.person(mailing.house, "Ravi Menon", role="owner")
    await cast.sign_in(mailing.client, mailing.house, ravi)
    mailing.client.cookies.set("__Host-binnen", mailing.client.cookies["binnen"])
    made = await send(mailing.client, "people.invite", email="neu@quellmoor.example", name="Ida Petersen")
    shown = (await mailing.client.get(made.headers["location"])).text
    mail, text = await mailing.office.next()
    assert mail["Subject"] == "Ravi Menon lädt ein: Quellmoor Pumpen"
    assert text.startswith("Hallo Ida Petersen,")
    assert "14 Tage lang" in text or "13 Tage lang" in text
    url = re.search(r"https://\S+", text)
    assert url is not None
    assert url[0] in shown
    assert "unterwegs an neu@quellmoor.example" in shown


async def test_a_withdrawn_invitation_is_not_mailed(mailing: Mailing) -> None:
    ravi = await cast.person(mailing.house, "Ravi Menon", role="owner")
    runner = mailing.app.state.runner
    await runner.stop()
    await mailing.house.perform(ravi, Invite(id=new_id(), email="neu@quellmoor.example"))
    invitation = (await mailing.house.read(people.open_invitations))[0]
    await mailing.house.perform(ravi, RevokeInvitation(id=new_id(), invitation=invitation.id))
    await mailing.house.perform(ravi, Invite(id=new_id(), email="zweite@quellmoor.example"))
    assert await runner.once() == 2
    mail, _ = await mailing.office.next()
    assert mail["To"] == "zweite@quellmoor.example"


async def test_without_mail_the_page_says_who_helps(client: httpx2.AsyncClient) -> None:
    page = (await client.get("/reset")).text
    assert "verschickt keine Mails" in page
    assert 'name="email"' not in page


# -- by mail, for those whom a list has made


async def test_who_was_made_by_a_list_is_invited_by_mail(mailing: Mailing) -> None:
    ravi = await cast.person(mailing.house, "Ravi Menon", role="owner", hash="known")
    text = "name;email;sprache\nMehmet Aydin;mehmet@quellmoor.example;de\nJan Jansen;jan@quellmoor.example;nl\n"
    await mailing.house.perform(ravi, Import(id=new_id(), text=text))
    mailing.client.cookies.set("__Host-binnen", await cast.session_secret(mailing.house, ravi))
    offered = await mailing.client.get("/admin/people?made=2&changed=0&refused=0")
    assert "Einladungen senden" in offered.text
    done = await send(mailing.client, "people.let_in", mail="true")
    assert "2 Einladungen sind per Mail unterwegs." in (await mailing.client.get(done.headers["location"])).text
    letters = {}
    for _ in range(2):
        mail, letter = await mailing.office.next()
        letters[str(mail["To"])] = (str(mail["Subject"]), letter)
    assert letters["jan@quellmoor.example"][0] == "Ravi Menon nodigt uit: Quellmoor Pumpen"
    subject, letter = letters["mehmet@quellmoor.example"]
    assert subject == "Ravi Menon lädt ein: Quellmoor Pumpen"
    assert letter.startswith("Hallo Mehmet Aydin,")
    assert "gilt einmal, 14 Tage lang" in letter
    token = letter.split("/reset/")[1].split()[0]
    await mailing.house.perform(NOBODY, Reset(id=new_id(), token=token, password=NEW))
    assert await can_sign_in(mailing.house, "mehmet@quellmoor.example", NEW)


async def test_no_invitation_goes_to_who_has_a_password_meanwhile(mailing: Mailing) -> None:
    ravi = await cast.person(mailing.house, "Ravi Menon", role="owner", hash="known")
    jana, olga = await cast.person(mailing.house, "Jana Reuter"), await cast.person(mailing.house, "Olga Petersen")
    runner = mailing.app.state.runner
    await runner.stop()
    await mailing.house.perform(ravi, LetIn(id=new_id(), mail=True))
    link = (await mailing.house.perform(ravi, ResetLink(id=new_id(), person=jana.id))).extra["link"]
    await mailing.house.perform(NOBODY, Reset(id=new_id(), token=link.rsplit("/", 1)[1], password=NEW))
    assert await runner.once() == 2
    mail, _ = await mailing.office.next()
    assert mail["To"] == await email_of(mailing.house, olga)
    assert mailing.office.mails.empty()
