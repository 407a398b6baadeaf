"""Updating the built program from a signed file, going back to the version before, what is new. No Qt."""
