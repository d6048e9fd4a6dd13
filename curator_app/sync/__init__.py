"""Sync: the field kit down, sealed envelopes up, receipts and repair."""
