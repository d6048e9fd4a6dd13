"""Whatever is torn out of a profile or put into it: the file is taken, or refused in sentences, and nothing else."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator_app.procedures.profile_checks import faults_of
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profile_examples import wrong_examples
from curator_app.procedures.toml_files import FileError, build
from tests.procedures.little_profile import LITTLE

SOUND = tomllib.loads(LITTLE)
STRANGE: list[Any] = [5, -1, 10**9, 1.5, True, "", "x", "case_curator", "visit_made", [], ["a"], [1], {}, {"id": "a"}]
STRANGE += [[{}], [{"id": "a"}], [[]], date(2026, 1, 1), date(9999, 12, 31), datetime(2026, 1, 1, tzinfo=UTC)]
WORDS = ["colour", "within", "every", "target", "when", "stage", "match", "until", "frequency"]
Path = tuple[str | int, ...]


def places(part: Any, before: Path = ()) -> Iterator[Path]:
    """Walk through everything that stands in a file."""
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, value in inside:
        yield (*before, name)
        yield from places(value, (*before, name))


def torn(data: Any, where: Path, how: str, what: Any) -> Any:
    """Return the file with one thing taken out, doubled, replaced, or put in."""
    copy = deepcopy(data)
    holder = copy
    for step in where[:-1]:
        holder = holder[step]
    if how == "out":
        del holder[where[-1]]
    elif how == "twice" and isinstance(holder, list):
        holder.append(deepcopy(holder[where[-1]]))
    elif how in WORDS and isinstance(holder, dict):
        holder[how] = what
    else:
        holder[where[-1]] = what
    return copy


PLACES = sorted(places(SOUND), key=str)
TEARS = st.tuples(
    st.sampled_from(PLACES), st.sampled_from(["out", "twice", "instead", *WORDS]), st.sampled_from(STRANGE)
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEARS)
def test_a_torn_profile_is_taken_or_refused_in_sentences(tear: tuple[Path, str, Any]) -> None:
    data = torn(SOUND, *tear)

    try:
        profile = build("torn.toml", data, Profile)
    except FileError as refusal:
        faults = list(refusal.faults)
        assert faults
        assert all(fault.startswith("torn.toml: ") and fault.endswith(".") for fault in faults)
    else:
        assert all("\n" not in fault for fault in faults_of(profile) or wrong_examples(profile))
