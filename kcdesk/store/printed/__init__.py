"""What has left the office on paper without being the paper of a record."""
