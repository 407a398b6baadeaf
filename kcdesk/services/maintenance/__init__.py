"""Making, opening, backing up, restoring and checking a store."""
