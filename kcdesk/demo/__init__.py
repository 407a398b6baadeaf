"""`kcdesk demo`: the whole journey on practice stores, its papers, its package and pictures of the window."""
