"""Who works here, in which role, from which browser, and how they prove it."""
