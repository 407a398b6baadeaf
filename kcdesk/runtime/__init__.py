"""What a short start and long acts ask of Python itself: classes that are quickly made, a collector at rest."""
