"""Make a fresh machine ready: `python3 tools/setup_environment.py run|check|test|bench`. Standard library only.

Called by the Makefile before everything else; each step is skipped when its inputs have not changed
since it last succeeded, so that the second start costs a tenth of a second.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from progress import Failed, run_step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DIST = ROOT / "static" / "dist"
OLDEST_NODE = 20
BUNDLE_SOURCES = (
    "static/js",
    "static/css",
    "static/icons",
    "static/icons.txt",
    "service_worker",
    "templates",
    "curator_app/texts",
    "build.mjs",
    "package-lock.json",
)


def main(goal: str) -> int:
    """Prepare for `goal`, a target of the Makefile; return the exit code."""
    if sys.version_info < (3, 11):
        print("Нужен Python 3.11 или новее / Python 3.11 or newer is needed.", file=sys.stderr)
        return 1
    try:
        make_venv()
        everything = goal != "run"
        install_python_packages(everything=everything)
        node = find_node()
        install_node_packages(node, everything=everything)
        bundle(node)
        if goal in {"test", "bench"}:
            install_test_servers()
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nПрервано. Начните снова: сделанное не пропадёт.", file=sys.stderr)
        return 130
    return 0


def make_venv() -> None:
    """Create .venv with pip in it; Debian keeps `ensurepip` in a package of its own."""
    if (VENV / "bin" / "pip").exists():
        return
    # Another interpreter than ours is asked for ensurepip: an import here could be cut by -I or -S.
    if subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode:
        apt_install(f"python3.{sys.version_info.minor}-venv")
    run_step("Создаю окружение .venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])


def install_python_packages(*, everything: bool) -> None:
    """Install the locked packages, each file checked against its hash.

    requirements-test.txt is requirements.txt and half a gigabyte that only tests and checks need.
    """
    lean, full = "requirements.txt", "requirements-test.txt"
    stamp = VENV / ".stamp-requirements"
    done = read(stamp).split()
    if digest([ROOT / full]) in done or (digest([ROOT / lean]) in done and not everything):
        return
    name = full if everything else lean
    total = (ROOT / name).read_text(encoding="utf-8").count("==")
    run_step(f"Ставлю пакеты Python (по хэшам из {name})", pip(name), count=("Collecting ", total))
    stamp.write_text(digest([ROOT / name]), encoding="ascii")


def find_node() -> Path:
    """Return the folder that holds node and npm: the system's if it is new enough, else the wheel's in .venv."""
    if (VENV / "bin" / "node").exists():
        return VENV / "bin"
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _node_version(node) >= OLDEST_NODE:
        return Path(node).parent
    run_step("Ставлю Node.js в .venv", pip("requirements-node.txt"), count=("Collecting ", 2))
    return VENV / "bin"


def install_node_packages(node: Path, *, everything: bool) -> None:
    """Run `npm ci`; what only tests and benchmarks need is left out for `make run`."""
    stamp = ROOT / "node_modules" / ".stamp"
    lock = digest([ROOT / "package-lock.json", ROOT / "package.json"])
    full, lean = f"full {lock}", f"lean {lock}"
    if read(stamp) == full or (read(stamp) == lean and not everything):
        return
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", *([] if everything else ["--omit=dev"])]
    run_step("Ставлю пакеты npm", command, path=node)
    stamp.write_text(full if everything else lean, encoding="ascii")


def bundle(node: Path) -> None:
    """Bundle the client when a source changed."""
    stamp = DIST / ".stamp"
    wanted = digest(ROOT / name for name in BUNDLE_SOURCES)
    if read(stamp) == wanted and (DIST / "manifest.json").exists():
        return
    run_step("Собираю страницы для телефона", ["node", "build.mjs"], path=node)
    stamp.write_text(wanted, encoding="ascii")


def install_test_servers() -> None:
    """Install Debian's Chromium and PostgreSQL where they are missing."""
    missing = []
    if not shutil.which("chromium"):
        # A bare Debian has no font at all; layouts are measured with one that has Cyrillic.
        missing += ["chromium", "fonts-dejavu-core"]
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        missing.append("postgresql")
    if missing:
        apt_install(*missing)


def apt_install(*packages: str) -> None:
    """Install Debian packages as root or through sudo; raise Failed with one sentence when neither works."""
    names = " ".join(packages)
    sentence = f"Установите {names} и повторите / please install {names} and try again."
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (root and not shutil.which("sudo")):
        raise Failed(sentence)
    if root and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
        # A password may be asked for where there is somebody to type it.
        if not sys.stdin.isatty():
            raise Failed(sentence)
        root = ["sudo"]
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    try:
        run_step("Обновляю список пакетов Debian", [*apt, "update", "-q"])
        run_step(
            f"Ставлю пакеты Debian: {names}",
            [*apt, "install", "-y", "-q", "--no-install-recommends", *packages],
        )
    except Failed as failure:
        raise Failed(sentence) from failure


def pip(requirements: str) -> list[str]:
    """Return the command that installs a hashed requirements file into .venv."""
    flags = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--require-hashes"]
    return [str(PYTHON), "-m", "pip", "install", *flags, "-r", requirements]


def digest(paths: Iterable[Path]) -> str:
    """Return the SHA-256 (hex) of the names and contents of files and of all files below folders."""
    total = hashlib.sha256()
    for path in paths:
        below = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in below:
            if file.is_file():
                total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def read(stamp: Path) -> str:
    """Return what the stamp says, or nothing where there is none."""
    return stamp.read_text(encoding="ascii") if stamp.exists() else ""


def _node_version(node: str) -> int:
    """Return node's major version, 0 when it does not run."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    digits = answer.strip().lstrip("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
