"""The register of legal instruments, and what follows from it for everything that cites one."""
