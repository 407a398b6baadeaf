"""Receipts: answers to received packages, and the hand-over state of every dossier."""
