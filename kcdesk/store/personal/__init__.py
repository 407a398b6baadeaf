"""What the law on personal data asks of the store: erasing, restricting, and who saw what."""
