"""Polls on a phone: made with few taps, voted on by two live, without network, and sealed without names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from intranet.kernel import House, clock, new_id
from tests import cast
from tests.browser.axe import violations
from tests.browser.place import PATIENCE_MS
from tests.process import Real, signed_in


@dataclass
class Round:
    """A served house with a channel of seven; `secrets` open their sessions."""

    real: Real
    channel: int
    secrets: list[str]

    def do(self, who: int, verb: str, **fields: Any) -> dict[str, Any]:
        write = {"do": verb, "id": new_id(), "place": self.channel, **fields}
        headers = {"Cookie": f"binnen={self.secrets[who]}", "Origin": self.real.url}
        answer = httpx2.post(f"{self.real.url}/do", json=write, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["ok"]
        return found


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    real = Real.fresh(tmp_path_factory.mktemp("round"))

    async def fill(house: House) -> tuple[int, list[str]]:
        people = [await cast.person(house, f"Kollege {name}") for name in "ABCDEFG"]
        channel = await cast.channel(house, people[0], "Service Süd", members=people[1:])
        return channel, await signed_in(house, *people)

    channel, secrets = real.fill(fill)
    real.start()
    yield Round(real, channel, secrets)
    real.kill()


@pytest.fixture
def phone(browser: Browser, round_: Round) -> Iterator[Any]:
    """`phone(0)`: the channel on the phone of one of the seven."""
    made = []

    def one(who: int, path: str = "") -> Page:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="de-DE",
            timezone_id="Europe/Berlin", reduced_motion="reduce",
        )  # fmt: skip
        made.append(context)
        context.set_default_timeout(PATIENCE_MS)
        secret = round_.secrets[who]
        context.add_cookies([{"name": "binnen", "value": secret, "domain": "127.0.0.1", "path": "/"}])
        page = context.new_page()
        page.goto(round_.real.url + (path or f"/c/{round_.channel}?at=end"))
        return page

    yield one
    for context in made:
        context.close()


def question(page: Page, text: str) -> Locator:
    return page.locator("article.msg[data-rev] .poll", has_text=text)


def ready(poll: Locator) -> None:
    """Its module is there."""
    expect(poll.get_by_role("button", name="Abstimmen")).to_be_enabled()


def choose(poll: Locator, answer: str) -> None:
    poll.get_by_label(answer, exact=True).check()
    poll.get_by_role("button", name="Abstimmen").tap()


def test_a_poll_in_six_taps_and_one_text_field_and_two_who_vote_live(phone: Any, round_: Round) -> None:
    hers, his = phone(0), phone(1)
    taps = 0

    def tap(target: Locator) -> None:
        nonlocal taps
        target.tap()
        taps += 1

    tap(hers.locator("#say"))
    tap(hers.get_by_role("link", name="In einer Umfrage fragen"))
    tap(hers.get_by_role("button", name="Ja oder nein"))
    hers.locator("#f-question").press_sequentially("Freitag im Büro?")
    tap(hers.get_by_role("button", name="Starten"))
    assert taps <= 6
    expect(hers).to_have_url(f"{round_.real.url}/c/{round_.channel}?at=end")
    for page in (hers, his):
        ready(question(page, "Freitag im Büro?"))
    expect(hers.locator("[data-echo]")).to_have_count(0)
    choose(question(his, "Freitag"), "Ja")
    expect(question(his, "Freitag").locator(".barrow.mine")).to_contain_text("1 · 100")
    expect(question(hers, "Freitag").locator(".poll-foot")).to_contain_text("1 Stimme")
    expect(question(hers, "Freitag").locator(".barrow")).to_have_count(0)
    choose(question(hers, "Freitag"), "Nein")
    expect(question(hers, "Freitag").locator(".barrow.mine")).to_contain_text("1 · 50")
    expect(question(his, "Freitag").locator(".barrow.mine")).to_contain_text("1 · 50")
    question(his, "Freitag").get_by_role("button", name="Stimme ändern").tap()
    question(his, "Freitag").get_by_label("Nein", exact=True).check()
    question(his, "Freitag").get_by_role("button", name="Stimme ersetzen").tap()
    expect(question(hers, "Freitag").locator(".barrow.mine")).to_contain_text("2 · 100")
    hers.locator("#say").fill("/umfrage 50 % oder 100 %/Woche?")
    hers.locator("#composer .send").tap()
    expect(hers.locator("#f-question")).to_have_value("50 % oder 100 %/Woche?")


def test_a_vote_without_network_counts_later_or_is_refused_with_its_reason(phone: Any, round_: Round) -> None:
    ask = {"question": "Kommt das Teil noch?", "options": ["ja", "nein"], "results": "live"}
    polls = [
        round_.do(0, "polls.open", **{**ask, "question": f"{name} Teil?"})["poll"] for name in ("Erstes", "Zweites")
    ]
    page = phone(2)
    for name in ("Erstes", "Zweites"):
        ready(question(page, name))
    page.context.set_offline(True)
    for name in ("Erstes", "Zweites"):
        choose(question(page, name), "nein")
        expect(question(page, name).locator(".poll-own")).to_contain_text("wartet auf Netz")
    round_.do(0, "polls.close", poll=polls[1])
    page.context.set_offline(False)
    expect(question(page, "Erstes").locator(".barrow.mine")).to_contain_text("1 · 100")
    expect(question(page, "Erstes").locator(".poll-own")).to_be_hidden()
    expect(question(page, "Zweites").locator(".poll-own")).to_contain_text("Stimme nicht gezählt")
    expect(question(page, "Zweites").locator(".poll-own")).to_contain_text("zählt nicht")
    expect(question(page, "Zweites").locator(".barrow.mine")).to_have_count(0)


def test_a_choice_begun_outlives_what_others_do_meanwhile(phone: Any, round_: Round) -> None:
    asked = round_.do(0, "polls.open", question="Was brauchen wir?", kind="several", options=["Öl", "Fett", "Ruhe"],
                      results="live")  # fmt: skip
    page = phone(3)
    poll = question(page, "Was brauchen wir?")
    ready(poll)
    poll.get_by_label("Fett", exact=True).check()
    round_.do(1, "polls.vote", poll=asked["poll"], yes=[1])
    round_.do(1, "chat.react", message=asked["seq"], emoji="👍")
    expect(poll.locator(".barrow").first).to_contain_text("1 · 100")
    expect(page.locator(".react[data-emoji]").last).to_be_visible()
    expect(poll.get_by_label("Fett", exact=True)).to_be_checked()
    poll.get_by_label("Ruhe", exact=True).check()
    poll.get_by_role("button", name="Abstimmen").tap()
    expect(poll.locator(".barrow.mine")).to_have_count(2)


def test_without_names_the_phone_seals_and_finds_its_code_after_the_close(phone: Any, round_: Round) -> None:
    asked = round_.do(0, "polls.open", question="Wie war die Woche?", kind="rating", options=["schlecht", "gut"],
                      anonymous=True, minimum=5, deadline=clock.now() + clock.HOUR)  # fmt: skip
    sent: list[str] = []
    page = phone(0)
    page.on("request", lambda request: sent.append(request.post_data or "") if request.url.endswith("/do") else None)
    poll = question(page, "Wie war die Woche?")
    ready(poll)
    poll.get_by_label("2 von 5").check(force=True)
    poll.get_by_role("button", name="Abstimmen").tap()
    expect(poll.locator(".poll-own")).to_contain_text("Eigene Stimme liegt versiegelt")
    code = poll.locator(".poll-own .code").inner_text()
    votes = [one for one in sent if "polls.vote" in one]
    assert len(votes) == 1
    assert code not in votes[0]
    assert '"yes"' not in votes[0]
    assert '"box"' in votes[0]
    expect(poll.locator(".barrow")).to_have_count(0)
    for who in range(1, 6):
        round_.do(who, "polls.vote", poll=asked["poll"], yes=[5])
    other = phone(1)
    expect(question(other, "Wie war").locator(".poll-own")).to_contain_text("Eigene Stimme liegt versiegelt")
    expect(question(other, "Wie war").locator(".poll-foot")).not_to_contain_text("Stimmen")
    round_.do(0, "polls.close", poll=asked["poll"])
    expect(poll.locator(".barrow.mine")).to_contain_text("1 · 17 %")
    page.goto(f"{round_.real.url}/polls/{asked['poll']}")
    expect(page.locator("[data-found]")).to_contain_text(f"Eigener Code gefunden: {code}")
    expect(page.locator("[data-found]")).to_contain_text("Gezählt als: 2")
    page.goto(f"{round_.real.url}/polls/{asked['poll']}/codes")
    expect(page.locator("[data-codes] .mine")).to_contain_text(code)
    expect(page.locator("[data-sums]")).to_contain_text("2: 1 · 5: 5")
    assert violations(page) == []
