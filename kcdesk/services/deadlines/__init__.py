"""What is due when, and its sheets and calendar files."""
