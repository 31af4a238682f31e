"""Who may do what with a channel: every verb by every role, in a public, a private and a direct one."""

from collections.abc import Callable
from typing import Any

from intranet.channels import room
from intranet.channels import writes as w
from intranet.kernel import House, Person, Refused, Write, new_id
from tests import cast

Cast = dict[str, Person]
ROLES = ("moderator", "member", "guest", "outsider", "outside_guest", "admin")

VERBS: dict[str, Callable[[int, Cast], Write]] = {
    "change": lambda place, _: w.Change(id=new_id(), place=place, name=f"Anders {place}"),
    "archive": lambda place, _: w.Archive(id=new_id(), place=place),
    "unarchive": lambda place, _: w.Unarchive(id=new_id(), place=place),
    "join": lambda place, _: w.Join(id=new_id(), place=place),
    "leave": lambda place, _: w.Leave(id=new_id(), place=place),
    "add": lambda place, who: w.Add(id=new_id(), place=place, people=[who["moderator"].id]),
    "remove": lambda place, who: w.Remove(id=new_id(), place=place, person=who["other"].id),
    "role": lambda place, who: w.SetRole(id=new_id(), place=place, person=who["other"].id, role="moderator"),
    "favourite": lambda place, _: w.Favourite(id=new_id(), place=place, on=True),
}

# by moderator, member, guest, outsider, outside_guest, admin (not in it); 200 is done
EXPECTED = {
    ("public", "change"): (200, 403, 403, 403, 404, 200),
    ("public", "archive"): (200, 403, 403, 403, 404, 200),
    ("public", "unarchive"): (200, 403, 403, 403, 404, 200),
    ("public", "join"): (200, 200, 200, 200, 404, 200),
    ("public", "leave"): (200, 200, 200, 403, 404, 403),
    ("public", "add"): (200, 200, 403, 403, 404, 403),
    ("public", "remove"): (200, 403, 403, 403, 404, 403),
    ("public", "role"): (200, 403, 403, 403, 404, 403),
    ("public", "favourite"): (200, 200, 200, 403, 404, 403),
    ("private", "change"): (200, 403, 403, 404, 404, 200),
    ("private", "archive"): (200, 403, 403, 404, 404, 200),
    ("private", "unarchive"): (200, 403, 403, 404, 404, 200),
    ("private", "join"): (200, 200, 200, 404, 404, 404),
    ("private", "leave"): (200, 200, 200, 404, 404, 404),
    ("private", "add"): (200, 403, 403, 404, 404, 404),
    ("private", "remove"): (200, 403, 403, 404, 404, 404),
    ("private", "role"): (200, 403, 403, 404, 404, 403),
    ("private", "favourite"): (200, 200, 200, 404, 404, 404),
    ("direct", "change"): (403, 403, 403, 404, 404, 404),
    ("direct", "archive"): (403, 403, 403, 404, 404, 404),
    ("direct", "unarchive"): (403, 403, 403, 404, 404, 404),
    ("direct", "join"): (200, 200, 200, 404, 404, 404),
    ("direct", "leave"): (200, 200, 200, 404, 404, 404),
    ("direct", "add"): (403, 403, 403, 404, 404, 404),
    ("direct", "remove"): (403, 403, 403, 404, 404, 404),
    ("direct", "role"): (403, 403, 403, 404, 404, 404),
    ("direct", "favourite"): (200, 200, 200, 404, 404, 404),
}


async def everyone(house: House) -> Cast:
    who = {name: await cast.person(house, name.title()) for name in ("moderator", "member", "outsider", "other")}
    who["guest"] = await cast.person(house, "Guest", role="guest")
    who["outside_guest"] = await cast.person(house, "Fremd", role="guest")
    who["admin"] = await cast.person(house, "Ravi Menon", role="administrator")
    return who


async def somewhere(house: House, kind: str, name: str, who: Cast) -> int:
    inside = [who[name] for name in ("moderator", "member", "guest", "other")]
    if kind == "direct":
        return await cast.direct(house, *inside)
    return await cast.channel(house, who["moderator"], name, kind=kind, members=inside[1:])


async def status(house: House, person: Person, write: Any) -> int:
    try:
        await house.perform(person, write)
    except Refused as refusal:
        return refusal.status
    return 200


async def test_verb_by_role(home: House) -> None:
    who = await everyone(home)
    for kind, verb in EXPECTED:
        found = []
        for role in ROLES:
            place = await somewhere(home, kind, f"Service {verb} {role}", who)
            found.append(await status(home, who[role], VERBS[verb](place, who)))
        assert tuple(found) == EXPECTED[kind, verb], (kind, verb)


