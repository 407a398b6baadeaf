"""What a change of rules does to the dossiers of the store."""
