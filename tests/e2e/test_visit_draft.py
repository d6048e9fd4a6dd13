"""An unfinished visit: saved at every change, found again at the same letter, never thrown away by itself."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.support import walk
from tests.support.browser import Phone

WORDS = "Мама показала квитанцию"
CARET = 5
# A full disk lets each request succeed and aborts the transaction afterwards.
FULL_DISK = """(store) => {
  const put = IDBObjectStore.prototype.put;
  window.mend = () => { IDBObjectStore.prototype.put = put; };
  IDBObjectStore.prototype.put = function (...all) {
    const request = put.apply(this, all);
    if (this.name === store) request.addEventListener('success', () => this.transaction.abort());
    return request;
  };
}"""
FINISH_AND_TYPE = """() => {
  const form = document.querySelector('#visit-form');
  form.requestSubmit(form.querySelector('[data-finish]'));
  form.dispatchEvent(new Event('input', { bubbles: true }));
}"""


def write(phone: Phone, family: str = "Рябинкины") -> None:
    """Begin a visit and leave the cursor in the middle of a sentence."""
    walk.open_family(phone, family)
    walk.begin_visit(phone)
    walk.meet(phone, who="")
    walk.step(phone, walk.SECTION)
    phone.page.locator(walk.FACT).press_sequentially(WORDS)
    put_caret(phone)


def put_caret(phone: Phone) -> None:
    """Move the cursor back into the sentence."""
    phone.page.locator(walk.FACT).evaluate("(field, at) => field.setSelectionRange(at, at)", CARET)


def expect_all_there(phone: Phone) -> None:
    """Same step, same field, same letter."""
    field = phone.page.locator(walk.FACT)
    expect(field).to_be_focused()
    expect(field).to_have_value(WORDS)
    assert field.evaluate("(field) => field.selectionStart") == CARET


def test_typing_is_on_the_phone_two_seconds_later(walker: Phone) -> None:
    write(walker)
    expect(walker.page.locator("[data-saved-line]")).to_have_text(
        re.compile(r"Сохранено на телефоне в \d\d:\d\d"), timeout=2000
    )
    walker.page.wait_for_timeout(1600)

    walker.go("/today")  # the page goes without a word, as after a crash
    note = walker.page.locator("[data-draft-slot] .note")
    expect(note).to_contain_text(re.compile(r"Рябинкины. Нашли незаконченную запись от \d\d:\d\d"))
    note.locator("[data-resume]").click()

    field = walker.page.locator(walk.FACT)
    expect(field).to_be_focused()
    expect(field).to_have_value(WORDS)


def test_the_lock_keeps_the_letter_and_gives_it_back_without_a_question(walker: Phone) -> None:
    write(walker)

    walker.hide()
    expect(walker.page.locator("#app #visit-form")).to_have_count(0)
    walker.unlock()

    expect_all_there(walker)


def test_the_form_opened_anew_offers_before_it_shows(walker: Phone) -> None:
    write(walker)
    page = walker.page
    page.wait_for_timeout(1800)
    walker.go(page.url.removeprefix(walker.origin).split("#")[0])
    note = page.locator("#app .note")
    expect(note).to_contain_text("незаконченную запись")
    expect(page.locator("[data-step]:visible")).to_have_count(0)

    note.locator("[data-later]").click()
    expect(walker.heading).to_have_text("Сегодня")
    page.locator("[data-draft-slot] [data-resume]").click()

    expect_all_there(walker)


def test_another_family_is_another_draft(walker: Phone) -> None:
    write(walker)
    walker.page.wait_for_timeout(1800)
    walker.go("/today")
    walk.open_family(walker, "Чижовы")
    walk.begin_visit(walker)
    expect(walker.page.locator("#app .note")).to_have_count(0)
    walk.meet(walker, who="")
    walk.saved(walker)

    walker.go("/today")

    expect(walker.page.locator("[data-draft-slot] .note")).to_have_count(2)


def test_a_phone_that_does_not_take_it_says_so_and_keeps_the_words(walker: Phone) -> None:
    write(walker)
    page = walker.page
    walk.saved(walker)
    page.wait_for_timeout(1800)
    page.evaluate(FULL_DISK, "drafts")
    page.locator(walk.FACT).press_sequentially(" ещё")
    line = page.locator("[data-saved-line]")
    expect(line).to_contain_text("Телефон не сохранил последние слова", timeout=4000)
    expect(page.locator(walk.FACT)).to_have_value(f"{WORDS[:CARET]} ещё{WORDS[CARET:]}")

    page.evaluate("mend()")
    page.locator(walk.FACT).press_sequentially("!")

    expect(line).to_contain_text("Сохранено на телефоне в", timeout=4000)


def test_a_full_phone_at_the_end_loses_nothing(walker: Phone) -> None:
    write(walker)
    page = walker.page
    walk.step(walker, "check")
    page.wait_for_timeout(1000)
    page.evaluate(FULL_DISK, "copies")
    page.locator("[data-finish]:visible").click()
    line = page.locator("[data-saved-line]")
    expect(line).to_contain_text("Телефон не смог запечатать запись", timeout=4000)
    page.wait_for_timeout(2500)  # the draft is saved again meanwhile; whoever looked away still reads it
    expect(line).to_contain_text("Всё написанное цело")
    expect(page.locator("[data-step=check]")).to_be_visible()
    page.evaluate("mend()")

    page.locator("[data-finish]:visible").click()

    expect(walker.heading).to_have_text("Готово, запечатано")
    walker.complaints.clear()  # the refused write was said in the console too


def test_words_typed_while_it_is_sealed_bring_no_draft_back(walker: Phone) -> None:
    write(walker)
    walk.step(walker, "check")
    walker.page.evaluate(FINISH_AND_TYPE)
    expect(walker.heading).to_have_text("Готово, запечатано")
    walker.page.wait_for_timeout(2000)

    walker.go("/today")

    expect(walker.page.locator("[data-draft-slot] .note")).to_have_count(0)
