"""What is answered, and where every dossier stands."""
