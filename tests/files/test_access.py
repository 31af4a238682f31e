"""Who gets a file: exactly who may read what refers to it. Everybody else gets 404, whatever they guess."""

import re
from typing import Any

import httpx2
import pytest

from intranet.channels.writes import Leave, Remove
from intranet.chat.live import message_cards
from intranet.chat.writes import Delete
from intranet.files import NewTile
from intranet.kernel import House, Person, new_id
from tests.cast import channel, direct, join, person, say, sign_in
from tests.files import making, sending

SECRET = b"canary-of-the-file-7f3a " * 40


@pytest.fixture
async def cast(home):
    names = {"jana": {}, "mehmet": {"side": "field"}, "bernd": {}, "greta": {"role": "guest"}, "ada": {"role": "owner"}}
    return {name: await person(home, name.capitalize(), **more) for name, more in names.items()}


async def address_of(home: House, place: int, seq: int) -> str:
    [thing] = (await home.read(message_cards, place, [f"m-{place}-{seq}"], "de")).values()
    found = re.search(r'(?:href|data-original)="(/files/\w+/original/[^"]+)"', thing.html)
    assert found
    return found[1]


async def seen_by(home: House, client: httpx2.AsyncClient, who: Person | None, address: str) -> tuple[int, bytes]:
    client.cookies.clear()
    if who is not None:
        await sign_in(client, home, who)
    answer = await client.get(address, headers={"Accept": "application/json"})
    return answer.status_code, answer.content


async def readers(home: House, client: Any, cast: dict[str, Person], address: str) -> set[str]:
    """Who gets the file; nobody else gets a byte of it, nor anything but 404."""
    found = set()
    for name, who in cast.items():
        status, content = await seen_by(home, client, who, address)
        if SECRET[:20] in content:
            found.add(name)
        else:
            assert status == 404, (name, status)
    status, content = await seen_by(home, client, None, address)
    assert (status, SECRET[:20] in content) == (401, False)
    return found


async def posted(home: House, client: Any, who: Person, place: int) -> tuple[int, str]:
    """A file on a message of this place: the message's seq and the file's address."""
    await sign_in(client, home, who)
    seq = (await sending.send(home, client, who, place, SECRET, "plan.bin")).seq
    return seq, await address_of(home, place, seq)


async def test_members_only(home, client, cast):
    place = await channel(home, cast["jana"], "Preise", kind="private", members=[cast["mehmet"]])
    _seq, address = await posted(home, client, cast["jana"], place)
    assert await readers(home, client, cast, address) == {"jana", "mehmet"}


async def test_a_public_channel_is_read_by_who_is_in(home, client, cast):
    place = await channel(home, cast["jana"], "Service")
    _seq, address = await posted(home, client, cast["jana"], place)
    assert await readers(home, client, cast, address) == {"jana"}
    await join(home, cast["bernd"], place)
    assert await readers(home, client, cast, address) == {"jana", "bernd"}


async def test_direct_is_for_its_two(home, client, cast):
    place = await direct(home, cast["jana"], cast["greta"])
    _seq, address = await posted(home, client, cast["jana"], place)
    assert await readers(home, client, cast, address) == {"jana", "greta"}


async def test_who_is_removed_or_leaves_gets_nothing_more(home, client, cast):
    place = await channel(home, cast["jana"], "Preise", kind="private", members=[cast["mehmet"], cast["bernd"]])
    _seq, address = await posted(home, client, cast["mehmet"], place)
    await home.perform(cast["jana"], Remove(id=new_id(), place=place, person=cast["mehmet"].id))
    await home.perform(cast["bernd"], Leave(id=new_id(), place=place))
    assert await readers(home, client, cast, address) == {"jana"}


async def test_a_deleted_message_takes_its_file_along(home, client, cast):
    place = await channel(home, cast["jana"], "Preise", kind="private", members=[cast["mehmet"]])
    seq, address = await posted(home, client, cast["jana"], place)
    await home.perform(cast["jana"], Delete(id=new_id(), place=place, message=seq))
    assert await readers(home, client, cast, address) == set()


async def test_history_begins_at_joining_for_files_too(home, client, cast):
    place = await channel(home, cast["jana"], "Preise", history="joining")
    _seq, before = await posted(home, client, cast["jana"], place)
    await join(home, cast["bernd"], place)
    _seq, after = await posted(home, client, cast["jana"], place)
    assert await readers(home, client, cast, before) == {"jana"}
    assert await readers(home, client, cast, after) == {"jana", "bernd"}


async def test_an_upload_nobody_attached_is_read_by_nobody(home, client, cast):
    await sign_in(client, home, cast["jana"])
    begun = await sending.upload(home, client, cast["jana"], SECRET, "plan.bin")
    for guess in (begun, "0" * 32, "..%2F..%2Fbinnen.db", "%00"):
        await sign_in(client, home, cast["jana"])
        for variant in ("original", "preview", "thumb", "play", "raw"):
            assert (await client.get(f"/files/{guess}/{variant}/plan.bin")).status_code == 404
    assert await readers(home, client, cast, f"/files/{begun}/original/plan.bin") == set()


