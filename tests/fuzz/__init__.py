"""Mutated and hostile documents: `make fuzz`, and a short seeded share of it among the tests."""
