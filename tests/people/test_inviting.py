"""Invitations: for one, for a team, ended, withdrawn, used up; and who may make them."""

import asyncio
from typing import Any

import httpx2
import pytest

from intranet import people
from intranet.kernel import House, Person, Refused, clock, new_id
from intranet.people.writes import Accept, Deactivate, Invite, RevokeInvitation, TeamChange, TeamMake
from tests import cast
from tests.people.forms import GOOD, Later, at_field, link, send, typed

NOBODY = Person(0, role="guest", lang="de")


async def accept(home: House, token: str, name: str = "Neu Er", email: str = "neu@quellmoor.example") -> int:
    write = Accept(id=new_id(), token=token, name=name, email=email, password=GOOD)
    return (await home.perform(NOBODY, write)).place


async def test_a_link_lets_exactly_one_in(home: House, client: httpx2.AsyncClient) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    token = await link(home, ravi, Invite(id=new_id(), email="neu@quellmoor.example", name="Ida Petersen"))
    page = await client.get(f"/invitation/{token}")
    assert "Ravi Menon hat eine Einladung geschickt." in page.text
    assert typed(page.text, "name") == "Ida Petersen"
    fields = {"token": token, "name": "Ida Petersen", "email": "other@quellmoor.example", "side": "both"}
    short = await send(client, "people.accept", **fields, password="kurz")
    assert at_field(short.text, "password") == "Das Passwort braucht mindestens 12 Zeichen."
    done = await send(client, "people.accept", **fields, password=GOOD)
    assert done.headers["location"] == "/welcome"
    page = await client.get("/welcome")
    assert "Willkommen, Ida." in page.text
    assert "neu@quellmoor.example" in (await client.get("/me")).text  # the invited address, whatever the form said
    client.cookies.clear()
    used = await client.get(f"/invitation/{token}")
    assert used.status_code == 404
    assert "verbraucht oder abgelaufen" in used.text


async def test_two_at_once_one_gets_in(home: House) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    token = await link(home, ravi, Invite(id=new_id(), email="neu@quellmoor.example"))
    tries = await asyncio.gather(*(accept(home, token) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, int) for one in tries) == 1
    assert all(isinstance(one, int | Refused) for one in tries)


async def test_a_team_link_lets_many_in_and_into_the_team(home: House) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="administrator")
    team = (await home.perform(ravi, TeamMake(id=new_id(), name="Service Süd"))).place
    token = await link(home, ravi, Invite(id=new_id(), team=team))
    made = [await accept(home, token, f"Person {n}", f"p{n}@quellmoor.example") for n in range(3)]
    assert await home.read(people.people_of_team, team) == made
    await home.perform(ravi, TeamChange(id=new_id(), team=team, gone=True))
    with pytest.raises(Refused, match="link-dead"):
        await accept(home, token, "Too Late", "late@quellmoor.example")


async def test_a_link_ends(home: House, later: Later) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    token = await link(home, ravi, Invite(id=new_id(), email="neu@quellmoor.example", days=3))
    later.pass_by(3 * clock.DAY - 1)
    assert [one.email for one in await home.read(people.open_invitations)] == ["neu@quellmoor.example"]
    later.pass_by(1)
    assert await home.read(people.open_invitations) == []
    with pytest.raises(Refused, match="link-dead"):
        await accept(home, token)


async def test_a_link_is_withdrawn_by_any_administrator(home: House, client: httpx2.AsyncClient) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    token = await link(home, ravi, Invite(id=new_id(), email="neu@quellmoor.example"))
    invitation = (await home.read(people.open_invitations))[0].id
    jana = await cast.person(home, "Jana Reuter", role="editor")
    with pytest.raises(Refused, match="not-allowed"):
        await home.perform(jana, RevokeInvitation(id=new_id(), invitation=invitation))
    other = await cast.person(home, "Silke Brandt", role="administrator")
    await home.perform(other, RevokeInvitation(id=new_id(), invitation=invitation))
    assert (await client.get(f"/invitation/{token}")).status_code == 404
    with pytest.raises(Refused, match="link-dead"):
        await accept(home, token)


async def test_links_of_who_is_out_are_dead(home: House) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    silke = await cast.person(home, "Silke Brandt", role="administrator")
    token = await link(home, silke, Invite(id=new_id(), email="neu@quellmoor.example"))
    await home.perform(ravi, Deactivate(id=new_id(), person=silke.id))
    with pytest.raises(Refused, match="link-dead"):
        await accept(home, token)


async def test_a_repeat_is_the_same_account(home: House) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    token = await link(home, ravi, Invite(id=new_id(), email="neu@quellmoor.example"))
    write = Accept(id=new_id(), token=token, name="Neu", email="neu@quellmoor.example", password=GOOD)
    first = await home.perform(NOBODY, write)
    again = await home.perform(NOBODY, write)
    assert (again.place, again.repeat) == (first.place, True)
    assert "set_session" not in again.extra


@pytest.mark.parametrize(
    ("role", "invited", "code"),
    [
        ("guest", "guest", "not-allowed"), ("member", "member", "not-allowed"), ("editor", "member", "not-allowed"),
        ("administrator", "member", ""), ("administrator", "editor", ""), ("administrator", "guest", ""),
        ("administrator", "administrator", "only-owners"), ("administrator", "owner", "only-owners"),
        ("owner", "administrator", ""), ("owner", "owner", "invite-high"), ("owner", "king", "role-unknown"),
    ],
)  # fmt: skip
async def test_who_may_invite_whom(home: House, role: str, invited: str, code: str) -> None:
    who = await cast.person(home, "Ravi Menon", role=role)
    write = Invite(id=new_id(), email="neu@quellmoor.example", role=invited)
    if code:
        with pytest.raises(Refused, match=code):
            await home.perform(who, write)
        assert await home.read(people.open_invitations) == []
    else:
        person = await accept(home, await link(home, who, write))
        found = await home.read(people.person_of, person)
        assert found is not None
        assert found.role == invited


ODD: list[tuple[dict[str, Any], str]] = [
    ({}, "invite-nobody"), ({"email": "x"}, "email-odd"), ({"email": "a@b.example", "days": 0}, "days-odd"),
    ({"email": "a@b.example", "days": 91}, "days-odd"), ({"email": "a@b.example", "team": 999}, "team-unknown"),
]  # fmt: skip


async def test_what_is_no_invitation(home: House) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    for fields, code in ODD:
        with pytest.raises(Refused, match=code):
            await home.perform(ravi, Invite(id=new_id(), **fields))


async def test_somebody_who_is_here_is_not_invited(home: House) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    here = (await home.read(people.directory, ravi))[0].email
    with pytest.raises(Refused, match="email-taken"):
        await home.perform(ravi, Invite(id=new_id(), email=here.upper()))
