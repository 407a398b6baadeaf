"""Files that come from elsewhere: their names, what is active in them, what may be opened."""
