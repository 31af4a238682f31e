"""Results as files."""

import io
import zipfile

import httpx2

from tests import cast
from tests.polls.conftest import Scene


async def test_files_hold_texts_and_no_formulas(scene: Scene, client: httpx2.AsyncClient) -> None:

    poll = await scene.ask("one", '=HYPERLINK("x")', "+1", "-2", "@a", "ganz normal", question="=1+1")
    await scene.vote(scene.mehmet, poll, 1)
    await scene.close(poll)
    await cast.sign_in(client, scene.house, scene.mehmet)
    csv = (await client.get(f"/polls/{poll}/result.csv")).content.decode("utf-8-sig").split("\r\n")
    assert csv[0] == "'=1+1"
    assert [line[:2] for line in csv[3:7]] == ["\"'", "'+", "'-", "'@"]
    assert f"{scene.mehmet.name};ja;;;;" in csv
    book = zipfile.ZipFile(io.BytesIO((await client.get(f"/polls/{poll}/result.xlsx")).content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>1</v>" in sheet
