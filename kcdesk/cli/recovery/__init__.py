"""The command line of the recovery key."""
