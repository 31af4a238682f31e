"""What carries Binnen to a machine says the same as the code: locks, image, compose file, service."""

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import run
from intranet.kernel.config import PREFIX, Settings

ROOT = Path(run.__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SETTINGS = {PREFIX + name.upper() for name in Settings.__struct_fields__}


def locked(layer):
    """The versions that a lock pins, by name."""
    text = (ROOT / "requirements" / f"{layer}.txt").read_text(encoding="utf-8")
    pins = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE):
        pins.setdefault(name, []).append(version)
    return pins


def declared():
    """Every requirement of the project with the layer that must bring it."""
    for text in PROJECT["dependencies"]:
        yield "runtime", Requirement(text)
    for layer, texts in PROJECT["optional-dependencies"].items():
        yield from ((layer, Requirement(text)) for text in texts if not text.startswith(PROJECT["name"]))


def test_every_requirement_is_locked_in_a_version_that_fits():
    for layer, requirement in declared():
        versions = locked(layer).get(canonicalize_name(requirement.name))
        assert versions, f"{requirement} is not in requirements/{layer}.txt: run tools/lock.py"
        assert all(version in requirement.specifier for version in versions), requirement


def test_the_layers_of_run_are_the_extras_and_their_locks():
    assert set(run.EXTRAS) == set(PROJECT["optional-dependencies"])
    assert {path.stem for path in (ROOT / "requirements").glob("*.txt")} == {"runtime", *run.EXTRAS}


def test_a_lock_has_hashes_and_no_address():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text
        assert len(re.findall(r"==", text)) <= len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)), path.name


def test_no_package_is_locked_twice():
    names = [name for layer in ("runtime", *run.EXTRAS) for name in locked(layer)]
    assert len(names) == len(set(names))


@pytest.fixture(scope="module")
def image():
    """The Dockerfile as a list of instructions, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def test_the_image_copies_what_exists_and_what_is_not_ignored(image):
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"
    }
    sources = [word.split()[0] for name, word in image if name == "COPY" and "--from" not in word]
    assert {"intranet", "templates", "static", "requirements", "run.py"} <= set(sources)
    assert set(sources) <= allowed


def test_the_image_runs_as_nobody_special_with_its_data_outside(image):
    words = dict(image)
    assert [word.split()[0] for name, word in image if name == "FROM"] == ["python:3.13-slim"] * 2
    assert words["USER"] == "10001:10001"
    assert words["VOLUME"] == "/data"
    assert "/healthz" in words["HEALTHCHECK"]
    assert words["ENTRYPOINT"] == '["python", "-m", "intranet"]'
    assert image.index(["USER", "10001:10001"]) < image.index(["CMD", '["serve"]'])


def test_the_image_knows_every_setting_it_names(image):
    names = {name for word in image for name in re.findall(r"\b(INTRANET_\w+)=", word[1])}
    assert names - {"INTRANET_VENV"} <= SETTINGS
    assert {"INTRANET_HOST", "INTRANET_DATA"} <= names


def test_the_compose_file_names_known_settings_and_a_proxy_in_front():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["binnen"]
    assert set(service["environment"]) <= SETTINGS
    assert service["ports"] == ["127.0.0.1:8000:8000"]
    assert service["volumes"] == ["data:/data"]
    assert "data" in compose["volumes"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


def test_the_compose_file_of_several_nodes_gives_them_all_the_same():
    compose = yaml.safe_load((ROOT / "deploy" / "compose.nodes.yaml").read_text(encoding="utf-8"))
    one, other = (compose["services"][name] for name in ("node1", "node2"))
    assert one == other
    assert set(one["environment"]) <= SETTINGS
    assert {"INTRANET_DATABASE_URL", "INTRANET_BUS_URL"} <= set(one["environment"])
    assert one["volumes"] == ["data:/data"]
    assert "ports" not in one, "only the proxy is reached from outside"
    for mark in ("node1:8000", "node2:8000"):
        assert mark in (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["binnen.service", "binnen@.service"])
def test_the_services_of_systemd(tmp_path, name):
    unit = configparser.RawConfigParser()
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    unit.read_string(text)
    service = unit["Service"]
    assert service["ExecStart"].endswith("-m intranet serve")
    assert set(re.findall(r"\b(INTRANET_\w+)=", service["Environment"])) <= SETTINGS
    assert f"INTRANET_DATA=/var/lib/{service['StateDirectory']}" in service["Environment"]
    assert service["DynamicUser"] == "yes"
    assert ("@" not in name) or (service["User"], "INTRANET_PORT=%i" in service["Environment"]) == ("binnen", True)
    assert int(service["TimeoutStopSec"]) >= 15
    if shutil.which("systemd-analyze"):
        copy = tmp_path / name
        copy.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text), encoding="utf-8")
        done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def test_the_licence_is_the_one_the_project_names():
    assert PROJECT["license"] == "AGPL-3.0-or-later"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007")
    assert "13. Remote Network Interaction" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_every_decision_is_listed_and_every_dependency_explained():
    decisions = {path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([^)]+)\)", listed)) == decisions
    numbers = sorted(name[:4] for name in decisions)
    assert len(numbers) == len(set(numbers)), "a number is one decision's"
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert [str(requirement) for _layer, requirement in declared() if requirement.name not in page] == []
