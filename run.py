#!/usr/bin/env python3
"""Set Binnen up and run it, with nothing but Python.

    python3 run.py              set up and serve on http://127.0.0.1:8000
    python3 run.py demo         serve a sample company, with one-click sign-in
    python3 run.py test         run the tests on every database at hand; options go to pytest, --all skips nothing
    python3 run.py check        formatting, lint, types, import rules, translations, migrations
    python3 run.py bench        measure; python3 run.py faults: kill servers and look for losses
    python3 run.py install EXTRA...    add postgres, nats, s3, test, servers, browser, dev or fuzz to the environment

Anything else goes to the command line of the intranet itself: python3 run.py config show

The environment is made in .venv beside this file; INTRANET_VENV names another folder.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
EXTRAS = ("postgres", "nats", "s3", "test", "servers", "browser", "dev", "fuzz")
NEEDS = {"test": ("test",), "bench": ("test",), "faults": ("test",), "check": EXTRAS}
PIP = (  # fetched only where the machine has none
    "pip-26.3-py3-none-any.whl",
    "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

if sys.version_info < OLDEST:
    newer = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if shutil.which(name)]
    hint = f"Found {newer[0]}: {newer[0]} run.py" if newer else "Install a newer one with the package manager."
    sys.exit(f"Binnen needs Python 3.11 or newer; this is {sys.version.split()[0]}. {hint}")


def main(argv: list[str]) -> int:
    """Do what the words after `run.py` say."""
    command, rest = (argv[0], argv[1:]) if argv and not argv[0].startswith("-") else ("serve", argv)
    if {"-h", "--help"} & set(argv) and command in {"serve", *NEEDS, "install"}:
        print(__doc__)
        return 0
    if command == "install":
        unknown = set(rest) - set(EXTRAS)
        if unknown or not rest:
            raise SystemExit(f"Extras are: {', '.join(EXTRAS)}")
        environment(("runtime", *rest))
        return 0
    if command == "test":
        return test(rest)
    if command in NEEDS:
        modules = {"check": "tools.check", "bench": "bench", "faults": "bench.faults"}
        os.chdir(ROOT)
        return become(environment(("runtime", *NEEDS[command])), modules[command], rest)
    return become(environment(serving_layers(os.environ)), "intranet", [command, *rest])


def serving_layers(env: "os._Environ[str] | dict[str, str]") -> tuple[str, ...]:
    """What serving needs: the driver for PostgreSQL, the clients of NATS and S3 only where the settings name one."""
    layers = ["runtime"]
    if set_to(env, "INTRANET_DATABASE_URL").startswith("postgres"):
        layers.append("postgres")
    if set_to(env, "INTRANET_BUS_URL"):
        layers.append("nats")
    if set_to(env, "INTRANET_FILES_URL"):
        layers.append("s3")
    return tuple(layers)


def set_to(env: "os._Environ[str] | dict[str, str]", name: str) -> str:
    """A setting as the intranet will read it: from the environment, or from the file that NAME_FILE names."""
    value, file = env.get(name, ""), Path(env.get(f"{name}_FILE") or os.devnull)
    return (value if value or not file.is_file() else file.read_text(encoding="utf-8")).strip()


def become(python: Path, module: str, rest: list[str]) -> int:
    """Replace this process, so signals and the exit code are the module's own."""
    sys.stdout.flush()
    os.execv(python, [str(python), "-m", module, *rest])


def test(rest: list[str]) -> int:
    """Run pytest with what is installed and say what was left out."""
    everything = "--all" in rest or os.environ.get("CI") == "true"
    named = ("postgres",) if os.environ.get("INTRANET_TEST_PG_URL") else ()  # its driver
    python = environment(("runtime", *(EXTRAS if everything else (*NEEDS["test"], *named))))
    command = [str(python), "-m", "pytest", *(["-p", "tools.pytest_complete"] if everything else [])]
    codes = {subprocess.call([*command, *words], cwd=ROOT) for words in pytest_calls([w for w in rest if w != "--all"])}
    for line in left_out(python, os.environ):
        print(line)
    nothing = 5  # no test of that kind was asked for: fine, as long as another ran
    return max(codes - {nothing}, default=nothing)


def pytest_calls(words: list[str]) -> list[list[str]]:
    """The tests on as many processes as there are cores; afterwards those in a browser, a file on one process."""
    parallel = [] if {"-n", "--pdb"} & set(words) else ["-n", str(min(os.cpu_count() or 1, 4))]
    by_file = [*parallel, "--dist", "loadfile"] if parallel else []
    if "-m" in words:
        chosen = parallel if "not browser" in words else by_file if "browser" in words else []
        return [[*chosen, *words]]
    return [["-m", "not browser", *parallel, *words], ["-m", "browser", *by_file, *words]]


def left_out(python: Path, env: "os._Environ[str] | dict[str, str]") -> list[str]:
    """What a test run on this machine does not reach, and how to get it."""
    have = set(read_state(python.parent.parent).get("layers", {}))
    lines = []
    if "browser" not in have or not any(shutil.which(name) for name in BROWSERS):
        get = [] if "browser" in have else ["python3 run.py install browser"]
        get += [] if any(shutil.which(name) for name in BROWSERS) else ["apt-get install chromium"]
        lines.append(f"Left out: the tests in a browser. To get them: {' && '.join(get)}")
    if "servers" not in have and not ("postgres" in have and env.get("INTRANET_TEST_PG_URL")):
        lines.append("Left out: the tests on PostgreSQL. To get them: python3 run.py install servers")
    if "nats" not in have or not shutil.which("nats-server", path=f"{env.get('PATH', '')}:/usr/sbin"):
        how = "apt-get install nats-server && python3 run.py install postgres nats"
        lines.append(f"Left out: the tests of several nodes. To get them: {how}")
    if "dev" not in have:
        lines.append("Formatting, lint, types and translations are a command of their own: python3 run.py check")
    return lines


