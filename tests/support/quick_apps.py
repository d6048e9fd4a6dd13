"""What every application of this process has alike is worked out once: each test makes one of its own.

A third of a page test's time went into compiling the same two hundred addresses and into looking at the same built
files. Applications stay separate: only what follows from the wording of an address and from the files alone is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule
from whitenoise import WhiteNoise

_builders: dict[object, Callable[..., tuple[str, str]]] = {}
"""What makes an address of values, by the wording of the address; it is handed the rule itself at each call."""

_files: dict[tuple[str, str, str], dict[str, Any]] = {}
"""The built files by folder and prefix, as the first application found them."""

_compile = Rule._compile_builder
_look = WhiteNoise.update_files_dictionary


def make_apps_quickly() -> None:
    """Let Werkzeug and WhiteNoise remember, from now on in this process."""
    Rule._compile_builder = _compiled_once  # type: ignore[method-assign]
    WhiteNoise.update_files_dictionary = _looked_once


def _compiled_once(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    if self.defaults:  # their converters have a say in the wording
        return _compile(self, append_unknown)
    key = (self.rule, tuple(self._trace), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(self, append_unknown)
    return _builders[key]


def _looked_once(self: WhiteNoise, root: str, prefix: str) -> None:
    key = (root, prefix, self.charset)
    if key not in _files:
        _look(self, root, prefix)
        _files[key] = dict(self.files)
    self.files.update(_files[key])
