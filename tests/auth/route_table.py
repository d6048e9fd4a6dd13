"""Which route stands where in the access matrix: whoever adds a page says here who may open it."""

from __future__ import annotations

PUBLIC = {
    "auth.enrol",
    "auth.sign_in_page",
    "auth.words",
    "auth.session_state",
    "pwa.shell",
    "pwa.service_worker",
    "pwa.manifest",
    "pwa.rescue",
    "desk.index",
}
# Ceremonies: they answer a wrong link, credential or session with a refusal of their own.
CEREMONIES = {
    "auth.enrol_start": 410,
    "auth.enrol_finish": 410,
    "auth.sign_in_start": 200,
    "auth.sign_in_finish": 403,
}
# Any signed-in person; what is inside is scoped to them.
SIGNED_IN = {
    "desk.today",
    "day.plan",
    "day.owed",
    "desk.families",
    "desk.search",
    "desk.outbox",
    "desk.more",
    "sync.field_kit",
    "auth.sign_out",
    "repairs.index",
    "urgent.check_in",
    "push.about",
    "push.subscribe",
    "push.unsubscribe",
    "records.blank",
    "office.visits",
}
# Only who keeps duty for an organisation, at the office; an alarm or a check-in of another one is not there.
DUTY = {"urgent.board", "urgent.count", "urgent.alarms", "urgent.past_check_ins"}
DUTY_OBJECTS = {"urgent.alarm", "urgent.seen", "urgent.answer", "urgent.look_after"}
DUTY_OBJECTS |= {"episode.tell", "episode.done", "episode.close"}
# One's own alarms, and those one answers.
ALARM = {"urgent.answer_to"}
CALLS = DUTY | DUTY_OBJECTS | ALARM
# An object in the address: own → 200, foreign → 404.
FAMILY = {
    "desk.show",
    "desk.timeline",
    "desk.before_door",
    "visits.new",
    "contacts.new",
    "urgent.urgent",
    "office.family_history",
    "office.photos",
    "office.family_visits",
    "requests.card",
    "acquainting.new",
    "acquainting.new_receipt",
    "planning.show",
}
# What of these a member of the working group may open: the shared card. Everything else of a family is the raw layer.
SHARED_CARD = {"desk.show", "desk.timeline", "office.family_history"}
FAMILY_WRITES = {"visits.create", "contacts.create", "telling.caution", "requests.renew"}
FAMILY_WRITES |= {"acquainting.create", "acquainting.create_receipt", "planning.plan"}
RAW_ROWS = {"telling.promise", "telling.caution_over", "visits.withdraw_photo"}
PHOTO = {"desk.photo"}
# One's own records that did not apply, and those of one's people: tests/sync/test_repairs.py
REPAIRS = {"repairs.show", "repairs.note", "repair_form.edit", "repair_form.amend"}
REPAIRS |= {"repair_signal.edit", "repair_signal.amend"}  # tests/sync/test_signal_repair.py
REPAIRS |= {"repair_contact.edit", "repair_contact.amend"}  # tests/sync/test_contact_repair.py
REPAIRS |= {"repair_step.edit", "repair_step.amend"}  # tests/sync/test_step_repair.py
REPAIRS |= {"repair_measure.edit", "repair_measure.amend"}  # tests/sync/test_measure_repair.py
RECORDS = {"records.show", "records.leaflet", "records.edit", "records.amend"}  # tests/auth/test_record_access.py
RECORDS |= {"duties.show"}  # a row of a family with a door of its own: tests/subjects/test_why.py
UPLOAD_COOKIE = {"sync.offset", "sync.upload", "sync.receipts", "sync.hello"}  # it decides, never the session
UPLOAD_KEY = {"sync.key"}
# Accounts and phones: an administrator's and a head's business, at a desk. tests/people holds what each may do.
PEOPLE_PAGES = {"auth.enrol_ask", "auth.passkey_start", "auth.passkey_finish"} | {
    f"phones.{name}" for name in ("index", "show", "before_off", "switch_off", "take_back", "decide", "hand_in")
}
# The head and the administrator of the phone's organisation: tests/sync/test_rescue_access.py
RESCUED = {"rescue.index", "rescue.bring"}
PEOPLE_PAGES |= {
    f"people.{name}" for name in ("index", "new", "create", "show", "change", "give_role", "end_role", "link")
}
PEOPLE_PAGES |= {f"territories.{name}" for name in ("index", "new", "create", "show", "change")}
PEOPLE_PAGES |= {f"organisations.{name}" for name in ("index", "create", "show", "change", "stand_in", "put_in", "end")}
# A methodologist's business, at a desk: tests/desk/test_calendar_page.py
METHODOLOGISTS = {"calendar.index", "calendar.recount", "calendar.put_right", "calendar.take_back"}
# Routes whose access a test of their own holds, by its file: every one of them wants a session.
HELD_BY = {
    "tests/sync/test_signal_envelopes.py": {"phone_signal.new"},
    "tests/sync/test_measure_envelopes.py": {"measures.new"},
    "tests/sync/test_acquaintance_envelopes.py": {"acquainting.of_subject"},
    "tests/cases/test_family_requests.py": {"requests.index", "requests.show", "requests.answer"},
    "tests/cases/test_case_people.py": {
        f"curators.{name}" for name in ("show", "change", "last", "brief", "write", "acknowledge")
    }
    | {"groups.show", "groups.change"},
    "tests/cases/test_by_resolution.py": {"openings.show", "openings.begin"},
    "tests/cases/test_by_resolution_new_family.py": {"new_case.show", "new_case.begin"},
    "tests/cases/test_handing_over.py": {"reassigning.show", "reassigning.hand_over"},
    "tests/cases/test_case_papers.py": {
        f"papers.{name}" for name in ("copies_shown", "copies_sent", "arrived", "services_shown", "need", "programme")
    },
    "tests/cases/test_safety.py": {f"safety.{name}" for name in ("show", "new", "create", "ending", "end", "agree")},
    "tests/visits/test_planning.py": {"planning.change"},
    "tests/desk/test_schedule.py": {
        f"schedule.{name}" for name in ("own", "send", "waiting", "show", "decide", "journal")
    },
    "tests/desk/test_case_stage.py": {"stages.show", "stages.check"},
    "tests/desk/test_bodies.py": {f"bodies.{name}" for name in ("index", "begin", "show", "resource_centre")},
    "tests/desk/test_case_list.py": {"case_list.index"},
    "tests/desk/test_case_search.py": {"case_list.find"},
    "tests/cases/test_case_access.py": {"cases.show", "steps.show", "steps.take"},
    "tests/cases/test_corrections.py": {"corrections.show", "corrections.take"},
    "tests/cases/test_frequency.py": {"frequencies.show", "frequencies.take"},
}
HELD_BY |= {
    "tests/people/test_seats.py": {f"seats.{name}" for name in ("index", "sit", "leave", "keep")},
    "tests/cases/test_endings.py": {f"endings.{name}" for name in ("closing_page", "begin", "cards", "look_again")},
    "tests/cases/test_retention.py": {f"retention.{name}" for name in ("index", "erase", "act")},
    "tests/cases/test_transfer.py": {f"transfers.{name}" for name in ("send", "index", "accept", "decline")},
    "tests/cases/test_placement.py": {
        f"placement.{name}"
        for name in ("show", "change", "correct", "seen", "announce", "settle", "agree", "tell", "end")
    },
}
HELD_BY |= {
    "tests/intake/test_office_pages.py": {
        f"signals.{name}"
        for name in ("index", "find", "export", "new", "create", "register", "check", "join", "repeat")
    }
    | {"signal.show"},
    "tests/intake/test_notices.py": {f"notices.{name}" for name in ("index", "new", "create", "show")},
    "tests/intake/test_check_access.py": {
        *(f"check.{name}" for name in ("show", "questions", "ask", "link", "write_in", "given", "give", "give_back")),
        *(f"assessment.{name}" for name in ("survey", "draw_up", "act", "marks", "mark", "finish")),
        *(f"assessment.{name}" for name in ("investigation", "investigate")),
        *(f"decision.{name}" for name in ("show", "set_level", "conclude")),
    },
}
HELD_BY |= {
    "tests/reminders/test_delays.py": {f"delays.{name}" for name in ("show", "explain", "overdue")},
    "tests/reminders/test_support.py": {f"delays.{name}" for name in ("asked", "ask", "answer")},
    "tests/reminders/test_list.py": {f"reminders.{name}" for name in ("index", "read_all", "read", "count")},
    "tests/reminders/test_ways.py": {
        f"reminder_settings.{name}" for name in ("show", "ask_code", "confirm_code", "no_letters")
    },
    "tests/reminders/test_subscribing.py": {"push.renew"},
    "tests/reminders/test_calendar_feed.py": {
        f"reminder_settings.{name}" for name in ("share_calendar", "close_calendar", "download")
    },
    "tests/reminders/test_territory_rhythm.py": {f"reminder_settings.{name}" for name in ("rhythm", "set_rhythm")},
}
HELD_ELSEWHERE = {name for names in HELD_BY.values() for name in names}
# Who knows the address may read it: a one-time link or a public page. By the file that holds what it lets out.
OPEN_BY_ADDRESS: dict[str, set[str]] = {
    "tests/intake/test_public_page.py": {
        f"tell.{name}" for name in ("index", "adult", "from_adult", "child", "from_child")
    },
    "tests/cases/test_family_channel.py": {"card.show", "card.enter", "card.ask", "card.receipt", "card.close"},
    "tests/reminders/test_calendar_feed.py": {"reminder_settings.subscribed"},
    "tests/intake/test_inquiries.py": {"answers.show", "answers.enter", "answers.give"},
}
OPEN = {name for names in OPEN_BY_ADDRESS.values() for name in names}

OFFICE = PEOPLE_PAGES | RESCUED | METHODOLOGISTS | HELD_ELSEWHERE
CLOSED = (SIGNED_IN - {"auth.sign_out"}) | FAMILY | PHOTO | CALLS | RECORDS | REPAIRS | OFFICE
KNOWN = PUBLIC | OPEN | set(CEREMONIES) | SIGNED_IN | CLOSED | FAMILY_WRITES | RAW_ROWS | UPLOAD_COOKIE | UPLOAD_KEY
