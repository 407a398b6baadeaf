"""Read `forms/*.toml` strictly and collect every fault with its place."""
