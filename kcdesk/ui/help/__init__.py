"""Help beside the work: the drawer of F1, its pages and pictures."""
