"""Reading `forms/*.toml` strictly, with a list of all faults and their places."""
