"""The copies of the store in the window: by time, at close, the list of all."""
