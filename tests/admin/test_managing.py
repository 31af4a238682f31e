"""The administrators' pages and verbs: who may, what it does, what comes back."""

from typing import Any

import httpx2
import pytest

from intranet import people
from intranet.kernel import House, Person, Refused, new_id
from intranet.people.writes import (
    Admit,
    Deactivate,
    Import,
    Reactivate,
    RevokeSession,
    TeamChange,
    TeamMake,
    TeamMembers,
)
from tests import cast
from tests.people.forms import above, at_field, send, typed

PAGES = ("/admin/people", "/admin/invite", "/admin/people/{jana}", "/admin/people/import", "/admin/teams",
         "/admin/teams/{team}", "/admin/link/nothing")  # fmt: skip
ROLES = ("guest", "member", "editor", "administrator", "owner")


async def entry(house: House, person: int) -> people.Entry:
    owner = Person(0, role="owner")
    found = await house.read(people.person_entry, owner, person)
    assert found is not None
    return found


async def test_anothers_page_offers_link_sign_out_and_deactivation_the_own_does_not(
    home: House, client: httpx2.AsyncClient
) -> None:
    owner, jana = await cast.person(home, "Ravi Menon", role="owner"), await cast.person(home, "Jana Reuter")
    await cast.sign_in(client, home, owner)
    verbs = ("people.reset_link", "people.revoke_session", "people.deactivate")
    for who, offered in ((jana, True), (owner, False)):
        text = (await client.get(f"/admin/people/{who.id}")).text
        assert [f'value="{verb}"' in text for verb in verbs] == [offered] * 3
        assert ('href="/me/sessions"' in text) is not offered


@pytest.mark.parametrize("role", ROLES)
async def test_the_pages_are_administrators(home: House, client: httpx2.AsyncClient, role: str) -> None:
    owner, jana = await cast.person(home, "Ravi Menon", role="owner"), await cast.person(home, "Jana Reuter")
    team = (await home.perform(owner, TeamMake(id=new_id(), name="Service"))).place
    who = await cast.person(home, "Some Body", role=role)
    await cast.sign_in(client, home, who)
    for path in PAGES:
        answer = await client.get(path.format(jana=jana.id, team=team))
        wanted = (404 if path.endswith("nothing") else 200) if role in people.HIGH else 403
        assert answer.status_code == wanted, path
        if wanted == 403:
            assert "quellmoor.example" not in answer.text, path
    posted = await client.post("/admin/people/import", files={"file": ("a.csv", b"Name;E-Mail\nA;a@b.example")})
    assert posted.status_code == (200 if role in people.HIGH else 403)


