"""Settings of pushing: what cannot work is refused at the start, in a sentence that says what to set."""

from __future__ import annotations

import threading

import pytest

from curator_app.config import ConfigError
from curator_app.reminders.push_keys import private_pem
from tests.support.databases import config_for


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"PUSH_CONTACT": "call me"}, "PUSH_CONTACT — это адрес почты"),
        ({"PUSH_HOSTS": "https://push.example.ru/x"}, "PUSH_HOSTS — имена через запятую"),
        ({"PUSH_HOSTS": "push.example.ru, *"}, "А задано «*»"),
    ],
)
def test_what_cannot_work_is_refused(tmp_path, settings, told):
    with pytest.raises(ConfigError, match=told.replace("*", r"\*")):
        config_for(tmp_path, **settings)


def test_whom_push_services_write_to(tmp_path):
    assert config_for(tmp_path, PUSH_CONTACT="mailto:a@example.ru").push_subject == "mailto:a@example.ru"
    assert config_for(tmp_path, PUBLIC_URL="https://k.example.ru:8443").push_subject == "https://k.example.ru"
    assert config_for(tmp_path).push_subject == "mailto:kurator@localhost"


def test_hosts_are_compared_in_small_letters(tmp_path):
    hosts = config_for(tmp_path, PUSH_HOSTS="Push.Example.ru, localhost:9000,").push_hosts
    assert hosts == {"push.example.ru", "localhost:9000"}


def test_of_many_starts_at_once_all_go_on_with_one_key(tmp_path):
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(private_pem(tmp_path / "keys"))) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["push.pem"]
