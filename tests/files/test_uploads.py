"""Bytes on their way in: in pieces, lying, too many, and what a message shows of them meanwhile."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from intranet.channels.writes import Join
from intranet.chat import writes
from intranet.chat.live import message_cards
from intranet.chat.models import Message
from intranet.files import File, NewTile, Upload, desk_of
from intranet.files.actions import Drop
from intranet.kernel import House, Refused, Unavailable, new_id
from tests.cast import channel, person, say, sign_in
from tests.files import making, sending


@pytest.fixture
async def jana(home, client):
    """Somebody signed in on `client`."""
    found = await person(home, "Jana Reuter")
    await sign_in(client, home, found)
    return found


@pytest.fixture
async def place(home, jana):
    return await channel(home, jana, "Service")


async def shown(home: House, place: int, seq: int) -> str:
    """The message as everybody who may read the channel sees it."""
    [thing] = (await home.read(message_cards, place, [f"m-{place}-{seq}"], "de")).values()
    return thing.html


def addresses(html: str, variant: str) -> list[str]:
    return re.findall(rf'href="(/files/\w+/{variant}/[^"]+)"', html)


async def test_a_message_goes_at_once_and_its_file_follows(home, client, jana, place):
    content = b"%PDF-1.4 nothing" * 1000
    tile = NewTile(id=new_id(), name="plan.txt", size=len(content))
    message = await sending.announce(home, jana, place, tile)
    waiting = await shown(home, place, message.seq)
    assert f'data-tile="{tile.id}"' in waiting
    assert "plan.txt" in waiting
    assert "kommt noch" in waiting
    assert not addresses(waiting, "original")

    begun = await sending.begin(home, jana, content, "plan.txt")
    assert (await client.head(f"/files/{begun}")).headers["upload-offset"] == "0"
    first = await sending.put(client, begun, content[:5000])
    assert first.json() == {"offset": 5000, "done": False}
    assert (await client.head(f"/files/{begun}")).headers["upload-offset"] == "5000"
    with pytest.raises(Refused, match="file-not-here-yet"):
        await sending.attach(home, jana, place, message.seq, tile.id, begun)
    last = await sending.put(client, begun, content[5000:], 5000)
    assert last.json() == {"offset": len(content), "done": True}

    attached = await sending.attach(home, jana, place, message.seq, tile.id, begun)
    assert attached.seq > message.seq
    [address] = addresses(await shown(home, place, message.seq), "original")
    assert (await client.get(address)).content == content


async def test_files_name_their_message_by_the_id_of_its_write(home, client, jana, place):
    write = writes.Post(id=new_id(), place=place, text="", files=[NewTile(id="tile-1", name="a.bin", size=3)])
    begun = await sending.upload(home, client, jana, b"abc", "a.bin")
    await home.perform(jana, write)
    await sending.attach(home, jana, place, write.id, "tile-1", begun)
    message = await home.read(lambda conn: conn.execute(select(Message.seq)).scalar_one())
    assert addresses(await shown(home, place, message), "original")


async def test_the_last_piece_may_come_twice(home, client, jana):
    begun = await sending.upload(home, client, jana, b"abcdef", "a.bin")
    again = await sending.put(client, begun, b"def", 3)
    assert (again.status_code, again.json()) == (200, {"offset": 6, "done": True})
    assert (await client.head(f"/files/{begun}")).headers["upload-offset"] == "6"


async def test_an_end_that_could_not_be_stored_is_stored_when_it_is_asked_for(home, client, jana, monkeypatch):
    begun = await sending.begin(home, jana, b"abcdef", "a.bin")
    desk = desk_of(home)

    def gone(_source):
        raise Unavailable(503, "storage-gone")

    with monkeypatch.context() as patched:
        patched.setattr(desk.store, "adopt", gone)
        answer = await sending.put(client, begun, b"abcdef")
        assert (answer.status_code, answer.json()["code"]) == (503, "storage-gone")
        assert (await client.head(f"/files/{begun}")).status_code == 503
    assert (await client.head(f"/files/{begun}")).headers["upload-offset"] == "6"
    assert await home.read(lambda conn: conn.execute(select(Upload.file)).scalar_one()), "what is said to be here is"
    begun = await sending.begin(home, jana, b"abcdef", "a.bin")
    desk.parts.path(jana.id, begun).write_bytes(b"abcdeX")
    assert (await client.head(f"/files/{begun}")).headers["upload-offset"] == "0", "other bytes: from the beginning"


@pytest.mark.parametrize(
    ("pieces", "status", "code"),
    [
        ([(b"abc", 1)], 409, "wrong-offset"),
        ([(b"abcdefg", 0)], 413, "more-than-announced"),
        ([(b"abc", 0), (b"defg", 3)], 413, "more-than-announced"),
        ([(b"abcdeX", 0)], 422, "other-bytes"),
    ],
)
async def test_lying_uploads_are_told_so_and_can_be_sent_again(home, client, jana, pieces, status, code):
    begun = await sending.begin(home, jana, b"abcdef", "a.bin")
    for content, offset in pieces:
        answer = await sending.put(client, begun, content, offset)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"][0].isupper()
    has = int((await client.head(f"/files/{begun}")).headers["upload-offset"])
    assert (await sending.put(client, begun, b"abcdef"[has:], has)).json()["done"]


async def test_an_offset_is_a_number(home, client, jana):
    begun = await sending.begin(home, jana, b"abcdef", "a.bin")
    for offset in ("", "x", "-1", "1e3", "٣", "9" * 20):
        address = f"/files/{begun}?offset={offset}"
        answer = await client.put(address, content=b"a", headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed"), offset


CLAIMS: list[tuple[dict[str, Any], int, str]] = [
    ({"size": 0}, 422, "file-empty"),
    ({"size": -4}, 422, "file-empty"),
    ({"size": 101 * 1024 * 1024}, 413, "file-too-large"),
    ({"sha256": "0" * 63 + "/"}, 422, "malformed"),
    ({"kind": "page"}, 422, "malformed"),
]


async def test_what_is_announced_must_be_possible(home, jana):
    for claims, status, code in CLAIMS:
        with pytest.raises(Refused) as refused:
            await sending.begin(home, jana, b"abc", "a.bin", **({"kind": "file"} | claims))
        assert (refused.value.status, refused.value.code) == (status, code), claims
        assert "{" not in home.sentence(refused.value, "de"), claims


async def test_thirty_uploads_at_once_are_enough(home, jana):
    for number in range(30):
        await sending.begin(home, jana, b"abc", f"{number}.bin")
    with pytest.raises(Refused, match="too-many-uploads") as refused:
        await sending.begin(home, jana, b"abc", "31.bin")
    assert refused.value.status == 429


ODD_TILES = [
    ([NewTile(id=f"t{n}", name="a", size=1) for n in range(11)], 422, "too-many-files"),
    ([NewTile(id="t", name="a", size=1), NewTile(id="t", name="b", size=1)], 422, "malformed"),
    ([NewTile(id="../x", name="a", size=1)], 422, "malformed"),
    ([NewTile(id="t", name="a", size=0)], 422, "malformed"),
    ([NewTile(id="t", name="a", size=2**40)], 413, "file-too-large"),
    ([NewTile(id="t", name="a", size=1, note="n" * 301)], 422, "note-too-long"),
]


async def test_a_message_announces_only_what_can_come(home, jana, place):
    for tiles, status, code in ODD_TILES:
        with pytest.raises(Refused) as refused:
            await sending.announce(home, jana, place, *tiles)
        assert (refused.value.status, refused.value.code) == (status, code), tiles


async def test_a_name_shows_what_it_is_and_leads_nowhere(home, client, jana, place):
    message = await sending.send(home, client, jana, place, b"MZ\x90", "../../etc/‮fdp.exe", "file")
    html = await shown(home, place, message.seq)
    assert "fdp.exe" in html
    assert "etc" not in html
    assert "\u202e" not in html


async def test_only_the_author_fills_a_tile_and_only_once(home, client, jana, place):
    bernd = await person(home, "Bernd Oltmanns")
    tile = NewTile(id="tile-1", name="a.bin", size=3)
    message = await sending.announce(home, jana, place, tile)
    mine = await sending.upload(home, client, jana, b"abc", "a.bin")
    other = await sending.upload(home, client, jana, b"xyz", "b.bin")
    for who, upload, tile_id in [(bernd, mine, "tile-1"), (jana, mine, "tile-2"), (jana, "no-such-upload", "tile-1")]:
        with pytest.raises(Refused) as refused:
            await sending.attach(home, who, place, message.seq, tile_id, upload)
        assert refused.value.status == 404
    await sending.attach(home, jana, place, message.seq, "tile-1", mine)
    with pytest.raises(Refused, match="conflict"):
        await sending.attach(home, jana, place, message.seq, "tile-1", other)


async def test_a_file_for_a_message_that_is_deleted_is_answered_as_gone_to_its_author_alone(home, client, jana, place):
    bernd = await person(home, "Bernd Oltmanns")
    await home.perform(bernd, Join(id=new_id(), place=place))
    write = writes.Post(id=new_id(), place=place, text="", files=[NewTile(id="tile-1", name="a.bin", size=3)])
    said = await home.perform(jana, write)
    begun = await sending.upload(home, client, jana, b"abc", "a.bin")
    await home.perform(jana, writes.Delete(id=new_id(), place=place, message=said.seq))
    elsewhere = await channel(home, jana, "Anderswo")
    for who, there, message, status in [
        (jana, place, write.id, 410), (jana, place, said.seq, 404), (jana, place, new_id(), 404),
        (jana, elsewhere, write.id, 404), (bernd, place, write.id, 404),
    ]:  # fmt: skip
        with pytest.raises(Refused) as refused:
            await sending.attach(home, who, there, message, "tile-1", begun)
        assert refused.value.status == status
        with pytest.raises(Refused) as refused:
            await home.perform(who, Drop(id=new_id(), place=there, message=message, tile="tile-1"))
        assert refused.value.status == status


async def test_somebody_elses_upload_is_not_there(home, client, jana):
    bernd = await person(home, "Bernd Oltmanns")
    begun = await sending.begin(home, jana, b"abc", "a.bin")
    await sign_in(client, home, bernd)
    assert (await client.head(f"/files/{begun}")).status_code == 404
    assert (await sending.put(client, begun, b"abc")).status_code == 404
    client.cookies.clear()
    assert (await sending.put(client, begun, b"abc")).status_code == 401


async def test_a_file_that_is_given_up_leaves_the_message(home, client, jana, place):
    tile = NewTile(id="tile-1", name="plan.bin", size=3)
    message = await sending.announce(home, jana, place, tile)
    begun = await sending.begin(home, jana, b"abc", "plan.bin")
    drop = Drop(id=new_id(), place=place, message=message.seq, tile="tile-1", upload=begun)
    await home.perform(jana, drop)
    assert "plan.bin" not in await shown(home, place, message.seq)
    assert (await client.head(f"/files/{begun}")).status_code == 404


async def test_a_full_disk_is_said_and_nothing_is_lost(home, client, jana, monkeypatch):
    begun = await sending.begin(home, jana, b"abcdef", "a.bin")
    await sending.put(client, begun, b"abc")

    def full(*_args: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("intranet.files.parts.os.pwrite", full)
        answer = await sending.put(client, begun, b"def", 3)
        assert (answer.status_code, answer.json()["code"]) == (507, "disk-full")
    assert (await client.head(f"/files/{begun}")).headers["upload-offset"] == "3"
    assert (await sending.put(client, begun, b"def", 3)).json()["done"]


async def test_what_nobody_refers_to_is_swept(home, client, jana, place, monkeypatch):
    message = await sending.send(home, client, jana, place, b"secret content", "a.bin")
    [stored] = desk_of(home).store.everything()
    await home.perform(jana, writes.Delete(id=new_id(), place=place, message=message.seq))
    monkeypatch.setattr("intranet.files.live.GRACE", 0)
    from intranet.files import live

    await live.sweep(home, {}, 1)
    assert list(desk_of(home).store.everything()) == []
    counts = [select(func.count()).select_from(model) for model in (File, Upload)]
    assert [await home.read(lambda conn, q=q: conn.execute(q).scalar_one()) for q in counts] == [0, 0]
    assert stored


async def test_a_message_without_text_needs_a_file(home, jana, place):
    with pytest.raises(Refused, match="empty"):
        await say(home, jana, place, "   ")
    assert (await sending.announce(home, jana, place, NewTile(id="t", name="a", size=1))).seq


async def test_a_photo_is_shown_when_it_is_pressed(home, client, jana, place):
    message = await sending.send(home, client, jana, place, making.jpeg(), "riss.jpg", "photo", note="Riss ab Nut")
    await sending.pressed(home)
    html = await shown(home, place, message.seq)
    [preview] = addresses(html, "preview")
    answer = await client.get(preview)
    assert answer.headers["content-type"] == "image/webp"
    assert making.SECRET not in answer.content
    original = await client.get(re.findall(r'data-original="([^"]+)"', html)[0])
    assert making.SECRET not in original.content
    assert 'alt="Riss ab Nut"' in html
    assert re.search(r'width="800" height="600"', html)
