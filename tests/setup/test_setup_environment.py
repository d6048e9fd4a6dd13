"""The bootstrap's own judgement: what has changed, and what to say when a package cannot be installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.databases import ROOT


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the bootstrap alone, in a project's folder of its own."""
    (tmp_path / "tools").mkdir()
    for name in ("setup_environment.py", "progress.py"):
        shutil.copy(ROOT / "tools" / name, tmp_path / "tools" / name)
    return tmp_path


def run(tree: Path, code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    prelude = "import sys; sys.path.insert(0, 'tools'); import setup_environment as setup; from pathlib import Path\n"
    return subprocess.run(
        [sys.executable, "-c", prelude + code],
        cwd=tree,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_apt_one_sentence_says_what_to_install(tree: Path) -> None:
    code = """
try:
    setup.apt_install("python3.11-venv")
except setup.Failed as failure:
    print(failure)
"""

    said = run(tree, code, PATH="/nonexistent").stdout.strip()

    assert said.count("\n") == 0
    assert "Установите python3.11-venv" in said


def test_a_changed_file_changes_the_digest_and_a_new_one_too(tree: Path) -> None:
    code = """
folder = Path("static"); folder.mkdir(exist_ok=True)
seen = set()
(folder / "a.js").write_text("1"); seen.add(setup.digest([setup.ROOT / "static"]))
(folder / "a.js").write_text("2"); seen.add(setup.digest([setup.ROOT / "static"]))
(folder / "b.js").write_text("2"); seen.add(setup.digest([setup.ROOT / "static"]))
again = setup.digest([setup.ROOT / "static"])
print(len(seen), again in seen)
"""

    assert run(tree, code).stdout.split() == ["3", "True"]


def test_a_failing_step_shows_its_last_lines_and_one_sentence(tree: Path) -> None:
    code = """
try:
    setup.run_step("Проверяю", [sys.executable, "-c", "print('why'); raise SystemExit(3)"])
except setup.Failed as failure:
    print(failure)
"""

    answer = run(tree, code)

    assert "→ Проверяю" in answer.stdout
    assert "why" in answer.stderr
    assert "(код 3)" in answer.stdout


def test_make_help_names_every_target() -> None:
    answer = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    for target in ("run", "test", "check", "bench", "help"):
        assert f"make {target}" in answer.stdout
