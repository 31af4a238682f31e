"""What is written about the product is true where a test can tell."""

import re
from pathlib import Path

import msgspec
import pytest

import run
from intranet.__main__ import main
from intranet.kernel.config import Settings

ROOT = Path(run.__file__).parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    gone = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert gone == []


def test_every_setting_is_explained_with_its_default():
    text = (ROOT / "docs" / "operators.md").read_text("utf-8")
    for field in msgspec.structs.fields(Settings):
        head, _, tail = field.name.partition("_")
        whole, short = f"`INTRANET_{field.name.upper()}`", f"`_{tail.upper()}`"
        line = next((one for one in text.splitlines() if whole in one or (head == "smtp" and short in one)), "")
        assert line.startswith("| `INTRANET_"), f"{field.name} is not in the table"
        if field.default not in ("", True, False):
            assert f"`{field.default}`" in line, f"{field.name}: the default is {field.default}"
    named = set(re.findall(r"`INTRANET_([A-Z_]+)`", text))
    assert {name.lower() for name in named} <= {*Settings.__struct_fields__, "venv"}


def test_every_test_that_is_named_exists():
    for page in PAGES:
        for path in re.findall(
            r"`((?:tests|bench|tools|intranet|static)/[\w./]+\.(?:py|js|txt))`", page.read_text("utf-8")
        ):
            assert (ROOT / path).is_file(), f"{page.name} names {path}"


def test_every_command_in_the_readme_exists():
    text = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docs" / "developers.md").read_text("utf-8")
    words = set(re.findall(r"python3 run\.py ([a-z]+)", text))
    assert words
    assert words <= {*run.NEEDS, "install", *main.commands}


def test_every_decision_is_in_the_table():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"^\| \[\d{4}\]\(([\w-]+\.md)\) \|", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    assert listed == sorted(path.name for path in folder.glob("0*.md"))
