"""The arithmetic and the verdicts of the benchmarks; the figures themselves are not tests."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest

from bench.figures import Figure, markdown, median, number, percentile, table, write
from bench.limit import plain
from bench.load import run


def test_budget_kept_or_missed_says_which_way_is_better() -> None:
    assert Figure("start", 4.9, "s", budget=5).verdict == "OK"
    assert Figure("start", 5.1, "s", budget=5).verdict == "MISSED"
    assert Figure("ratio", 0.6, "x", 1, 0.5, "high").verdict == "OK"
    assert Figure("ratio", 0.4, "x", 1, 0.5, "high").verdict == "MISSED"
    assert Figure("explains", 7, "ms").verdict == ""


def test_median_and_percentile_are_values_that_were_measured() -> None:
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 2, 3]) == 2
    assert percentile(range(100), 0.95) == 95
    assert percentile([5.0], 0.95) == 5
    with pytest.raises(ValueError, match="no measurement"):
        median([])


def test_numbers_keep_three_figures() -> None:
    assert [number(one) for one in (None, 5, 0.456, 12.34, 1234.5)] == ["–", "5", "0.46", "12.3", "1234"]


def test_table_shows_limit_budget_and_verdict() -> None:
    lines = table([Figure("LCP", 5.5, "s", 2.1, 4.0), Figure("photos", 30, "1/s", better="high")]).splitlines()
    assert lines[2].split() == ["LCP", "5.50", "2.10", "≤", "4", "s", "MISSED"]
    assert lines[3].split() == ["photos", "30", "–", "–", "1/s"]


def test_document_names_what_was_missed() -> None:
    lines = markdown([Figure("LCP", 5.5, "s", 2.1, 4.0), Figure("ratio", 0.6, "x", 1, 0.5, "high")]).splitlines()
    assert lines[2:] == ["| LCP | 5.50 | 2.10 | ≤ 4 | s | **missed** |", "| ratio | 0.60 | 1 | ≥ 0.50 | x | ok |"]


def test_json_has_the_agreed_names(tmp_path: Path) -> None:
    write([Figure("LCP", 1.23456, "s", 0.7, 1.2)], tmp_path / "bench.json")
    row = {"name": "LCP", "value": 1.2346, "unit": "s", "limit": 0.7, "budget": 1.2, "better": "low"}
    assert json.loads((tmp_path / "bench.json").read_text(encoding="utf-8")) == [row]


def test_plain_page_asks_what_the_form_asks_and_nothing_else() -> None:
    chips = "".join(f'<label><input type="checkbox" name="chip" value="{n}">Чип {n}</label>' for n in range(9))
    form = f"""<form id="other"><input name="not_asked"></form><form id="visit-form"><input type="hidden" name="csrf">
      <h2>Встреча</h2>{chips}<label for="f">Что видно</label><textarea id="f" name="fact"></textarea>
      <template><input name="in_template"></template><button>Готово</button></form>"""
    page = plain(form)
    assert page.count("<input type=checkbox") == 9
    assert "<label for=q10>Что видно</label><textarea id=q10" in page
    assert not any(name in page for name in ("csrf", "in_template", "not_asked"))
    with pytest.raises(ValueError, match="not found"):
        plain("<form id='visit-form'></form>")


def test_load_sends_each_request_once_and_counts_answers(tmp_path: Path) -> None:
    answers = [b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok", b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"]
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                for answer in answers:
                    heard.append(connection.recv(100))
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        outcome = run(listener.getsockname()[1], [b"first", b"second"], tmp_path / "requests", connections=1)
        thread.join(5)
    assert heard == [b"first", b"second"]
    assert outcome.statuses == {"201": 1, "503": 1}
    assert outcome.refused == 1
    assert outcome.per_second > 0
