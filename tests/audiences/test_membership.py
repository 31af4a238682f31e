"""Who is in, who hears of coming and going, and which audience is found by which words."""

import asyncio

from intranet import audiences
from intranet.audiences import Line
from intranet.kernel import House, Refused, new_id
from intranet.people.writes import Admit, Deactivate, Profile, Reactivate, TeamChange
from tests import cast
from tests.audiences.making import audience, events, projection, refused, team


async def test_an_audience_is_one_place_and_its_members_come_and_go(home: House) -> None:
    admin = await cast.person(home, "Anke Chef", role="administrator", site="Auenried")
    jana = await cast.person(home, "Jana Reuter", side="field", site="Auenried")
    both = await cast.person(home, "Bo Beides", side="both", site="Rotterdam")
    guest = await cast.person(home, "Gast Gerber", role="guest", site="Auenried")
    service = await team(home, admin, "Service", jana, both)
    everyone = await home.read(audiences.everyone)
    assert await home.read(audiences.members, everyone) == [admin.id, jana.id, both.id]
    assert await home.read(events, everyone) == [("joined", f"p-{one.id}") for one in (admin, jana, both)]

    field = await audience(home, jana, Line(side="field"))
    assert await audience(home, both, Line(side="field"), "field;;auenried") == field, "equal audiences are one place"
    assert await audience(home, jana) == await audience(home, jana, Line(side="both")) == everyone
    assert await audience(home, jana, place=field) == field
    office = await audience(home, admin, Line(side="office", site="AUENRIED"))
    mixed = await audience(home, admin, Line(team=service, side="field"), Line(site="auenried"))
    assert [await home.read(audiences.members, place) for place in (field, office, mixed)] == [
        [jana.id, both.id], [admin.id], [admin.id, jana.id, both.id],
    ]  # fmt: skip
    made = [entry for entry in await home.read(events, everyone) if entry[0] == "made"]
    assert made == [("made", f"a-{place}") for place in (field, office, mixed)]
    assert await home.read(audiences.describe, [everyone, field, office, mixed], "de") == {
        everyone: "Alle", field: "draußen", office: "drinnen · Standort AUENRIED",
        mixed: "Standort auenried oder draußen · Team Service",
    }  # fmt: skip
    assert await home.read(audiences.teams_in, mixed) == {service: 2}
    assert await home.read(audiences.reached, [Line(side="field"), Line(team=service)]) == audiences.Reach(2, 1, 0)
    assert await home.read(audiences.reach_of, mixed) == audiences.Reach(3, 1, 1)

    nobody = Line(team=service, site="Auenried", side="office")
    codes = [await refused(home, jana, line) for line in (";99;", Line(site="Nirgends"), nobody)]
    assert codes == ["team-unknown", "audience-site", "audience-empty"]
    assert (await refused(home, guest), await refused(home, jana, place=jana.id)) == ("not-allowed", "not-found")


async def test_who_changes_comes_and_goes_and_each_audience_logs_it(home: House) -> None:
    admin = await cast.person(home, "Anke Chef", role="administrator", site="Auenried")
    jana = await cast.person(home, "Jana Reuter", side="field", site="Auenried")
    both = await cast.person(home, "Bo Beides", side="both", site="Rotterdam")
    guest = await cast.person(home, "Gast Gerber", role="guest", site="Auenried")
    service = await team(home, admin, "Service", jana, both)
    everyone = await home.read(audiences.everyone)
    field = await audience(home, jana, Line(side="field"))
    office = await audience(home, admin, Line(side="office", site="AUENRIED"))
    mixed = await audience(home, admin, Line(team=service, side="field"), Line(site="auenried"))
    logs = {place: len(await home.read(events, place)) for place in (everyone, field, office, mixed)}

    async def news() -> dict[int, list[tuple[str, str]]]:
        """What each audience logged since it was last asked; nothing where it logged nothing."""
        found = {}
        for place, seen in logs.items():
            now = await home.read(events, place)
            logs[place] = len(now)
            found |= {place: now[seen:]} if now[seen:] else {}
        return found

    await home.perform(jana, Profile(id=new_id(), title="Technik", phone="+49 1", lang="nl"))
    assert await news() == {}, "what no rule asks moves nobody"
    await home.perform(jana, Profile(id=new_id(), side="office"))
    assert await news() == {field: [("left", f"p-{jana.id}")], office: [("joined", f"p-{jana.id}")]}
    await home.perform(jana, Profile(id=new_id(), site="Rotterdam"))
    assert await news() == {office: [("left", f"p-{jana.id}")], mixed: [("left", f"p-{jana.id}")]}
    await home.perform(admin, Admit(id=new_id(), person=jana.id, side="both"))
    assert await news() == {field: [("joined", f"p-{jana.id}")], mixed: [("joined", f"p-{jana.id}")]}
    await home.perform(admin, TeamChange(id=new_id(), team=service, gone=True))
    assert await news() == {mixed: [("left", f"p-{jana.id}"), ("left", f"p-{both.id}")]}
    assert "ein Team, das es nicht mehr gibt" in (await home.read(audiences.describe, [mixed], "de"))[mixed]
    await home.perform(admin, Admit(id=new_id(), person=both.id, role="guest"))
    await home.perform(admin, Deactivate(id=new_id(), person=jana.id))
    gone = [("left", f"p-{both.id}"), ("left", f"p-{jana.id}")]
    assert await news() == {everyone: gone, field: gone}
    await home.perform(admin, Reactivate(id=new_id(), person=jana.id))
    assert await news() == {place: [("joined", f"p-{jana.id}")] for place in (everyone, field)}
    assert [room.name for room in home.rooms if bool(room.places) != bool(room.readers)] == []
    for who in (admin, jana, both, guest):  # `places` and `readers` are two sides of one thing
        here = {row.place for row in await home.read(_all, home.places(who.id))}
        for place in logs:
            readers = await home.read(_all, home.readers(place))
            assert (
                (place in here)
                == (who.id in {row.person for row in readers})
                == await home.read(audiences.is_in, who.id, place)
            )


async def test_two_lanes_at_once_forget_nobody(home: House) -> None:
    """On PostgreSQL an audience is made while people change in other lanes."""
    admin = await cast.person(home, "Anke Chef", role="administrator", site="Ort 0")
    who = [await cast.person(home, f"Person {number}", site=f"Ort {number}") for number in range(6)]
    moves = [
        home.perform(one, Profile(id=new_id(), site=f"Ort {number // 2}", side="field"))
        for number, one in enumerate(who)
    ]
    makes = [audience(home, one, Line(site=f"Ort {number % 3}"), Line(side="field")) for number, one in enumerate(who)]
    same = [audience(home, one, Line(side="field")) for one in who]
    found = await asyncio.gather(
        audience(home, admin, Line(site="Ort 0")), *moves, *makes, *same, return_exceptions=True
    )
    assert [one for one in found if isinstance(one, Exception) and not isinstance(one, Refused)] == []
    places = {one for one in found[-len(same) :] if isinstance(one, int)}
    assert len(places) == 1
    stored, ruled = await home.read(projection)
    assert stored == ruled


def _all(conn, statement):
    return conn.execute(statement).all()
