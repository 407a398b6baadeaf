"""Making, previewing and receiving packages."""
