"""The bar in which messages are shown."""
