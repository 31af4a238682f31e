"""A wheel built from the tree runs in an empty directory, with its templates and assets."""

import json
import os
import re
import subprocess
import sys
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

import run
from intranet.serving import free_port

ROOT = Path(run.__file__).parent
pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", build, folder], cwd=ROOT, capture_output=True, text=True, check=True)
    return folder / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The Python of a fresh environment: the wheel is installed, its packages are borrowed from this one."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=False, symlinks=True)
    site = next((folder / "lib").glob("python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # borrowed by a second path entry, without the .pth files in it: the checkout itself must not be found
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    (site / "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    return folder / "bin" / "python"


def ask(python, tmp_path, *command):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("INTRANET_", "PYTHON"))}
    return subprocess.run([python, *command], cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=60)


def test_the_wheel_carries_all_that_the_product_reads(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
        commands = next(archive.read(name).decode() for name in inside if name.endswith("entry_points.txt"))
    assert "intranet = intranet.__main__:main" in commands
    wanted = {f"intranet/{path.relative_to(ROOT)}" for top in ("templates", "static") for path in files(ROOT / top)}
    wanted |= {str(path.relative_to(ROOT)) for path in files(ROOT / "intranet")}
    assert wanted - inside == set()
    assert not any(name.startswith(("tests/", "tools/", "bench/")) for name in inside)
    assert any(name.endswith("licenses/LICENSE") for name in inside)


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_it_is_the_wheel_that_answers(python, tmp_path):
    done = ask(python, tmp_path, "-c", "import intranet; print(intranet.__file__)")
    assert done.stdout.startswith(str(python.parent.parent)), done.stderr


def test_its_command_line_starts_in_an_empty_directory(python, tmp_path):
    done = ask(python, tmp_path, "-m", "intranet", "--help")
    assert done.returncode == 0, done.stderr
    assert "serve" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_finds_its_templates_and_assets(python, tmp_path):
    script = "from intranet.kernel.html import *; print(ROOT, static_version(), len(list(TEMPLATES.rglob('*.html'))))"
    done = ask(python, tmp_path, "-c", script)
    root, version, templates = done.stdout.split()
    assert root.startswith(str(python.parent.parent))
    assert len(version) >= 8
    assert int(templates) > 10


def test_it_carries_the_sample_company_and_the_languages(python, tmp_path):
    script = (
        "from datetime import date; from intranet.demo.company import build; from intranet.demo.paper import paper; "
        "from intranet.kernel import words; c = build(date(2026, 11, 24)); "
        "print(len(c.messages), len(c.people), paper('entlueftung')[:5], words('de').gettext('Sign in'))"
    )
    done = ask(python, tmp_path, "-c", script)
    assert done.stdout.endswith("b'%PDF-' Anmelden\n"), done.stderr
    messages, people, *_rest = done.stdout.split()
    assert int(messages) > 2000
    assert int(people) > 30


def test_it_serves_pages_and_assets_from_an_empty_directory(python, tmp_path):
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("INTRANET_", "PYTHON"))}
    server = subprocess.Popen(
        [python, "-m", "intranet", "serve"], cwd=tmp_path, env={**clean, "INTRANET_PORT": str(port)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout
    try:
        said = server.stdout.readline() + server.stdout.readline()
        assert "/set-up/" in said
        page = fetch(f"http://127.0.0.1:{port}/sign-in")
        assert b"<form" in page
        for path in sorted(set(re.findall(rb'(?:src|href)="(/static/[^"]+)"', page)))[:20]:
            assert fetch(f"http://127.0.0.1:{port}{path.decode()}")
        assert json.loads(fetch(f"http://127.0.0.1:{port}/words/de.json"))
        assert fetch(f"http://127.0.0.1:{port}/readyz") == b"ready"
    finally:
        server.terminate()
        assert server.wait(20) in (0, -15)
        server.stdout.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def fetch(url):
    request = urllib.request.Request(url, headers={"Accept-Language": "de"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()