async def test_who_left_attaches_nothing_to_what_they_said_there(home, client, cast):
    place = await channel(home, cast["jana"], "Preise", kind="private", members=[cast["mehmet"]])
    await sign_in(client, home, cast["mehmet"])
    tile = NewTile(id="tile-1", name="plan.bin", size=len(SECRET))
    message = await sending.announce(home, cast["mehmet"], place, tile)
    begun = await sending.upload(home, client, cast["mehmet"], SECRET, "plan.bin")
    await home.perform(cast["jana"], Remove(id=new_id(), place=place, person=cast["mehmet"].id))
    answer = await client.post("/do", json={
        "do": "files.attach", "id": new_id(), "place": place, "message": message.seq, "tile": "tile-1", "upload": begun,
    })  # fmt: skip
    assert answer.status_code == 404
    [thing] = (await home.read(message_cards, place, [f"m-{place}-{message.seq}"], "de")).values()
    assert "/original/" not in thing.html


async def test_how_a_download_leaves(home, client, cast):
    jana = cast["jana"]
    place = await channel(home, jana, "Service")
    await sign_in(client, home, jana)
    hostile = b"<!doctype html><script>alert(document.cookie)</script>"
    seq = (await sending.send(home, client, jana, place, hostile, 'x"; filename=".html\r\nSet-Cookie: a=b')).seq
    answer = await client.get(await address_of(home, place, seq))
    assert answer.content == hostile
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "set-cookie" not in answer.headers
    assert answer.headers.get_list("content-type") == ["application/octet-stream"]


async def test_a_film_is_sent_in_ranges(home, client, cast):
    jana = cast["jana"]
    place = await channel(home, jana, "Service")
    await sign_in(client, home, jana)
    film = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(100_000)
    seq = (await sending.send(home, client, jana, place, film, "pumpe.mp4", "video")).seq
    play = (await address_of(home, place, seq)).replace("/original/", "/play/")
    part = await client.get(play, headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, len(part.content)) == (206, 1000)
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(film)}"
    assert part.headers["content-type"] == "video/mp4"
    assert (await client.get(play, headers={"Range": f"bytes={len(film)}-"})).status_code == 416
    known = (await client.get(play)).headers["etag"]
    assert (await client.get(play, headers={"If-None-Match": known})).status_code == 304


async def test_the_first_page_of_a_pdf_is_a_picture(home, client, cast):
    jana = cast["jana"]
    place = await channel(home, jana, "Service")
    await sign_in(client, home, jana)
    seq = (await sending.send(home, client, jana, place, making.pdf(pages=3), "plan.pdf")).seq
    await sending.pressed(home)
    [thing] = (await home.read(message_cards, place, [f"m-{place}-{seq}"], "de")).values()
    assert "3 Seiten" in thing.html
    [thumb] = re.findall(r'src="(/files/\w+/thumb/[^"]+)"', thing.html)
    assert (await client.get(thumb)).headers["content-type"] == "image/webp"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (making.png_bomb(40_000, 40_000), "riss.png"),
        (making.jpeg()[:300] + b"\0" * 400, "wurde nicht aufbewahrt"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "wurde nicht aufbewahrt"),
    ],
)
async def test_bombs_and_broken_pictures_are_said(home, client, cast, content, says):
    jana = cast["jana"]
    place = await channel(home, jana, "Service")
    await sign_in(client, home, jana)
    seq = (await sending.send(home, client, jana, place, content, "riss.png", "photo")).seq
    await sending.pressed(home)
    [thing] = (await home.read(message_cards, place, [f"m-{place}-{seq}"], "de")).values()
    assert says in thing.html
    assert "<img" not in thing.html


async def test_tiles_are_the_same_bytes_for_every_reader(home, client, cast):
    jana = cast["jana"]
    place = await channel(home, jana, "Service", members=[cast["bernd"]])
    await sign_in(client, home, jana)
    seqs = [(await sending.send(home, client, jana, place, b"abc%d" % n, f"{n}.bin")).seq for n in range(3)]
    seqs.append((await say(home, jana, place, "ohne")).seq)
    things = await home.read(message_cards, place, [f"m-{place}-{seq}" for seq in seqs], "de")
    for who in (jana, cast["bernd"]):
        await sign_in(client, home, who)
        caught = (await client.get(f"/catchup?place={place}&epoch={home.epoch}&after={seqs[0] - 1}&lang=de")).json()
        shown = {thing["id"]: thing["html"] for frame in caught["frames"] for thing in frame["things"]}
        for seq in seqs[:3]:
            assert shown[f"m-{place}-{seq}"] == things[f"m-{place}-{seq}"].html
    assert [bool(things[f"m-{place}-{seq}"].json["files"]) for seq in seqs] == [True, True, True, False]
