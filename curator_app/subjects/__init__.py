"""Whatever has a clock: a subject with an append-only list of events."""