def environment(layers: tuple[str, ...]) -> Path:
    """Return the Python of an environment that holds `layers`, making or renewing it only when needed."""
    venv = Path(os.environ.get("INTRANET_VENV") or ROOT / ".venv").expanduser().absolute()
    python = venv / "bin" / "python"
    if not outdated(venv, layers):
        return python
    try:
        venv.mkdir(parents=True, exist_ok=True)
        lock = os.open(venv, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = outdated(venv, layers)  # another start may have done it meanwhile
        if missing:
            install(venv, missing)
        os.close(lock)
    except OSError as error:
        raise SystemExit(
            f"Cannot write to {venv}: {error.strerror}.\n"
            "Name a folder of your own with INTRANET_VENV, for example: INTRANET_VENV=~/binnen-env python3 run.py"
        ) from error
    return python


def outdated(venv: Path, layers: tuple[str, ...]) -> list[str]:
    """The layers to install: asked for or there already, and not as their lock says now."""
    state = read_state(venv)
    known = dict(state.get("layers", {})) if state.get("python") == stamp() and state.get("root") == str(ROOT) else {}
    wanted = [name for name in ("runtime", *EXTRAS) if name in layers or name in state.get("layers", {})]
    return [name for name in wanted if known.get(name) != fingerprint(name)]


def read_state(venv: Path) -> dict[str, Any]:
    """What an earlier run wrote down after a complete install."""
    try:
        return json.loads((venv / "installed.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]
    except (OSError, ValueError):
        return {}


def stamp() -> str:
    """The Python an environment is made for."""
    return f"{sys.base_prefix} {sys.version.split()[0]}"


def fingerprint(layer: str) -> str:
    """The hash of a layer's lock file."""
    return hashlib.sha256((ROOT / "requirements" / f"{layer}.txt").read_bytes()).hexdigest()


def install(venv: Path, layers: list[str]) -> None:
    """Make the environment if need be and install `layers` from their locks."""
    state = read_state(venv)
    python = venv / "bin" / "python"
    if state.get("python") != stamp() or not python.exists():
        make(venv)
        state = {}
    pip = installer(python, venv)
    print(f"Installing {', '.join(layers)} into {venv}{'' if state else '; about a minute'} ...", flush=True)
    command = [*pip, "install", "--quiet", "--quiet", "--require-hashes", "--no-deps", "--prefer-binary"]
    command += [f"--requirement={ROOT / 'requirements' / name}.txt" for name in layers]
    if subprocess.call(command, env={"PIP_RETRIES": "2", **os.environ}, cwd=ROOT) != 0:
        raise SystemExit(
            "The packages could not be installed; what pip says is above.\n"
            "Without a network: the first start needs a Python package index. Behind a proxy set HTTPS_PROXY; a mirror "
            "of your own is named with PIP_INDEX_URL, a folder of wheels with PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER."
        )
    # A path entry instead of an editable install: nothing is built, so nothing but the locks has to be fetched.
    purelib = subprocess.check_output(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    Path(purelib.strip(), "binnen.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    done = {**state.get("layers", {}), **{name: fingerprint(name) for name in layers}}
    new = {"python": stamp(), "root": str(ROOT), "layers": done}
    (venv / "installed.json").write_text(json.dumps(new, indent=1), encoding="utf-8")


def make(venv: Path) -> None:
    """Make an empty environment; without ensurepip (Debian without python3-venv) one without pip."""
    if importlib.util.find_spec("venv") is None:
        raise SystemExit("This Python cannot make environments. On Debian and Ubuntu: apt-get install python3-venv")
    if any(venv.iterdir()) and not (venv / "pyvenv.cfg").is_file():  # it is about to be cleared
        raise SystemExit(f"{venv} holds something else than a Python environment; INTRANET_VENV names another folder.")
    bare = importlib.util.find_spec("ensurepip") is None
    command = [sys.executable, "-m", "venv", "--clear", *(["--without-pip"] if bare else []), str(venv)]
    if subprocess.call(command) != 0:
        raise SystemExit(f"The environment {venv} could not be made; the reason is above.")


def installer(python: Path, venv: Path) -> list[str]:
    """The pip that installs into the environment: its own, or else the system's, or else one that is fetched."""
    for pip in ([str(python), "-m", "pip"], [sys.executable, "-m", "pip", f"--python={python}"]):
        if subprocess.call([*pip, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return pip
    wheel = venv / PIP[0]
    if not wheel.is_file():
        print(f"There is no pip on this machine; fetching {PIP[0]} ...", flush=True)
        wheel.write_bytes(fetched(os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"))
    return [str(python), str(wheel / "pip")]


def fetched(index: str) -> bytes:
    """The wheel of pip from a package index; only the one whose hash is written above."""
    name, wanted = PIP
    page = f"{index.rstrip('/')}/pip/"
    try:
        with urllib.request.urlopen(page, timeout=60) as answer:
            links = re.findall(r'href="([^"]+)"', answer.read().decode("utf-8"))
        link = next((urljoin(page, one) for one in links if urlsplit(one).path.endswith(name)), page + name)
        with urllib.request.urlopen(link.partition("#")[0], timeout=60) as answer:
            data: bytes = answer.read()
    except (OSError, ValueError) as error:
        raise SystemExit(
            f"There is no pip on this machine, and {page} could not be read: {error}\n"
            "On Debian and Ubuntu: apt-get install python3-venv"
        ) from error
    if hashlib.sha256(data).hexdigest() != wanted:
        raise SystemExit(f"{name} from {page} is not the file it should be. On Debian: apt-get install python3-venv")
    return data


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
