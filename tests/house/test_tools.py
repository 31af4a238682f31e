"""The other checks find what they are there to find."""

import gzip
import json
import random
import sys

import pytest

from intranet.kernel.scripts import served
from tests import postgres
from tools import budget, check, vendor

pytest_plugins = ["pytester"]


@pytest.fixture
def page(tmp_path):
    noise = random.Random(1).randbytes(1000).hex()
    files = {
        "templates/kernel/base.html": (
            "<link href=\"{{ asset('kernel/base.css') }}\"><link href=\"{{ asset('kernel/mark.svg') }}\">"
            '{% for sheet in ["tokens", "parts"] -%}<link href="{{ asset("kernel/" ~ sheet ~ ".css") }}">{% endfor %}'
        ),
        "templates/chat/channel.html": (
            '{% extends "kernel/base.html" %}{% include "chat/_message.html" %}'
            '<script type="module" src="{{ asset("chat/timeline.js") }}"></script>'
        ),
        "templates/chat/_message.html": "",
        "static/kernel/base.css": '@import url("layout.css");',
        "static/kernel/layout.css": noise,
        "static/kernel/tokens.css": noise,
        "static/kernel/parts.css": "",
        "static/kernel/outbox.js": "export const a = 1;",
        "static/chat/timeline.js": (
            'import {\n  a,\n} from "../kernel/outbox.js";\nimport "./focus.js";\nimport("./later.js");\n'
        ),
        "static/chat/focus.js": f"// {noise}",
        "static/chat/later.js": f"// {noise}",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_weight_counts_what_the_page_loads_by_itself(page):
    found = {path.name for path in budget.assets("chat/channel.html", page)}
    styles = {"base.css", "layout.css", "tokens.css", "parts.css"}
    assert found == {*styles, "timeline.js", "outbox.js", "focus.js"}
    total = budget.weights("chat/channel.html", page)
    scripts = [page / "static" / name for name in ("chat/timeline.js", "kernel/outbox.js", "chat/focus.js")]
    assert total[".js"] == sum(len(gzip.compress(served(path.read_bytes()), 6)) for path in scripts)


def test_style_sheets_named_by_a_loop_weigh_as_well(page):
    sheets = [page / "static/kernel" / f"{name}.css" for name in ("base", "layout", "tokens", "parts")]
    expected = sum(len(gzip.compress(path.read_bytes(), 6)) for path in sheets)
    assert budget.weights("chat/channel.html", page)[".css"] == expected


def test_an_asset_named_in_an_unknown_way_is_not_passed_over(page):
    with (page / "templates/chat/_message.html").open("a", encoding="utf-8") as template:
        template.write('<link href="{{ asset("chat/" ~ look ~ ".css") }}">')
    with pytest.raises(SystemExit, match="in a way that this check does not know"):
        budget.assets("chat/channel.html", page)


def test_an_asset_that_is_not_there_is_named(page):
    (page / "static/chat/focus.js").unlink()
    with pytest.raises(SystemExit, match=r"focus\.js is asked for and not there"):
        budget.assets("chat/channel.html", page)


@pytest.mark.parametrize(("limit", "code"), [(3000, 0), (500, 1)])
def test_a_page_over_its_budget_fails(page, monkeypatch, limit, code):
    monkeypatch.setattr(budget, "weights", lambda name: {".js": 600, ".css": 600})
    monkeypatch.setattr(budget, "LIMITS", {".js": limit, ".css": limit})
    assert budget.main() == code


def test_a_page_of_which_nothing_is_found_fails(monkeypatch):
    monkeypatch.setattr(budget, "weights", lambda name: {".js": 0, ".css": 600})
    assert budget.main() == 1


@pytest.fixture
def vendored(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "lib.js").write_text("1", encoding="utf-8")
    (tmp_path / "lib" / "LICENSE.txt").write_text("ISC", encoding="utf-8")
    entry = {"version": "1", "licence": "ISC", "source": "lib", "files": {}}
    (tmp_path / "manifest.json").write_text(json.dumps({"lib": entry}), encoding="utf-8")
    vendor.write(tmp_path)
    return tmp_path


def test_vendored_files_are_as_the_manifest_says(vendored):
    assert list(vendor.problems(vendored)) == []


def test_a_changed_added_or_unlisted_vendored_file_is_found(vendored):
    (vendored / "lib" / "lib.js").write_text("2", encoding="utf-8")
    (vendored / "lib" / "more.js").write_text("", encoding="utf-8")
    (vendored / "other").mkdir()
    assert list(vendor.problems(vendored)) == [
        "other is not in the manifest",
        "lib/lib.js differs",
        "lib/more.js differs",
    ]


def test_a_vendored_thing_without_its_licence_is_found(vendored):
    (vendored / "lib" / "LICENSE.txt").unlink()
    vendor.write(vendored)
    assert list(vendor.problems(vendored)) == ["lib: the text of its licence is missing"]


def test_checks_say_which_failed(monkeypatch, capsys):
    parts = {"good": (sys.executable, "-c", "pass"), "bad": (sys.executable, "-c", "print('why'); exit(3)")}
    monkeypatch.setattr(check, "PARTS", parts)
    assert check.main(["good"]) == 0
    assert check.main([]) == 1
    assert check.main(["unheard-of"]) == 2
    output = capsys.readouterr().out
    assert "why" in output
    assert "Failed: bad" in output


@pytest.mark.parametrize(("body", "code"), [("pass", 0), ("import pytest; pytest.skip('no browser')", 1)])
def test_a_run_that_may_leave_nothing_out_fails_on_a_skip(pytester, monkeypatch, body, code):
    monkeypatch.syspath_prepend(str(check.ROOT))
    pytester.makepyfile(f"def test_a():\n    {body}\n")
    done = pytester.runpytest_subprocess("-p", "tools.pytest_complete", "-p", "no:asyncio", "-p", "no:cacheprovider")
    assert done.ret == code
    assert ("LEFT OUT" in done.stdout.str()) == bool(code)


def test_a_whole_file_that_skips_itself_counts_too(pytester, monkeypatch):
    monkeypatch.syspath_prepend(str(check.ROOT))
    pytester.makepyfile("import pytest\npytest.importorskip('no_such_module')\n\ndef test_a():\n    pass\n")
    pytester.makepyfile(test_other="def test_b():\n    pass\n")
    done = pytester.runpytest_subprocess("-p", "tools.pytest_complete", "-p", "no:asyncio", "-p", "no:cacheprovider")
    assert done.ret == 1


def test_nothing_to_run_is_not_a_pass(pytester, monkeypatch):
    monkeypatch.syspath_prepend(str(check.ROOT))
    pytester.makepyfile("def test_a():\n    pass\n")
    words = ("-p", "tools.pytest_complete", "-p", "no:asyncio", "-p", "no:cacheprovider")
    assert pytester.runpytest_subprocess(*words, "-k", "no_such_test").ret != 0


def test_ci_asks_for_both_databases_whether_they_are_there_or_not(monkeypatch):
    monkeypatch.delenv("INTRANET_TEST_PG_URL", raising=False)
    monkeypatch.setattr(postgres, "find_spec", lambda name: None)
    monkeypatch.delenv("CI", raising=False)
    assert not postgres.wanted()
    monkeypatch.setenv("CI", "true")
    assert postgres.wanted()


def test_scripts_name_only_what_is_there(tmp_path):
    pytest.importorskip("tree_sitter_javascript", reason="the extra dev")
    from tools import scripts

    (tmp_path / "one.js").write_text("export const one = 1, { two, three: [three] } = {}; export default class {}\n")
    good = tmp_path / "good.js"
    good.write_text(
        'import main, { one, two as second } from "./one.js";\n'
        "export async function go({ target, ...rest }, [first = one], given = second) {\n"
        "  try { await (await first); } catch (error) { return { error, main, ...rest }; }\n"
        "  for (const each of given) target.then((done) => done + each);\n"
        "  return document.title;\n"
        "}\n"
    )
    assert scripts.findings(good) == []
    bad = tmp_path / "bad.js"
    bad.write_text(
        'import { four } from "./one.js";\nimport "./two.js";\n'
        "export const shown = () => ({ fuor, done: four });\nconst text = `\n  // lost\n`;\ntext.(;\n"
    )
    assert {said for _line, said in scripts.findings(bad)} == {
        "./one.js exports no four", "./two.js is not there", "fuor is declared nowhere", "syntax error",
        "a line of this text looks like a comment and would not be served",
    }  # fmt: skip
