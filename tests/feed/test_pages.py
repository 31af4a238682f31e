"""The pages of the feed, as a browser gets them."""

import httpx2

from tests import cast
from tests.feed.conftest import FIELD, Town


async def test_the_pages_are_there(town: Town, client: httpx2.AsyncClient) -> None:
    post = await town.publish(town.jana, "Ein Vorschlag", text="Hallo", lines=[FIELD])
    await cast.sign_in(client, town.house, town.jana)
    own = [f"/posts/{post}{end}" for end in ("", "/card", "/card?as=share", "/edit", "/earlier")]
    for path in ("/feed", *own, "/feed?show=me", "/feed?kind=idea&state=new", "/part/feed"):
        answer = await client.get(path)
        assert answer.status_code == 200, (path, answer.text[-2000:])
        assert "show=me" in path or "Ein Vorschlag" in answer.text, path
    for path in ("/feed/new", "/feed/drafts"):
        assert (await client.get(path)).status_code == 200, path
    assert (await client.get("/feed/writers")).status_code == 403
    await cast.sign_in(client, town.house, town.carola)
    assert (await client.get("/feed/writers")).status_code == 200
    for path in (f"/posts/{post}", f"/posts/{post}/card", f"/posts/{post}/edit", f"/posts/{post}/earlier"):
        assert (await client.get(path)).status_code == 404, path
    assert "Ein Vorschlag" not in (await client.get("/feed")).text
