"""What is installed is named, pinned and hashed, and names no registry."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.support.databases import ROOT

LOCKS = ("requirements.txt", "requirements-test.txt", "requirements-node.txt")
ADDRESS = re.compile(r"https?://|file:|--(extra-)?index-url|--find-links")


@pytest.mark.parametrize("name", LOCKS)
def test_every_python_package_is_pinned_and_hashed(name: str) -> None:
    entries = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "").splitlines()

    for entry in entries:
        assert re.match(r"[a-z0-9._\[\],-]+==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize(
    ("name", "extras"), [("requirements.txt", ()), ("requirements-test.txt", ("test",))], ids=["run", "test"]
)
def test_the_lock_holds_what_the_project_asks_for(name: str, extras: tuple[str, ...]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]
    locked = locked_in(name)

    for requirement in wanted:
        package, _, version = re.sub(r"\[.*\]", "", requirement).partition("==")
        assert package in locked
        assert version in {"", locked[package]}


def test_tests_run_on_the_versions_that_people_get() -> None:
    assert locked_in("requirements.txt").items() <= locked_in("requirements-test.txt").items()


def locked_in(name: str) -> dict[str, str]:
    """Return package → version of a lock."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split()[0].split("==") for line in lines if "==" in line.partition("--hash")[0].partition(";")[0])


def test_npm_lock_pins_with_integrity() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    for name, package in packages.items():
        assert not name or package["integrity"].startswith("sha512-"), name


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-test.txt", "requirements-node.txt", ".npmrc", "pyproject.toml"]
)
def test_no_lock_names_a_registry(name: str) -> None:
    assert not ADDRESS.search((ROOT / name).read_text(encoding="utf-8"))


def test_npm_lock_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
