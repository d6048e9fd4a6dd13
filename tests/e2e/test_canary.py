"""A name that is written everywhere on a phone is nowhere on its disk, in no log; the vault's secret is on no wire."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Playwright, expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.visits.models import Visit
from tests.e2e.canary import LATIN, NAMES, WORDS, holdings, names_in, plant
from tests.e2e.outbox import states, wait_until
from tests.support import walk
from tests.support.browser import ARGUMENTS, CHROMIUM, SCREEN, Phone, open_phone, phone_of
from tests.support.disk_search import search_folder, spellings
from tests.support.proxy import FaultProxy
from tests.support.server import LiveServer

FREE_TEXT = "textarea:visible, input.field:not([type]):visible"
STEPS = (walk.SECTION, "photos", "check")
UNFINISHED = "Чижовы"
PLANTED = "Подсадная-5531"
HEAR_SECRETS = """for (const name of ['create', 'get']) {
  const own = CredentialsContainer.prototype[name];
  CredentialsContainer.prototype[name] = async function (...options) {
    const given = await own.apply(this, options);
    const first = given.getClientExtensionResults().prf?.results?.first;
    if (first) void tellSecret([...new Uint8Array(first)]);
    return given;
  };
}"""

OpenProfile = Callable[[], BrowserContext]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def open_profile(playwright: Playwright, profile: Path) -> Iterator[OpenProfile]:
    """Start a Chromium on a profile that stays on the disk after it."""
    contexts: list[BrowserContext] = []

    def start() -> BrowserContext:
        contexts.append(
            playwright.chromium.launch_persistent_context(
                profile, executable_path=CHROMIUM, args=list(ARGUMENTS), viewport=SCREEN, locale="ru-RU"
            )
        )
        return contexts[-1]

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture whose file name and EXIF carry the name."""
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = LATIN
    path = tmp_path / f"{WORDS}.jpg"
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(path, exif=exif)
    return path


def rename(server: LiveServer) -> None:
    """Give a family the name in everything that its dossier shows."""
    with server.app() as app, app.app_context():
        family = db.session.scalars(select(Family).where(Family.surname == "Рябинкины")).one()
        family.surname = family.address = family.story = WORDS
        family.door = dict.fromkeys(family.door or {"code": ""}, WORDS)
        for member in family.members:
            member.name = member.relation = WORDS
        db.session.commit()


def write_everywhere(section: Locator) -> int:
    """Type the name into every free text of a step; return how many there were."""
    fields = section.locator(FREE_TEXT).all()
    for field in fields:
        field.fill(WORDS)
    return len(fields)


def write_meeting(phone: Phone) -> int:
    """Write of an attempt, change one's mind, and write of a meeting."""
    meeting = walk.step(phone, "meeting")
    meeting.get_by_text("Не открыли", exact=True).click()
    typed = write_everywhere(meeting)
    meeting.get_by_text("Встретились", exact=True).click()
    meeting.locator(".chip:has([name=who_home])").first.click()
    return typed + write_everywhere(meeting)


def make_visit(phone: Phone, photo: Path) -> None:
    """Make a visit that says nothing but the name."""
    walk.begin_visit(phone)
    typed = write_meeting(phone)
    for name in STEPS:
        section = walk.step(phone, name)
        if name == "photos":
            walk.allow_photos(phone)
            section.locator("[data-photo-input=file]").set_input_files(photo)
            expect(section.locator("[data-photo-list] img")).to_have_count(1)
        typed += write_everywhere(section)
    assert typed == 10, "a field is new here or gone: is the name typed into all of them?"
    phone.page.locator("[data-finish]:visible").click()
    expect(phone.heading).to_have_text("Готово, запечатано")


def leave_unfinished(phone: Phone) -> None:
    """Begin a visit to another family, write, and leave it in the middle."""
    phone.go("/today")
    walk.open_family(phone, UNFINISHED)
    walk.begin_visit(phone)
    write_meeting(phone)
    write_everywhere(walk.step(phone, walk.SECTION))
    walk.saved(phone)


