"""Each procedure's story, from the first signal to the last follow-up: played by clients, and in a browser."""
