"""The field that offers what fits: by letters and keys, by tap, and without network what the page brought along."""

from playwright.sync_api import expect

from .conftest import PHONE, Visit, alive
from .town import Actor, Town


def test_a_customer_is_made_with_who_cares_for_it_and_found_by_its_number(
    visit: Visit, town: Town, jana: Actor
) -> None:
    page = visit(town.people["olga"], "/customers/new")
    page.locator("#f-number").fill("10731")
    page.locator("#f-name").fill("Molkerei Auental")
    field, office = page.locator("#f-field_person"), page.locator("#f-office_person")
    field.press_sequentially("meh")
    option = page.get_by_role("option", name="Mehmet Aydin")
    expect(option).to_have_attribute("aria-selected", "true")
    field.press("Enter")  # chooses, and does not send the form
    expect(field).to_have_value("Mehmet Aydin")
    office.press_sequentially("ber")
    page.get_by_role("option", name="Bernd Oltmanns").click()
    office.press_sequentially("x")  # typed on: no longer the one that was chosen
    page.locator("main .main-act").click()
    expect(page.locator("#f-office_person-p")).to_be_visible()
    expect(field).to_have_value("Mehmet Aydin")
    office.fill("bernd oltmanns")  # as without a script: the whole name will do
    page.locator("main .main-act").click()
    expect(page.get_by_role("heading", name="Molkerei Auental")).to_be_visible()
    for name in ("Mehmet Aydin", "Bernd Oltmanns"):
        expect(page.locator(".pair")).to_contain_text(name)
    alive(page)

    page = visit(jana, "/", viewport=PHONE)
    page.keyboard.press("Control+k")
    page.locator("#jump-to").press_sequentially("10731")
    page.get_by_role("option", name="Molkerei Auental").click()
    expect(page.locator(".top-title")).to_contain_text("10731")
    alive(page)
