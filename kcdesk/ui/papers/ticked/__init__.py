"""Sheets ticked by hand in the window: what was read beside its picture, to be agreed to."""
