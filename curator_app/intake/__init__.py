"""Signals: what is told of a child, who told it, the journal, and what it leads to."""
