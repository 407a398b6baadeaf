"""Use cases: each function is a single transaction and returns its `Changes`. No Qt."""
