"""Papers written by an office's own Word file: open it safely, find its placeholders, fill it."""
