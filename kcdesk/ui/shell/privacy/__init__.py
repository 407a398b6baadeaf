"""What keeps a passer-by from reading: the locked screen, the wait after wrong passphrases."""