def written(server: LiveServer) -> tuple[int, list[str]]:
    """Return in how many fields of its visits the server has the name, and the states of their photos."""
    with server.app() as app, app.app_context():
        visits = db.session.scalars(select(Visit)).all()
        mine = [visit for visit in visits if any(value == WORDS for _, value in visit.fields)]
        return (
            sum(value == WORDS for visit in mine for _, value in visit.fields),
            [photo.state for visit in mine for photo in visit.photos],
        )


def look_at_everything(phone: Phone) -> None:
    """Read the dossier with the new visit and its picture online, and «Отправка»."""
    phone.go("/today")
    walk.open_family(phone, WORDS)
    expect(phone.page.locator("[data-visit]").first).to_contain_text(WORDS)
    expect(phone.page.locator("img[data-photo][src^='blob:']").first).to_be_visible()
    phone.page.locator("#app [data-status-link]").click()
    expect(phone.page.locator("[data-outbox-list=done]")).to_contain_text(WORDS)


def test_a_name_written_everywhere_is_nowhere_on_the_disk_and_in_no_log(
    make_live_server: Callable[..., LiveServer], open_profile: OpenProfile, profile: Path, photo: Path
) -> None:
    server = make_live_server()
    rename(server)
    phone = phone_of(open_profile(), server.url)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    walk.take_kit(phone)
    walk.open_family(phone, WORDS)
    phone.go_offline()
    make_visit(phone, photo)
    leave_unfinished(phone)
    phone.hide()
    assert names_in(holdings(phone)) == set()

    phone.go_online()
    wait_until(phone, lambda: states(phone) == ["on_server", "on_server"])
    wait_until(phone, lambda: written(server)[1] == ["ready"])
    assert written(server)[0] == 8, "all but the two fields of an attempt"
    look_at_everything(phone)
    phone.hide()
    held = holdings(phone)
    assert names_in(held) == set()
    assert held["keys"] == [], "a key that is stored unwrapped lies on the disk in the clear"
    phone.context.close()

    assert search_folder(profile, NAMES) == []
    assert search_folder(server.log.parent, NAMES, but=["curator.sqlite"]) == []

    # It is all there, for whoever has the words. Opened a second time, LevelDB rewrites what it holds.
    again = phone_of(open_profile(), server.url)
    again.words = phone.words
    again.page.goto(f"{server.url}/today")
    again.unlock_by_phrase()
    expect(again.page.locator("#app")).to_contain_text(WORDS)
    again.page.locator("[data-draft-slot] [data-resume]").click()
    expect(again.page.locator(walk.FACT)).to_have_value(WORDS)
    again.context.close()  # in the middle of the form, unlocked

    assert search_folder(profile, NAMES) == []
    # Chromium keeps what stands in a page's fields for the next start. A short word may stand in a title by chance.
    long_words = [word for word in phone.words if len(word) > 4]
    assert search_folder(profile / "Default" / "Sessions", long_words) == []


