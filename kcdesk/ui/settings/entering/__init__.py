"""Rules typed in the window: forms, and the preview of what would be signed."""
