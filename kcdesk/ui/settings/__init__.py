"""Settings and rule updates."""
