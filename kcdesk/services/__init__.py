"""Use cases: one function is one transaction is one `Changes`. No Qt."""
