"""A small sound profile of an invented region, from which broken ones are made."""

from __future__ import annotations

from pathlib import Path

LITTLE = """\
id = "vydumka"
version = 1
title = "Порядок Выдуманного района"
short_title = "Выдумка"
zone = "Europe/Moscow"

[[documents]]
id = "900"
title = "Порядок работы со случаем"

[[roles]]
id = "case_curator"
title = "куратор"
source = { doc = "900", ref = "п. 1", quote = "куратор случая" }

[[classifications]]
id = "level"
title = "Уровень"
source = { doc = "900", ref = "п. 2", quote = "два уровня" }

[[classifications.values]]
id = "calm"
title = "спокойно"
opens = "nothing"
source = { doc = "900", ref = "п. 2", quote = "спокойно" }

[[classifications.values]]
id = "worried"
title = "тревожно"
opens = "case"
source = { doc = "900", ref = "п. 2", quote = "тревожно" }

[[duties]]
id = "plan_draft"
title = "Составить план"
subject = "case"
owner = "case_curator"
after = ["curator_assigned"]
within = { n = 15, unit = "unspecified_day" }
done_by = ["plan_drafted"]
when = { level = ["worried"] }
source = { doc = "900", ref = "п. 3", quote = "в течение 15 дней" }

[[duties.examples]]
after = 2026-10-30
due = 2026-11-16

[[duties]]
id = "family_seen"
title = "Побывать в семье"
subject = "case"
owner = "case_curator"
after = ["curator_assigned"]
every = { n = 1, unit = "month", mode = "rolling" }
done_by = ["visit_made"]
until = ["deregistered"]
frequency = true
source = { doc = "900", ref = "п. 4", quote = "не реже одного раза в месяц" }

[[events]]
type = "neighbour_asked"
title = "спросили соседа"
territory_choice = true
"""


def written(folder: Path, text: str | bytes = LITTLE, name: str = "vydumka@1.toml") -> Path:
    """Write a profile into a folder; return its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
