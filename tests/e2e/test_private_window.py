"""A window that forgets everything when it is closed is no phone, where the browser lets a page know."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser import Phone
from tests.support.server import LiveServer

# What browsers take away in such a window: Firefox the service worker, others the database.
TAKEN_AWAY = {
    "no service worker": "delete Navigator.prototype.serviceWorker",
    "no database": "IDBFactory.prototype.open = () => { throw new DOMException('private', 'SecurityError'); }",
}


@pytest.mark.parametrize("what", TAKEN_AWAY)
def test_it_is_said_before_the_link_is_used(what: str, make_phone: Callable[..., Phone], server: LiveServer) -> None:
    phone = make_phone()
    phone.context.add_init_script(TAKEN_AWAY[what])

    phone.page.goto(server.link("Туманова"))

    refusal = phone.step("refusal")
    expect(refusal).to_contain_text("Это окно инкогнито: записи исчезнут при закрытии")
    expect(refusal).to_contain_text("Откройте «Куратор» обычным окном")
