"""Who hears what, live."""

from intranet.kernel import new_id
from tests.hub import club
from tests.hub.cast import Town, texts


async def test_members_hear_and_outsiders_do_not(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    other = await club_town.found("cy")
    async with club_town.visit("ann") as ann, club_town.visit("bo") as bo, club_town.visit("cy") as cy:
        assert place in ann.heads
        assert place not in cy.heads
        seq = await club_town.say("ann", place, "hello")
        for guest in (ann, bo):
            frame = await guest.hear("frame")
            assert (frame["place"], frame["from"], frame["to"]) == (place, seq - 1, seq)
            assert frame["things"][0]["id"] == f"w-{place}-{seq}"
            assert texts([frame]) == ["hello"]
        await club_town.say("cy", other, "alone")
        heard = await cy.hear_all("frame", place=other)
        assert {message.get("place") for message in heard} == {other}


async def test_frames_follow_one_another_without_a_gap(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    async with club_town.visit("bo") as bo:
        cursor = bo.heads[place][1]
        for number in range(30):
            await club_town.say("ann", place, str(number))
        seen: list[str] = []
        while len(seen) < 30:
            frame = await bo.hear("frame", place=place)
            assert frame["from"] == cursor
            cursor = frame["to"]
            seen += texts([frame])
        assert seen == [str(number) for number in range(30)]


async def test_several_changes_of_one_thing_in_one_batch_are_one_fragment(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    seq = await club_town.say("ann", place, "draft")
    epoch, head = await club_town.cursor(place)
    for text in ("one", "two", "three"):
        await club_town.act("ann", club.Change(id=new_id(), place=place, seq=seq, text=text))
    async with club_town.visit("bo", place, cursors={place: [epoch, head - 1]}) as bo:
        heard = await bo.hear_all("complete", place=place)
        assert texts(heard) == ["three"]
        assert heard[-2]["to"] == head + 3


async def test_html_is_in_the_reader_s_language_and_shared_where_it_is_equal(club_town: Town) -> None:
    place = await club_town.found("ann", "bo", "cy")
    async with (
        club_town.visit("ann", dialect="html", lang="de") as ann,
        club_town.visit("bo", dialect="html", lang="nl") as bo,
        club_town.visit("cy", dialect="html", lang="xx") as cy,
    ):
        club.drawn.clear()
        seq = await club_town.say("ann", place, "a <b>")
        frames = [await guest.hear("frame", place=place) for guest in (ann, bo, cy)]
        assert frames[0] == frames[1] == frames[2]
        assert "a &lt;b&gt;" in frames[0]["things"][0]["html"]
        entry = club_town.hub.served[place].ring.after(seq - 1, "html:de")
        assert entry is not None
        assert entry[0].variants["html:de"] is entry[0].variants["html:nl"]
        assert sorted(club.drawn) == [(place, 1, "de"), (place, 1, "en"), (place, 1, "nl")]
        await club_town.act("ann", club.Change(id=new_id(), place=place, seq=seq))
        words = [(await guest.hear("frame", place=place))["things"][0]["html"] for guest in (ann, bo, cy)]
        assert [word.rpartition(">")[0].rpartition("<")[0].partition(">")[2] for word in words] == [
            "gelöscht", "verwijderd", "deleted",
        ]  # fmt: skip


async def test_own_changes_reach_all_devices_of_that_person_only(club_town: Town) -> None:
    ann = club_town.people["ann"]
    async with club_town.visit("ann") as desk, club_town.visit("ann/phone") as phone, club_town.visit("bo") as bo:
        await club_town.act("ann", club.Note(id=new_id(), key="note/1", value=7))
        for device in (desk, phone):
            told = await device.hear("mine")
            assert (told["place"], told["mine"], told["to"] - told["from"]) == (ann, {"note/1": 7}, 1)
        await club_town.act("bo", club.Note(id=new_id(), key="note/1", value=8))
        assert (await bo.next())["mine"] == {"note/1": 8}


async def test_a_lost_stroke_of_the_bell_costs_delay_only(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    club_town.house._listeners.clear()
    async with club_town.visit("bo") as bo:
        await club_town.say("ann", place, "unheard")
        assert texts([await bo.hear("frame", place=place)]) == ["unheard"]


async def test_a_card_that_fails_holds_up_its_own_place_only(club_town: Town) -> None:
    good = await club_town.found("ann", "bo")
    bad = await club_town.found("ann", "bo")
    async with club_town.visit("bo") as bo:
        club.broken.add(bad)
        try:
            await club_town.say("ann", bad, "never drawn")
            await club_town.say("ann", good, "drawn")
            assert texts([await bo.hear("frame", place=good)]) == ["drawn"]
        finally:
            club.broken.clear()
        assert texts([await bo.hear("frame", place=bad)]) == ["never drawn"]
