"""The sheets of a package."""
