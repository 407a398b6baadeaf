"""Updates of the program in the window."""
