"""Legal texts that the office has, its own instruments, and what its officers compared with them."""
