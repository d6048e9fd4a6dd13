"""A released profile never changes: a subject stays under the version it began with; what is new comes as another."""

from __future__ import annotations

import hashlib
from pathlib import Path

from curator_app.procedures import profiles_loader
from curator_app.procedures.profiles_loader import released


def test_a_released_profile_never_changes() -> None:
    folder = Path(profiles_loader.__file__).with_name("profiles")
    files = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.toml")}

    assert files == RELEASED
    assert set(released()) >= set(RELEASED)


RELEASED = {
    "bashkortostan_2017@1": "3269f01c290eda7dddd5f37a3feb06102ddfecafe0707b34b485c4f9dbe1c703",
    "kdn_stage_table@1": "ab3ae948e3c558239c0437d29a72eabc9a550cebcadfe53d203ce0804eb36d15",
    "kochki_2020@1": "70de4a083790a37e24be764ea2a74730ab89d11f8e75d8a8d819983eea783cec",
    "krasnoyarsk_2011@1": "650df9ecf0551945ee9d25e876acec918b625a9f9fd644c1ffc1cb01ee9a577e",
    "novosibirsk_2022@1": "8eac2fbf5f31a2c0fe62a23d1632cf784a96dab87e6ae775d1a344a957fa6047",
}