@pytest.mark.parametrize("role", ["guest", "member", "editor"])
async def test_the_verbs_are_administrators(home: House, role: str) -> None:
    owner, jana = await cast.person(home, "Ravi Menon", role="owner"), await cast.person(home, "Jana Reuter")
    team = (await home.perform(owner, TeamMake(id=new_id(), name="Service"))).place
    who = await cast.person(home, "Some Body", role=role)
    for write in (
        Admit(id=new_id(), person=jana.id, title="x"), Admit(id=new_id(), person=who.id, role="owner"),
        Admit(id=new_id(), person=who.id, email="new@b.example"), Deactivate(id=new_id(), person=jana.id),
        Reactivate(id=new_id(), person=jana.id), Import(id=new_id(), text="Name;E-Mail\nA;a@b.example"),
        TeamMake(id=new_id(), name="Mehr"), TeamChange(id=new_id(), team=team, name="x"),
        TeamChange(id=new_id(), team=team, gone=True), TeamMembers(id=new_id(), team=team, add=[who.id]),
        RevokeSession(id=new_id(), person=jana.id),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            await home.perform(who, write)
        assert (refused.value.status, type(write).__name__) == (403, type(write).__name__)
    assert (await entry(home, jana.id)).title == ""


@pytest.mark.parametrize(
    ("role", "other", "to", "code"),
    [
        ("administrator", "member", "editor", ""), ("administrator", "member", "administrator", "only-owners"),
        ("administrator", "administrator", "member", "only-owners"),
        ("administrator", "owner", "member", "only-owners"), ("owner", "owner", "member", ""),
        ("owner", "member", "administrator", ""), ("owner", "administrator", "guest", ""),
        ("owner", "member", "owner", ""),
    ],
)  # fmt: skip
async def test_who_may_give_which_role(home: House, role: str, other: str, to: str, code: str) -> None:
    who, whom = await cast.person(home, "Ravi Menon", role=role), await cast.person(home, "Jana Reuter", role=other)
    write = Admit(id=new_id(), person=whom.id, role=to)
    if code:
        with pytest.raises(Refused, match=code):
            await home.perform(who, write)
    else:
        await home.perform(who, write)
    assert (await entry(home, whom.id)).role == (other if code else to)


async def test_the_last_owner_stays(home: House) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    with pytest.raises(Refused, match="last-owner"):
        await home.perform(ravi, Admit(id=new_id(), person=ravi.id, role="member"))
    with pytest.raises(Refused, match="not-oneself"):
        await home.perform(ravi, Deactivate(id=new_id(), person=ravi.id))
    jana = await cast.person(home, "Jana Reuter", role="owner")
    await home.perform(ravi, Deactivate(id=new_id(), person=jana.id))
    with pytest.raises(Refused, match="last-owner"):
        await home.perform(ravi, Admit(id=new_id(), person=ravi.id, role="member"))


async def test_a_person_is_changed_by_the_form(home: House, client: httpx2.AsyncClient) -> None:
    ravi, jana = await cast.person(home, "Ravi Menon", role="owner"), await cast.person(home, "Jana Reuter")
    teams = [(await home.perform(ravi, TeamMake(id=new_id(), name=name))).place for name in ("Süd", "Nord")]
    await cast.sign_in(client, home, ravi)
    fields: dict[str, Any] = {
        "person": str(jana.id), "name": "Jana Kühn", "email": "Jana.Kuehn@quellmoor.example", "title": "Angebote",
        "site": "Halden", "phone": "", "role": "editor", "side": "both",
    }  # fmt: skip
    done = await send(client, "people.admit", **fields, teams=["0", *map(str, teams)])
    assert done.headers["location"] == f"/admin/people/{jana.id}?done=saved"
    changed = await entry(home, jana.id)
    assert (changed.name, changed.email, changed.role) == ("Jana Kühn", "jana.kuehn@quellmoor.example", "editor")
    assert [team.name for team in changed.teams] == ["Nord", "Süd"]
    await send(client, "people.admit", **fields, teams=["0"])
    assert (await entry(home, jana.id)).teams == ()
    taken = await send(
        client, "people.admit", **{**fields, "email": changed.email.replace("jana.kuehn", "x"), "name": ""}
    )
    assert taken.status_code == 422
    assert at_field(taken.text, "name") == "Der Name fehlt noch."
    assert typed(taken.text, "email") == "x@quellmoor.example"
    assert typed(taken.text, "site") == "Halden"


async def test_a_guest_leaves_all_teams(home: House) -> None:
    ravi, jana = await cast.person(home, "Ravi Menon", role="owner"), await cast.person(home, "Jana Reuter")
    team = (await home.perform(ravi, TeamMake(id=new_id(), name="Süd"))).place
    await home.perform(ravi, TeamMembers(id=new_id(), team=team, add=[jana.id]))
    await home.perform(ravi, Admit(id=new_id(), person=jana.id, role="guest"))
    assert (await entry(home, jana.id)).teams == ()
    with pytest.raises(Refused, match="guest-in-team"):
        await home.perform(ravi, TeamMembers(id=new_id(), team=team, add=[jana.id]))


async def test_administrators_see_who_they_may_not_change_without_a_form(
    home: House, client: httpx2.AsyncClient
) -> None:
    owner = await cast.person(home, "Ravi Menon", role="owner")
    admin = await cast.person(home, "Silke Brandt", role="administrator")
    await cast.sign_in(client, home, admin)
    page = (await client.get(f"/admin/people/{owner.id}")).text
    assert "ändert nur, wem Binnen hier gehört" in page
    for verb in ("people.admit", "people.deactivate", "people.reset_link"):
        assert f'value="{verb}"' not in page


async def test_a_refused_button_says_why_on_the_same_page(home: House, client: httpx2.AsyncClient) -> None:
    owner = await cast.person(home, "Ravi Menon", role="owner")
    await cast.sign_in(client, home, owner)
    page = await send(client, "people.deactivate", person=str(owner.id))
    assert page.status_code == 409
    assert above(page.text) == "Das geht nicht am eigenen Konto."


# -- the list


async def test_the_list_is_searched_and_filtered(home: House, client: httpx2.AsyncClient) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner", hash="x")
    await cast.person(home, "Mehmet Aydin", side="field", site="Auenried", hash="x")
    await cast.person(home, "Ida Petersen")
    out = await cast.person(home, "Otto Weg", hash="x")
    await home.perform(ravi, Deactivate(id=new_id(), person=out.id))
    await cast.sign_in(client, home, ravi)
    for query, shown in (
        ("", "Ida Petersen Mehmet Aydin Ravi Menon"), ("?text=auen", "Mehmet Aydin"), ("?side=field", "Mehmet Aydin"),
        ("?state=invited", "Ida Petersen"), ("?state=deactivated", "Otto Weg"), ("?text=zz", ""),
    ):  # fmt: skip
        page = (await client.get(f"/admin/people{query}")).text
        table = page.split("<tbody>")[1] if "<tbody>" in page else ""
        names = ("Ida Petersen", "Mehmet Aydin", "Otto Weg", "Ravi Menon")
        assert " ".join(name for name in names if name in table) == shown, query


async def test_an_invitation_is_made_shown_once_listed_and_withdrawn(home: House, client: httpx2.AsyncClient) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    other = await cast.person(home, "Silke Brandt", role="administrator")
    await cast.sign_in(client, home, ravi)
    made = await send(
        client, "people.invite", email="ida@quellmoor.example", name="Ida Petersen", role="member", team="0"
    )
    where = made.headers["location"]
    first = (await client.get(where)).text
    token = first.split("http://binnen.test/invitation/")[1][:64]
    assert 'src="data:image/svg+xml' in first
    assert token not in (await client.get(where)).text
    listed = (await client.get("/admin/people?state=invited")).text
    assert "Ida Petersen" in listed
    assert token not in listed
    await cast.sign_in(client, home, other)
    assert (await client.get(where)).status_code == 404  # another administrator's link is not theirs to see
    invitation = listed.split('name="invitation" value="')[1].split('"')[0]
    await send(client, "people.revoke_invitation", invitation=invitation)
    assert "Ida Petersen" not in (await client.get("/admin/people?state=invited")).text
    assert (await client.get(f"/invitation/{token}")).status_code == 404


async def test_a_bad_invitation_comes_back(home: House, client: httpx2.AsyncClient) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    await cast.sign_in(client, home, ravi)
    page = await send(client, "people.invite", email="ida@quellmoor", name="Ida Petersen", role="editor", days="60")
    assert at_field(page.text, "email") == "Da fehlt noch die Endung, etwa .example"
    assert typed(page.text, "name") == "Ida Petersen"
    assert 'value="editor" selected' in page.text
    assert 'value="60" checked' in page.text


# -- teams


async def test_teams_are_made_filled_renamed_and_ended(home: House, client: httpx2.AsyncClient) -> None:
    ravi, jana = await cast.person(home, "Ravi Menon", role="owner"), await cast.person(home, "Jana Reuter")
    await cast.sign_in(client, home, ravi)
    where = (await send(client, "people.team_make", name="Service Süd")).headers["location"]
    team = where.rsplit("/", 1)[1]
    again = await send(client, "people.team_make", name="SERVICE SUD")
    assert at_field(again.text, "name") == "Ein Team mit diesem Namen gibt es schon."
    assert "Jana Reuter" in (await client.get(f"{where}?text=jana")).text
    await send(client, "people.team_members", team=team, add=str(jana.id))
    assert await home.read(people.people_of_team, int(team)) == [jana.id]
    await send(client, "people.team_change", team=team, name="Service Nord")
    assert "Service Nord" in (await client.get("/admin/teams")).text
    await send(client, "people.team_members", team=team, remove=str(jana.id))
    assert await home.read(people.people_of_team, int(team)) == []
    done = await send(client, "people.team_change", team=team, gone="true")
    assert done.headers["location"] == "/admin/teams"
    assert (await client.get(where)).status_code == 404
