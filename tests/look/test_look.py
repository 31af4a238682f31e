"""Every screen of this step as a person sees it: it opens, nothing is missing, nothing sticks out, in both schemes.

`python3 -m tests.look` renews the pictures that lie beside the design's shots in docs/design.
"""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from .place import ROOT
from .screens import DESIGNED, SCREENS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not find_spec("playwright") or not shutil.which("chromium"), reason="needs Chromium"),
]
CASES = [(screen.name, width) for screen in SCREENS for width in screen.only]


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pictures of all screens. A process of its own: no other browser's loop runs in it."""
    folder = tmp_path_factory.mktemp("look")
    done = subprocess.run([sys.executable, "-m", "tests.look", "--into", str(folder)], cwd=ROOT, capture_output=True)
    assert (folder / "faults.json").exists(), done.stderr.decode()[-3000:]
    return folder


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("name", "width"), CASES)
def test_a_screen_opens_whole_in_both_schemes(taken, name, width):
    assert json.loads((taken / "faults.json").read_text("utf-8"))[f"{name}-{width}"] == []
    light, dark = (taken / f"{name}-{width}{scheme}.webp" for scheme in ("", "-dark"))
    assert light.read_bytes() != dark.read_bytes()


@pytest.mark.parametrize(("name", "width"), CASES)
def test_a_picture_lies_beside_the_designs_shot(name, width):
    docs = ROOT / "docs" / "design"
    assert (docs / "ours" / f"{name}-{width}.webp").is_file()
    assert (docs / "shots" / f"{name}-{width}.webp").is_file() or name not in DESIGNED
