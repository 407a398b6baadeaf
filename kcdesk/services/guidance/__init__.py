"""Help for the officer: pages of the handbook, and what the definitions say of a field."""