def test_every_verb_on_a_channel_is_in_the_matrix() -> None:
    made = {"channels.create", "channels.direct"}
    assert {verb.name for verb in room.verbs} - made == {f"channels.{name}" for name in VERBS}


async def test_who_makes_channels(home: House) -> None:
    for role in ("member", "editor", "administrator", "owner", "guest"):
        person = await cast.person(home, f"Jana {role}", role=role)
        expected = 403 if role == "guest" else 200
        assert await status(home, person, w.Create(id=new_id(), name=f"Touren {role}")) == expected, role


async def test_only_administrators_tie_a_channel_to_a_team(home: House) -> None:
    person, admin = await cast.person(home, "Jana Reuter"), await cast.person(home, "Ravi Menon", role="administrator")
    assert await status(home, person, w.Create(id=new_id(), name="Touren", team=1)) == 403
    assert await status(home, admin, w.Create(id=new_id(), name="Touren", team=4711)) == 404


async def test_a_guest_reaches_only_people_of_shared_channels(home: House) -> None:
    host, other = await cast.person(home, "Silke"), await cast.person(home, "Tomasz")
    guest = await cast.person(home, "Gast", role="guest")
    await cast.channel(home, host, "Export", kind="private", members=[guest])
    assert await status(home, guest, w.Direct(id=new_id(), people=[host.id])) == 200
    assert await status(home, guest, w.Direct(id=new_id(), people=[other.id])) == 404
    assert await status(home, host, w.Direct(id=new_id(), people=[4711])) == 404


async def test_the_last_moderator_stays_and_an_heir_is_found(home: House) -> None:
    silke, jana = await cast.person(home, "Silke"), await cast.person(home, "Jana")
    guest = await cast.person(home, "Gast", role="guest")
    place = await cast.channel(home, silke, "Export", kind="private", members=[guest])
    await home.perform(silke, w.Add(id=new_id(), place=place, people=[jana.id]))
    step_down = w.SetRole(id=new_id(), place=place, person=silke.id, role="member")
    assert await status(home, silke, step_down) == 409
    assert await status(home, silke, w.SetRole(id=new_id(), place=place, person=guest.id, role="moderator")) == 403
    await home.perform(silke, w.Leave(id=new_id(), place=place))  # the guest was there before Jana
    assert await status(home, jana, w.Change(id=new_id(), place=place, name="Export 2")) == 200


async def test_nothing_is_brought_into_an_archived_channel(home: House) -> None:
    silke, jana = await cast.person(home, "Silke"), await cast.person(home, "Jana")
    place = await cast.channel(home, silke, "Export")
    await home.perform(silke, w.Archive(id=new_id(), place=place))
    assert await status(home, jana, w.Join(id=new_id(), place=place)) == 403
    assert await status(home, silke, w.Add(id=new_id(), place=place, people=[jana.id])) == 403


async def test_open_public_channels_have_names_of_their_own(home: House) -> None:
    silke = await cast.person(home, "Silke")
    first = await cast.channel(home, silke, "Service Süd")
    assert await status(home, silke, w.Create(id=new_id(), name="  service   SUD ")) == 409
    assert await status(home, silke, w.Create(id=new_id(), name="Service Süd", kind="private")) == 200
    other = await cast.channel(home, silke, "Service Nord")
    assert await status(home, silke, w.Change(id=new_id(), place=other, name="Service Süd")) == 409
    assert await status(home, silke, w.Change(id=new_id(), place=first, name="Service SÜD")) == 200
    await home.perform(silke, w.Archive(id=new_id(), place=first))
    assert await status(home, silke, w.Change(id=new_id(), place=other, name="Service Süd")) == 200
    assert await status(home, silke, w.Unarchive(id=new_id(), place=first)) == 409


async def test_a_name_is_a_name(home: House) -> None:
    silke = await cast.person(home, "Silke")
    for name in ("", "   ", "x" * 81, "a\x00b", "a\x07b", "spoof\u202egnp.exe", "\u200b"):
        assert await status(home, silke, w.Create(id=new_id(), name=name)) == 422, repr(name)


async def test_limits(home: House) -> None:
    silke = await cast.person(home, "Silke")
    place = await cast.channel(home, silke, "Export")
    many = list(range(1000, 1501))
    for write in (
        w.Create(id=new_id(), name="Lang", description="x" * 501),
        w.Create(id=new_id(), name="Viele", people=many),
        w.Change(id=new_id(), place=place, description="x" * 501),
        w.Add(id=new_id(), place=place, people=many),
        w.Direct(id=new_id(), people=list(range(1000, 1012))),
    ):
        assert await status(home, silke, write) == 422
