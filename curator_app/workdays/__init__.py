"""Days of the production calendar that a methodologist puts right, and the calendar that counts with them."""
