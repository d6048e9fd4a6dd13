"""A client newer than the server: what it sends is received whole, waits unharmed, and applies after the update."""

from __future__ import annotations

import shutil

import pytest

from curator_app.procedures import forms_loader
from curator_app.sync import kinds
from curator_app.sync.models import Envelope
from tests.protocol_client import visit_body
from tests.sync.conftest import visits_of
from tests.sync.test_contact_envelopes import contact_body


@pytest.fixture
def updated(tmp_path, monkeypatch):
    """Install the server's next version: it knows visit@3 and the kind «action_result»."""

    def install():
        folder = tmp_path / "forms"
        shutil.copytree(forms_loader.FOLDER, folder)
        form = (folder / "visit@2.toml").read_text(encoding="utf-8").replace("visit@2", "visit@3")
        (folder / "visit@3.toml").write_text(form, encoding="utf-8")
        monkeypatch.setattr(forms_loader, "FOLDER", folder)
        monkeypatch.setitem(kinds.KINDS, "action_result", kinds.KINDS["contact"])
        forms_loader.load_form.cache_clear()
        forms_loader.newest.cache_clear()

    yield install
    forms_loader.load_form.cache_clear()
    forms_loader.newest.cache_clear()


def test_a_record_on_a_form_of_tomorrow_waits_and_then_applies(phone, family, stored, work, updated):
    envelope = phone.seal("visit", visit_body(family, form_version="visit@3", good_today="Лыжи")[1])

    receipt = phone.patch(envelope).json
    assert (receipt["state"], receipt["reasons"]) == ("received", [{"code": "form_unknown_yet"}])
    assert receipt["number"]
    work()
    assert visits_of(stored) == []

    updated()
    work()

    assert phone.receipts([envelope.id])["receipts"][envelope.id]["state"] == "applied"
    (visit,) = visits_of(stored)
    assert (visit.form_version, visit.value("good_today"), visit.label) == ("visit@3", "Лыжи", receipt["number"])


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_kind_of_tomorrow_waits_and_then_applies(phone, family, stored, work, updated):
    envelope = phone.seal("action_result", contact_body(family)[1])

    receipt = phone.patch(envelope).json
    assert (receipt["state"], receipt["reasons"]) == ("received", [{"code": "kind_unknown_yet"}])
    work()
    (row,) = stored(Envelope)
    assert row.body == envelope.sealed

    updated()
    work()

    assert phone.receipts([envelope.id])["receipts"][envelope.id]["state"] == "applied"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_waits_holds_up_nothing_else(phone, family):
    phone.patch(phone.seal("visit", visit_body(family, form_version="visit@3")[1]))

    assert phone.patch(phone.seal("visit", visit_body(family)[1])).json["state"] == "applied"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_header_of_another_version_is_refused_and_the_phone_keeps_it(phone, family):
    envelope = phone.seal("visit", visit_body(family)[1], v=2)

    answer = phone.patch(envelope)

    assert (answer.status, "Curator-Receipt" in answer.headers) == (400, False)
    assert phone.offset(envelope.id) == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_name_that_no_form_can_have_is_not_waited_for(phone, family):
    receipt = phone.patch(phone.seal("visit", visit_body(family, form_version="visit@x")[1])).json

    assert (receipt["state"], receipt["reasons"]) == ("needs_repair", [{"code": "field", "field": "form_version"}])
