"""What is installed is named, pinned and hashed, and names no registry."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.support.databases import ROOT

ADDRESS = re.compile(r"https?://|file:|--(extra-)?index-url|--find-links")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-node.txt"])
def test_every_python_package_is_pinned_and_hashed(name: str) -> None:
    entries = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "").splitlines()

    for entry in entries:
        assert re.match(r"[a-z0-9._\[\],-]+==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    locked = {line.split()[0] for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()}

    for requirement in wanted:
        name, _, version = re.sub(r"\[.*\]", "", requirement).partition("==")
        found = [entry for entry in locked if entry.partition("==")[0] == name]
        assert found, name
        assert not version or found == [requirement.replace("[binary,pool]", "")] or f"{name}=={version}" in found


def test_npm_lock_pins_with_integrity() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    for name, package in packages.items():
        assert not name or package["integrity"].startswith("sha512-"), name


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-node.txt", ".npmrc", "pyproject.toml"])
def test_no_lock_names_a_registry(name: str) -> None:
    assert not ADDRESS.search((ROOT / name).read_text(encoding="utf-8"))


def test_npm_lock_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
