"""Which open dossiers a change of rules touches, in the window."""
