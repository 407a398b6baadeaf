"""Publishing a store: explicit, named in its history, personal values only when asked."""
