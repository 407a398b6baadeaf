"""A random but seeded user of the real window, who knows only what it offers; see tests/README.md."""
