"""The independent client as a program: pointed at a running server it holds a conversation and tells of it."""

from __future__ import annotations

import subprocess
import sys

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.databases import ROOT
from tests.sync.live import family_at, phone_at
from tests.visits import pictures


def test_it_speaks_with_a_running_server(live_server, tmp_path):
    phone = phone_at(live_server)
    pem = phone.signing_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signing.pem").write_bytes(pem)
    (tmp_path / "photo.jpg").write_bytes(pictures.jpeg())

    said = subprocess.run(
        [
            *(sys.executable, "-m", "tests.protocol_client", phone.origin),
            *("--cookie", phone.cookie, "--enrolment", phone.enrolment, "--key", str(tmp_path / "signing.pem")),
            *("--family", family_at(live_server), "--photo", str(tmp_path / "photo.jpg")),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout

    assert '"state": "applied"' in said
    assert "cut in the middle" in said
    assert said.count("again:   200") == 2
    assert '"orders": []' in said
