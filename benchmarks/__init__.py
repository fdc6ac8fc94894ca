"""Benchmarks: what the budgets of the design cost on this machine. Run by ``make bench``."""