def test_the_search_finds_plain_text(open_profile: OpenProfile, server: LiveServer, profile: Path) -> None:
    desk = phone_of(open_profile(), server.url)
    desk.page.goto(f"{server.url}/sign-in")
    plant(desk.page, PLANTED, "Подсадная утка, Подсадн")
    desk.page.evaluate("async () => (await fetch('/enrol/words.json')).text()")
    held = holdings(desk)
    desk.page.wait_for_timeout(1500)  # the history is written a second later
    desk.page.goto(f"{server.url}/enrol")
    desk.context.close()

    for where in ("ранняя", "байты", "большая", "запас", "местная", "сеансовая", "состояние", "заголовок"):
        assert names_in(held, (f"{where} {PLANTED}",)), where
    for where, files in {
        "ранняя": "Default/IndexedDB/",
        "поздняя": "Default/IndexedDB/",
        "байты": "Default/IndexedDB/",
        "большая": "Default/IndexedDB/",
        "запас": "Default/Service Worker/CacheStorage/",
        "местная": "Default/Local Storage/",
        "сеансовая": "Default/Session Storage/",
        "поле": "Default/Sessions/",
        "состояние": "Default/Sessions/",
        "адрес": "Default/History",
        "заголовок": "Default/History",
    }.items():
        found = search_folder(profile, [f"{where} {PLANTED}"])
        assert any(one.startswith(files) for one in found), where
    # The cache keeps an answer as the server packed it; this one may be kept.
    assert any(one.startswith("Default/Cache/") for one in search_folder(profile, ['"абзац"']))
    packed = profile.glob("Default/IndexedDB/*/*.ldb")
    early = spellings(f"ранняя {PLANTED}").values()
    assert not any(one in path.read_bytes() for path in packed for one in early), "a plain grep would do: see why"


@pytest.fixture
def wire(make_live_server: Callable[..., LiveServer]) -> Iterator[tuple[LiveServer, FaultProxy]]:
    """A server and the wire that leads to it, which remembers what the phone says."""
    proxy = FaultProxy(target=0, heard=[])
    server = make_live_server(PUBLIC_URL=f"http://localhost:{proxy.port}")
    proxy.target = server.port
    yield server, proxy
    proxy.close()


def test_the_vaults_secret_and_the_phrase_are_on_no_wire(
    browser: Browser, wire: tuple[LiveServer, FaultProxy], photo: Path
) -> None:
    server, proxy = wire
    secrets: list[bytes] = []
    phone = open_phone(browser, server.url)
    phone.context.expose_function("tellSecret", lambda values: secrets.append(bytes(values)))
    phone.context.add_init_script(HEAR_SECRETS)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    walk.take_kit(phone)
    walk.open_family(phone, "Рябинкины")
    make_visit(phone, photo)
    phone.hide()
    wait_until(phone, lambda: states(phone) == ["on_server", "on_server"])
    phone.unlock()

    assert len(secrets) >= 3, "at enrolment and at both unlockings"
    assert {len(secret) for secret in secrets} == {32}
    said = [bytes(connection) for connection in proxy.heard or []]
    for path in (b"POST /enrol/finish", b"POST /sign-in/finish", b"POST /kit", b"PATCH /sync/envelopes/"):
        assert any(path in connection for connection in said), path
    never = {written for secret in secrets for written in secret_spellings(secret)}
    never |= {written for word in phone.words for written in spellings(word).values()}
    assert [one for one in never for connection in said if one in connection] == []
    assert [connection for connection in said if b'"prf"' in connection] == []
    phone.context.close()


def secret_spellings(secret: bytes) -> set[bytes]:
    """Return the ways in which 32 bytes may be written into a request."""
    return {
        secret,
        secret.hex().encode(),
        secret.hex().upper().encode(),
        base64.b64encode(secret).rstrip(b"="),
        base64.urlsafe_b64encode(secret).rstrip(b"="),
        ",".join(map(str, secret)).encode(),
    }


@pytest.mark.parametrize("path", ["/enrol/start", "/enrol/finish", "/sign-in/start", "/sign-in/finish"])
@pytest.mark.parametrize(
    "body",
    [
        {"prf": "AAAA"},
        {"token": "x", "credential": {"clientExtensionResults": {"prf": {"results": {"first": "AAAA"}}}}},
        {"credential": {"anything": [{"deep": [{"prf": {}}]}]}},
    ],
    ids=["bare", "as toJSON writes it", "deep"],
)
def test_a_body_with_the_secret_is_refused(
    make_phone: Callable[..., Phone], server: LiveServer, path: str, body: dict[str, object]
) -> None:
    phone = make_phone()

    assert phone.context.request.post(server.url + path, data=body).status == 422
