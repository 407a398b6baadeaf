"""`kcdesk demo`: the practice journey with its papers, its package and pictures of the window."""
