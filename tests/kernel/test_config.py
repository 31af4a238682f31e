"""Settings by environment: unknown names are errors, secrets come from files, and what is shown is redacted."""

import subprocess
import sys
from pathlib import Path

import pytest

from intranet.kernel.config import PREFIX, SECRET, ConfigError, Settings, load, show

KEY = "k" * 32


def test_defaults_need_nothing() -> None:
    assert load({"PATH": "/usr/bin"}) == Settings()


def test_values_are_read_as_their_types() -> None:
    settings = load({"INTRANET_PORT": "9000", "INTRANET_DEMO": "true", "INTRANET_NAME": "Quellmoor"})
    assert (settings.port, settings.demo, settings.name) == (9000, True, "Quellmoor")


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"INTRANET_PROT": "1"}, "INTRANET_PROT"), ({"INTRANET_PORT": "many"}, "port"),
        ({"INTRANET_SECRET_KEY": "short"}, "INTRANET_SECRET_KEY"),
        ({"INTRANET_SMTP_TLS": "maybe"}, "INTRANET_SMTP_TLS"),
        ({"INTRANET_BUS_URL": "redis://b", "INTRANET_DATABASE_URL": "postgresql://d/b"}, "INTRANET_BUS_URL"),
        ({"INTRANET_BUS_URL": "nats://b,nats://", "INTRANET_DATABASE_URL": "postgresql://d/b"}, "INTRANET_BUS_URL"),
        ({"INTRANET_BUS_URL": "nats://b:4222"}, "INTRANET_DATABASE_URL must name it"),
        ({"INTRANET_FILES_URL": "https://host/bucket"}, "INTRANET_FILES_URL"),
        ({"INTRANET_FILES_URL": "s3://"}, "INTRANET_FILES_URL"),
        ({"INTRANET_FILES_URL": "s3://key:secret@bucket"}, "INTRANET_FILES_URL"),
        ({"INTRANET_FILES_URL": "s3://bucket?endpiont=https://host"}, "INTRANET_FILES_URL"),
        ({"INTRANET_FILES_URL": "s3://bucket", "INTRANET_FILES_KEY": "k"}, "both or neither"),
        ({"INTRANET_SECRET_KEY_FILE": "/nowhere/key"}, "INTRANET_SECRET_KEY_FILE"),
        ({"INTRANET_PORT": "1", "INTRANET_PORT_FILE": "/dev/null"}, "INTRANET_PORT"),
        ({"INTRANET_PROT_FILE": "/dev/null"}, "INTRANET_PROT_FILE"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_an_error_that_names_it(environ: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        load(environ)


def test_every_setting_can_come_from_a_file(tmp_path: Path) -> None:
    for name, value in {"secret_key": KEY, "database_url": "postgresql://b:pw@host/db", "port": "9001"}.items():
        file = tmp_path / name
        file.write_text(f"{value}\n")
        settings = load({f"{PREFIX}{name.upper()}_FILE": str(file)})
        assert str(getattr(settings, name)) == value


def test_what_is_shown_has_origins_and_no_secrets(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY)
    shown = show({
        "INTRANET_SECRET_KEY_FILE": str(file), "INTRANET_SMTP_PASSWORD": "hunter2hunter2",
        "INTRANET_DATABASE_URL": "postgresql://binnen:hunter3@db.example/binnen", "INTRANET_PORT": "9000",
        "INTRANET_BUS_URL": "nats://binnen:hunter4@a:4222,nats://hunter5@b:4222", "INTRANET_FILES_SECRET": "hunter6",
    })  # fmt: skip
    for secret in (KEY, "hunter2", "hunter3", "hunter4", "hunter5", "hunter6"):
        assert secret not in shown
    lines = {line.split()[0].removeprefix(PREFIX).lower(): line for line in shown.splitlines()}
    assert set(lines) == set(Settings.__struct_fields__)
    assert lines["port"].split()[1:] == ["9000", "environment"]
    assert lines["secret_key"].endswith(f"file {file}")
    assert lines["name"].endswith("default")
    assert set(Settings.__struct_fields__) >= SECRET


def test_the_command_says_it_in_one_line() -> None:
    command = [sys.executable, "-m", "intranet"]
    bad = subprocess.run([*command, "serve"], env={"INTRANET_PROT": "1"}, capture_output=True, text=True)
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr == "intranet: INTRANET_PROT: no such setting (see `intranet config show`)\n"
    good = subprocess.run([*command, "config", "show"], env={"INTRANET_PORT": "9"}, capture_output=True, text=True)
    assert good.returncode == 0
    assert "INTRANET_PORT" in good.stdout
