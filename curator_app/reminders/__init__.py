"""Reminders: what is due is said once to whom it concerns, by the channels they chose, when they work."""
