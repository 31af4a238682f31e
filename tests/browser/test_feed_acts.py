"""What is done with a post from its menu, the filters in the address, and who sees a post that was passed on."""

import re

from playwright.sync_api import expect

from .conftest import PHONE, Visit, alive, go, until
from .town import Actor, Town


def test_pinning_and_taking_back_by_their_sheets(visit: Visit, jana: Actor, town: Town) -> None:
    olga = town.people["olga"]
    old = int(olga.do("feed.publish", kind="news", title="Parken im Hof", text="Ab jetzt rechts.")["post"])
    olga.do("feed.publish", kind="idea", title="Danach", text="Neuer.")
    page, reader = visit(olga, "/feed", viewport=PHONE, has_touch=True), visit(jana, f"/posts/{old}")
    post = page.locator(f"#post-{old}")
    post.locator(".more-btn").tap()
    page.locator("#post-sheet [data-do=pin]").tap()
    sheet = page.locator("#pin-sheet")
    expect(sheet.locator("[data-when-asked]")).to_be_hidden()  # nobody was asked to acknowledge it
    sheet.locator(".chip:has([value='5'])").tap()
    sheet.get_by_role("button", name="Keep on top").tap()
    expect(reader.locator(f"#post-{old} .mark")).to_have_count(1)  # live
    go(page, f"{town.url}/feed")
    expect(page.locator(".pinned .post").first).to_have_id(f"post-{old}")
    expect(page.locator(f"[data-list=feed] #post-{old}")).to_have_count(0)
    page.locator(".pinned .more-btn").first.tap()
    page.locator("#post-sheet [data-do=pin]").tap()
    sheet.get_by_role("button", name="Not on top").tap()
    expect(reader.locator(f"#post-{old} .mark")).to_have_count(0)

    go(page, f"{town.url}/posts/{old}")
    post.locator(".more-btn").tap()
    page.locator("#post-sheet [data-do=remove]").tap()
    remove = page.locator("#remove-sheet")
    expect(remove).to_contain_text("Parken im Hof")
    remove.get_by_role("button", name="Keep it").tap()
    expect(post).to_contain_text("Ab jetzt rechts.")
    post.locator(".more-btn").tap()
    page.locator("#post-sheet [data-do=remove]").tap()
    remove.get_by_role("button", name="Take back").tap()
    for shown in (page, reader):
        expect(shown.locator(f"#post-{old}")).to_have_text("This post was taken back.")


def test_a_comment_is_said_better_where_it_stands(visit: Visit, jana: Actor, bernd: Actor) -> None:
    post = int(bernd.do("feed.publish", kind="question", title="Wer fährt?", text="Nach Brake.")["post"])
    said = int(jana.do("feed.comment", post=post, text="Ich, mit @Bernd Oltmanns")["comment"])
    page = visit(jana, f"/posts/{post}", viewport=PHONE, has_touch=True)
    other = visit(bernd, f"/posts/{post}")
    comment = page.locator(f"#comment-{said}")
    comment.locator("[data-act=more]").tap()
    page.locator("#comment-sheet [data-do=edit]").tap()
    form = page.locator("[data-better]")
    field = form.locator("textarea")
    expect(field).to_have_value("Ich, mit @Bernd Oltmanns")
    expect(comment.locator(".text")).to_be_hidden()
    page.context.set_offline(True)
    field.fill("Ich, mit @Bernd Oltmanns und Anhänger")
    form.get_by_role("button", name="Save").tap()
    expect(form).to_have_count(0)
    expect(comment.locator(".text")).to_have_text("Ich, mit @Bernd Oltmanns und Anhänger")  # at once
    expect(page.locator(".edit-echo")).to_contain_text("waits for the network")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    theirs = other.locator(f"#comment-{said}")
    expect(theirs.locator(".text")).to_have_text("Ich, mit @Bernd Oltmanns und Anhänger")
    expect(theirs.locator(".mention")).to_have_attribute("data-mention", f"p{bernd.id}")
    expect(theirs).to_contain_text("edited")
    expect(page.locator(".edit-echo")).to_have_count(0)
    comment.locator("[data-act=more]").tap()
    page.locator("#comment-sheet [data-do=remove]").tap()
    expect(theirs).to_contain_text("This comment was taken back.")


def test_filters_and_how_far_one_has_read_are_in_the_address(visit: Visit, jana: Actor, town: Town) -> None:
    olga = town.people["olga"]
    customer = olga.do("customers.make", number="50100", name="Gasthof Filterau", segment="Gastro")["customer"]
    made = [
        int(jana.do("feed.publish", kind="feedback", text=f"Stimme {number}", customer=customer)["post"])
        for number in range(24)
    ]
    olga.do("feed.state", post=made[0], state="planned", reason="Kommt")
    page = visit(jana, "/feed")
    for reader, decides in ((jana, 0), (olga, 1)):  # nobody decides their own case, and nobody is offered it
        menu = visit(reader, f"/posts/{made[0]}")
        menu.locator(".more-btn").first.click()
        expect(menu.locator("#post-sheet [data-do=follow]")).to_be_visible()
        expect(menu.locator("#post-sheet a[href$='#state']:visible")).to_have_count(decides)
    page.locator(".feed-filters").get_by_role("link", name="Customer voices").click()
    page.wait_for_url("**/feed?kind=feedback")
    alive(page)
    page.locator("[data-opens=filter-sheet]").click()
    page.locator("#f-customer").press_sequentially("filterau")
    page.locator("#f-customer-found [role=option]").first.click()
    page.locator("#filter-sheet").get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile(f"customer={customer}"))
    alive(page)
    posts = page.locator("[data-list=feed] > .entry")
    expect(posts).to_have_count(20)
    page.locator("[data-older]").click()
    expect(posts).to_have_count(24)
    page.wait_for_url(re.compile(r"before=\d+"))
    page.reload()  # the same place in the list
    alive(page)
    expect(page.locator(f"#post-{made[0]}")).to_be_visible()
    page.get_by_role("link", name="To the newest").click()
    page.wait_for_url(lambda url: "before" not in url)
    alive(page)
    expect(posts.first.locator(".post")).to_have_id(f"post-{made[-1]}")
    page.goto(f"{town.url}/feed?kind=feedback&customer={customer}&state=planned")
    expect(posts).to_have_count(1)
    page.locator(".feed-set a", has_text="planned").click()
    page.wait_for_url(lambda url: "state" not in url and f"customer={customer}" in url)


def test_who_may_not_read_a_post_that_was_passed_on_sees_that_alone(
    visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    post = int(
        jana.do("feed.publish", kind="idea", title="Nur draußen", text="Vertraulich.", lines=["field;;"])["post"]
    )
    jana.say(room, "Schaut mal", card=f"post-{post}")
    own, other = visit(jana, f"/c/{room}"), visit(bernd, f"/c/{room}")
    expect(own.locator(".msg .shared")).to_contain_text("Nur draußen")
    hole = other.locator(".msg .shared")
    expect(hole).to_have_text("Not available to this account.")
    expect(hole.locator("a")).to_have_count(0)
    until(other, "() => !document.documentElement.textContent.includes('Vertraulich')")
    assert bernd.get(f"/posts/{post}/card?as=share").status_code == 404
