"""The case: from its opening to the last follow-up."""
