"""Every house rule finds its bad example, and only that."""

from pathlib import PurePosixPath

import pytest

from tools import house
from tools.house import Source

LONG = "def f():\n" + "    x = 1\n" * 60
EXAMPLES = [
    (house.short_file, "intranet/chat/a.py", "x = 1\n" * 300, "x = 1\n" * 301),
    (house.short_file, "static/chat/a.js", "x\n" * 300, "x\n" * 301),
    (house.short_function, "intranet/chat/a.py", LONG.removesuffix("    x = 1\n"), LONG),
    (house.short_function, "tests/chat/a.py", "async def f():\n    pass\n", "async " + LONG),
    (house.commit_in_kernel, "intranet/chat/a.py", "tx.record(1)\n", "conn.commit()\n"),
    (
        house.written_through_tx,
        "intranet/chat/a.py",
        "conn.execute(select(A))\ntx.change(update(A))\n",
        "tx.conn.execute(update(A).values(b=1))\n",
    ),
    (
        house.through_the_door,
        "intranet/chat/a.py",
        "from intranet.people import x\n",
        "from intranet.people.models import x\n",
    ),
    (house.through_the_door, "intranet/chat/a.py", "from .models import x\n", "from ..people.models import x\n"),
    (house.through_the_door, "intranet/chat/a.py", "import intranet.people\n", "import intranet.people.models\n"),
    (
        house.through_the_door,
        "intranet/app.py",
        "from intranet.kernel.tx import Tx\n",
        "from intranet.chat.models import Message\n",
    ),
    (
        house.through_the_door,
        "intranet/chat/a.py",
        "from intranet.kernel import Tx\n",
        "from intranet.kernel import tx\n",
    ),
    (house.order_inside, "intranet/chat/actions.py", "from .access import x\n", "from .views import x\n"),
    (house.order_inside, "intranet/chat/models.py", "from .words import x\n", "from intranet.chat.actions import x\n"),
    (house.order_inside, "intranet/chat/actions/a.py", "from ..models import x\n", "from ..views import x\n"),
    (house.closed_page, "templates/chat/a.html", '<p class="a">', '<p class="a" style="color:red">'),
    (house.closed_page, "templates/chat/a.html", '<p data-on="x">', '<p onclick="x()">'),
    (house.closed_page, "templates/chat/a.html", '<script type="module" src="/a.js">', "<script>x()</script>"),
    (house.closed_page, "templates/chat/a.html", '<script type="application/json" id="mine">', "<style>"),
    (house.room_folders, "templates/chat/a.html", "", None),
    (house.room_folders, "static/people/a.css", "", None),
    (house.finished, "intranet/chat/a.py", "# done\n", "# TO" + "DO: later\n"),
]


@pytest.mark.parametrize(("rule", "path", "good", "bad"), EXAMPLES)
def test_a_rule_tells_good_from_bad(rule, path, good, bad):
    assert list(rule(Source(PurePosixPath(path), good))) == []
    if bad is not None:
        assert len(list(rule(Source(PurePosixPath(path), bad)))) == 1


def test_a_module_that_the_door_offers_is_no_inside(monkeypatch):
    source = Source(PurePosixPath("intranet/chat/a.py"), "from intranet.kernel import clock\n")
    monkeypatch.setattr(house, "offered", lambda module: frozenset({"clock"} if module == "intranet.kernel" else ()))
    assert list(house.through_the_door(source)) == []
    monkeypatch.setattr(house, "offered", lambda module: frozenset())
    assert len(list(house.through_the_door(source))) == 1


def test_a_door_says_what_it_offers():
    assert {"Tx", "Room"} <= house.offered("intranet.kernel")
    assert house.offered("intranet.nothing") == frozenset()


def test_folders_that_are_no_rooms_are_found():
    assert list(house.room_folders(Source(PurePosixPath("templates/misc/a.html"), "")))
    assert list(house.room_folders(Source(PurePosixPath("static/js/a.js"), "")))


def test_the_kernel_may_commit():
    assert not list(house.commit_in_kernel(Source(PurePosixPath("intranet/kernel/writer.py"), "conn.commit()\n")))


def test_the_rules_look_at_the_product_and_at_themselves():
    paths = {str(source.path) for source in house.sources()}
    assert {"run.py", "intranet/__init__.py", "tools/house.py", "tests/house/test_house_rules.py"} <= paths
    assert not any(path.startswith("static/vendor/") for path in paths)
