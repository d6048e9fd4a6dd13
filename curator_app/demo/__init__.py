"""The demonstration: invented families and people."""
