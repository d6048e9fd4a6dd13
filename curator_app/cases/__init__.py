"""The case: its children, its people, its course from opening to the last follow-up."""
