"""The temporary files of the program: where they lie, and what is encrypted in them."""
