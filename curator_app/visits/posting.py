"""A visit typed at the office: new, corrected, or copied from paper with its scans. One post, one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage, MultiDict

from curator_app.auth.access import reader
from curator_app.clock import now, today
from curator_app.database import uuid7
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.storage import photo_store
from curator_app.subjects.service import is_assigned
from curator_app.visits.fields import sentence
from curator_app.visits.forms import VisitForm
from curator_app.visits.jobs import key_of
from curator_app.visits.models import Photo, Visit
from curator_app.visits.photos import BYTES_LIMIT, MadePhoto, PhotoRefused, make_photo
from curator_app.visits.service import Arrival, next_number, record_visit

SCANS_LIMIT = 6
SCANS_BYTES = SCANS_LIMIT * BYTES_LIMIT
SCAN_PLACE = "place_document"
SCAN_CAPTION = "Запись на бумаге"

Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What came with one post: the form, the version it corrects, the scans of its paper."""

    family: Family
    form: VisitForm
    corrected: Visit | None = None
    from_paper: bool = False
    scans: Sequence[FileStorage] = field(default_factory=list)
    number: tuple[int, int] | None = None
    """The one that people were told when it first came; None takes the next."""
    then: Callable[[Visit], None] | None = None
    """What else is true once it is recorded, in the same transaction."""


def carried(family: Family) -> Family:
    """Return the family, to who carries or carried it; a head reads and writes nothing. Raises NotVisible."""
    if not is_assigned(db.session(), family.id, reader().person):
        raise NotVisible
    return family


def record_typed(typed: Typed) -> Errors:
    """Record and commit; return what does not hold by field, and then nothing was changed."""
    form = typed.form
    if not form.validate():
        return form.sentences()
    if typed.from_paper and not form.paper_by.data:
        return {"paper_by": [sentence("field_empty", field="кто писал")]}
    if not is_assigned(db.session(), typed.family.id, reader().person, form.on.data):
        return {"on": [sentence("not_yours_then")]}
    try:
        scans = _developed(typed.scans)
        _record(typed, scans)
    except PhotoRefused as refusal:
        return {"scan": [f"{refusal.sentence} {sentence('scan_again')}"]}
    except Refused as refusal:
        # The page with all that was typed says more than a page about the refusal.
        db.session.rollback()
        return {name: [words] for name, words in refusal.fields.items()}
    return {}


def posted_fields(form: MultiDict[str, str], family: Family) -> MultiDict[str, str]:
    """Return a post's own fields, said of this family whatever it says itself."""
    posted = MultiDict(form.items(multi=True))
    posted.poplist("paper")
    posted["family"] = str(family.id)
    return posted


def _developed(files: Sequence[FileStorage]) -> list[tuple[str, MadePhoto]]:
    """Make pictures of the scans; raise PhotoRefused. A field without a file is none."""
    named = [file for file in files if file.filename]
    if len(named) > SCANS_LIMIT:
        raise PhotoRefused("too_many")
    contents = [file.read(BYTES_LIMIT + 1) for file in named]
    return [(hashlib.sha256(content).hexdigest(), make_photo(content)) for content in contents]


def _record(typed: Typed, scans: list[tuple[str, MadePhoto]]) -> None:
    year = today(typed.family.territory.zone).year
    number = typed.number or (year, next_number(db.session(), year))
    arrival = Arrival(
        author=reader().person, enrolment=reader().enrolment, received_at=now(), phone_at=None, number=number
    )
    visit = record_visit(db.session(), typed.form.answers(), arrival, supersedes=typed.corrected)
    if (visit.year, visit.number) != number:
        # The same form came twice: the first one counts, and the second gives its number back.
        db.session.rollback()
        return
    for sha256, made in scans:
        _add_scan(visit, sha256, made)
    if typed.then is not None:
        typed.then(visit)
    db.session.commit()


def _add_scan(visit: Visit, sha256: str, made: MadePhoto) -> None:
    """Hang a scan onto the visit as a finished photo; its pictures lie in the store before the row is committed."""
    scan = Photo(id=uuid7(), position=len(visit.photos), sha256=sha256, place=SCAN_PLACE, caption=SCAN_CAPTION)
    scan.state, scan.width, scan.height, scan.bytes = "ready", made.width, made.height, len(made.full)
    photo_store().put(key_of(scan.id, "thumb"), made.thumb)
    photo_store().put(key_of(scan.id, "full"), made.full)
    visit.photos.append(scan)
