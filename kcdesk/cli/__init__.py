"""The same use cases without a window: commands, their arguments, their answers in text and JSON."""
