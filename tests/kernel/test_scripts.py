"""Scripts are served without what only readers of the source need, and say the same."""

from starlette.applications import Starlette
from starlette.testclient import TestClient

from intranet.kernel import static
from intranet.kernel.html import STATIC, asset
from intranet.kernel.scripts import served

SOURCE = b"""// Why this is so.
/** What it does. */
export const at = "https://example.org"; // stays
  // indented
const half = at.length / 2; // so does this
"""


def test_lines_that_are_only_comments_go_and_all_others_keep_their_number() -> None:
    lines = served(SOURCE).splitlines()
    assert lines[:2] == [b"", b""]
    assert lines[2] == b'export const at = "https://example.org"; // stays'
    assert lines[3:] == [b"", b"const half = at.length / 2; // so does this"]


def test_what_is_served_is_the_tree_without_comments() -> None:
    with TestClient(Starlette(routes=static.ROUTES)) as client:
        for path in sorted(STATIC.rglob("*.js")):
            name = path.relative_to(STATIC).as_posix()
            answer = client.get(asset(name))
            source = path.read_text(encoding="utf-8")
            assert answer.headers["content-type"] == "text/javascript; charset=utf-8", name
            assert "immutable" in answer.headers["cache-control"], name
            assert len(answer.text.splitlines()) == len(source.splitlines()), name
            kept = [line for line in answer.text.splitlines() if line]
            assert kept == [
                line for line in source.splitlines() if line and not line.lstrip().startswith(("//", "/**"))
            ]
        assert client.get(asset("kernel/none.js")).status_code == 404
        assert "// " not in client.get("/worker.js").text.splitlines()[0]
