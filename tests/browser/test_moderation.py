"""Something that should not stand there: reported, hidden with a reason, its author told, restored."""

import re

from playwright.sync_api import expect

from .conftest import PHONE, Visit, go
from .town import Actor, Town


def test_a_post_is_reported_hidden_and_restored_and_everybody_hears_what_concerns_them(
    visit: Visit, jana: Actor, bernd: Actor, town: Town
) -> None:
    olga = town.people["olga"]
    text = "Der Kollege aus Halle 2 taugt nichts."
    post = int(bernd.do("feed.publish", kind="idea", title="Ärger", text=text)["post"])
    reader = visit(jana, f"/posts/{post}", viewport=PHONE, has_touch=True)
    article = reader.locator(f"#post-{post}")
    article.locator(".more-btn").tap()
    reader.locator("#post-sheet").get_by_role("link", name="Report").tap()
    reader.wait_for_url(f"**/report?thing=post-{post}")
    expect(reader.locator(".reported")).to_contain_text(text)
    reader.get_by_label("Why it should not stand there").fill("Das ist unter der Gürtellinie.")
    reader.get_by_role("button", name="Report").tap()
    expect(reader.locator("main")).to_contain_text("Somebody will look at it.")
    go(reader, f"{town.url}/posts/{post}")

    desk = visit(olga, "/")
    told = desk.locator("[data-notice]", has_text="Gürtellinie")
    expect(told).to_contain_text("Reported: A post")
    told.locator("a").click()
    desk.wait_for_url(re.compile(r"/admin/reports#report-\d+"))
    report = desk.locator(".reported", has_text=text)
    expect(report).to_contain_text("Jana Reuter")
    report.get_by_role("button", name="Hide").click()
    expect(report).to_contain_text("A few words why are needed.")  # not without a reason
    report.get_by_label("Reason, told to its author").fill("Bitte ohne Namen.")
    report.get_by_role("button", name="Hide").click()
    expect(desk.locator("details.reported", has_text="A post, Bernd Oltmanns").first).to_contain_text("hidden")
    expect(article).to_contain_text("This post is hidden.")  # live, on the open page
    expect(article).not_to_contain_text("taugt nichts")

    author = visit(bernd, "/")
    notice = author.locator("[data-notice]", has_text="Hidden for all others")
    expect(notice).to_contain_text("Bitte ohne Namen.")
    notice.locator("a").click()
    author.wait_for_url(f"**/posts/{post}*")
    own = author.locator(f"#post-{post}")
    expect(own).to_contain_text("Bitte ohne Namen.")
    expect(own).to_contain_text(text)
    assert text not in jana.get(f"/posts/{post}").text

    decided = desk.locator("details.reported", has_text="A post, Bernd Oltmanns").first
    decided.locator("summary").click()
    decided.get_by_role("button", name="Restore").click()
    expect(desk.locator("details.reported", has_text="A post, Bernd Oltmanns").first).to_contain_text("restored")
    expect(own.locator(".note")).to_have_count(0)
    expect(article).to_contain_text(text)
    go(reader, f"{town.url}/")
    expect(reader.locator("[data-notice]", has_text="stands there again")).to_have_count(1)
    assert "Bitte ohne Namen." in olga.get("/admin/trail").text


def test_a_comment_taken_away_leaves_a_line_without_its_words(
    visit: Visit, jana: Actor, bernd: Actor, town: Town
) -> None:
    olga = town.people["olga"]
    post = int(jana.do("feed.publish", kind="question", title="Wer hilft?", text="Am Freitag.")["post"])
    bad = int(bernd.do("feed.comment", post=post, text="Du Niete.")["comment"])
    page = visit(jana, f"/posts/{post}")
    page.locator(f"#comment-{bad} [data-act=more]").click()
    page.wait_for_url(f"**/comments/{bad}*")
    page.get_by_role("link", name="Report").click()
    page.get_by_label("Why it should not stand there").fill("Beleidigung")
    page.get_by_role("button", name="Report").click()
    expect(page.locator("main")).to_contain_text("Somebody will look at it.")
    go(page, f"{town.url}/posts/{post}")
    desk = visit(olga, "/admin/reports")
    report = desk.locator(".reported", has_text="Du Niete.")
    report.get_by_label("Reason, told to its author").fill("So nicht.")
    report.get_by_role("button", name="Remove").click()
    comment = page.locator(f"#comment-{bad}")
    expect(comment).to_contain_text("This comment was taken back.")
    expect(comment).not_to_contain_text("Niete")
    assert "Niete" not in jana.get(f"/posts/{post}").text
