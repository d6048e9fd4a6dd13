"""Our figures beside their limits, measured in one run: `make bench` (docs/benchmarks.md)."""
