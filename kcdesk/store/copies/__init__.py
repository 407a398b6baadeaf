"""Copies of the store that share their pages: made, listed, proved, thinned, unfolded."""
