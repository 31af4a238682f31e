"""No channel is left without somebody who moderates, and administrators see who is in only where they must appoint."""

from collections.abc import Awaitable, Callable

import httpx2
import pytest

from intranet.channels import writes as w
from intranet.kernel import House, Person, Refused, Write, new_id
from intranet.people.access import known
from intranet.people.writes import Admit, Deactivate, Import, Reactivate
from tests import cast
from tests.served import Served


async def status(house: House, person: Person, write: Write) -> int:
    try:
        await house.perform(person, write)
    except Refused as refusal:
        return refusal.status
    return 200


def rename(place: int) -> w.Change:
    return w.Change(id=new_id(), place=place, name=f"Runde {new_id()[:6]}")


async def owner(house: House) -> Person:
    return await cast.person(house, "Ravi Menon", role="owner")


async def circle(house: House, *names: str, kind: str = "private") -> tuple[int, list[Person]]:
    """A channel that Silke moderates; a name with `*` is a guest's."""
    roles = {name: "guest" if name.endswith("*") else "member" for name in names}
    who = [await cast.person(house, name.rstrip("*"), role=role) for name, role in roles.items()]
    silke = await cast.person(house, "Silke")
    place = await cast.channel(house, silke, "Runde", kind=kind)
    for one in who:  # one after another: the order of their coming is what counts
        await house.perform(silke, w.Add(id=new_id(), place=place, people=[one.id]))
    return place, [silke, *who]


async def _becomes_guest(house: House, boss: Person, person: Person) -> None:
    await house.perform(boss, Admit(id=new_id(), person=person.id, role="guest"))


async def _listed_as_guest(house: House, boss: Person, person: Person) -> None:
    row = await house.read(known, person.id)
    await house.perform(boss, Import(id=new_id(), text=f"name,email,role\n{person.name},{row.email},guest\n"))


async def _deactivated(house: House, boss: Person, person: Person) -> None:
    await house.perform(boss, Deactivate(id=new_id(), person=person.id))


Road = Callable[[House, Person, Person], Awaitable[None]]


@pytest.mark.parametrize("road", [_deactivated, _becomes_guest, _listed_as_guest])
async def test_the_longest_standing_goes_on_moderating(home: House, road: Road) -> None:
    place, (silke, gast, jana, tomasz) = await circle(home, "Gast*", "Jana", "Tomasz")
    await road(home, await owner(home), silke)
    assert await status(home, jana, rename(place)) == 200
    for other in (gast, tomasz):
        assert await status(home, other, rename(place)) == 403


async def test_nobody_is_made_moderator_while_another_is(home: House) -> None:
    place, (silke, jana, tomasz) = await circle(home, "Jana", "Tomasz")
    await home.perform(silke, w.SetRole(id=new_id(), place=place, person=tomasz.id, role="moderator"))
    await _deactivated(home, await owner(home), silke)
    assert await status(home, jana, rename(place)) == 403
    step = w.SetRole(id=new_id(), place=place, person=tomasz.id, role="member")
    assert await status(home, tomasz, step) == 409, "who is deactivated does not count as the other one"
    await home.perform(tomasz, w.Leave(id=new_id(), place=place))
    assert await status(home, jana, rename(place)) == 200


async def test_who_comes_back_moderates_again(home: House) -> None:
    place, (silke, jana) = await circle(home, "Jana")
    boss = await owner(home)
    await _deactivated(home, boss, silke)
    assert await status(home, jana, w.SetRole(id=new_id(), place=place, person=silke.id, role="moderator")) == 403
    await home.perform(boss, Reactivate(id=new_id(), person=silke.id))
    assert await status(home, silke, rename(place)) == 200
    assert await status(home, jana, rename(place)) == 200


async def test_the_heir_is_told_at_once_and_nobody_else(served: Served) -> None:
    place, (silke, jana, tomasz) = await circle(served.house, "Jana", "Tomasz")
    async with cast.listen(served, jana) as hers, cast.listen(served, tomasz) as his:
        await _deactivated(served.house, await owner(served.house), silke)
        heard = await hers.until("mine")
        assert heard["mine"][f"member/{place}"]["role"] == "moderator"
        fence = await cast.channel(served.house, tomasz, "Zaun")
        assert not [m for m in await his.all_until(served.house, fence) if f"member/{place}" in m.get("mine", {})]


# -- appointing


async def leaderless(house: House) -> tuple[int, Person, Person]:
    """Silke is gone and nobody could follow her; then the guest becomes a colleague."""
    place, (silke, gast) = await circle(house, "Gast Kanari*")
    boss = await owner(house)
    await _deactivated(house, boss, silke)
    await house.perform(boss, Admit(id=new_id(), person=gast.id, role="member"))
    return place, boss, gast


async def test_an_administrator_appoints_one_of_those_who_are_in(client: httpx2.AsyncClient, home: House) -> None:
    place, boss, gast = await leaderless(home)
    admin, stranger = await cast.person(home, "Anna", role="administrator"), await cast.person(home, "Fremd")
    appoint = w.SetRole(id=new_id(), place=place, person=gast.id, role="moderator")
    assert await status(home, stranger, appoint) == 404
    assert await status(home, gast, appoint) == 403
    for outside in (admin, boss, stranger):
        themselves = w.SetRole(id=new_id(), place=place, person=outside.id, role="moderator")
        assert await status(home, admin, themselves) == 404, "nobody is brought in that way"
    await cast.sign_in(client, home, admin)
    assert "Gast Kanari" in (await client.get(f"/c/{place}/settings")).text
    form = {"id": new_id(), "do": "channels.role", "place": place, "person": gast.id, "role": "moderator"}
    done = await client.post("/do", data=form)
    assert (done.status_code, done.headers["location"]) == (303, f"/c/{place}/settings")
    assert await status(home, gast, w.Add(id=new_id(), place=place, people=[stranger.id])) == 200


async def test_who_is_in_is_shown_to_administrators_only_where_nobody_moderates(
    client: httpx2.AsyncClient, home: House
) -> None:
    led, (_silke, jana, _gast) = await circle(home, "Jana Kanari", "Gast Kanari*")
    admin = await cast.person(home, "Anna", role="administrator")
    await cast.sign_in(client, home, admin)
    for page in ("settings", "members"):
        assert "Kanari" not in (await client.get(f"/c/{led}/{page}")).text
    assert await status(home, admin, w.SetRole(id=new_id(), place=led, person=jana.id, role="moderator")) == 403
    place, _boss, _other = await leaderless(home)
    assert "Kanari" not in (await client.get(f"/c/{place}/members")).text
    assert "Silke" not in (await client.get(f"/c/{place}/settings")).text, "who could not moderate is not named"


async def test_where_nobody_could_moderate_the_page_says_so(client: httpx2.AsyncClient, home: House) -> None:
    place, (silke, _gast) = await circle(home, "Gast Kanari*")
    boss = await owner(home)
    await _deactivated(home, boss, silke)
    await cast.sign_in(client, home, boss)
    shown = (await client.get(f"/c/{place}/settings")).text
    assert "kann es niemand" in shown
    assert "Kanari" not in shown
