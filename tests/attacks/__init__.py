"""Attacks: what a thief, a forger or a spoilt disk tries; each is refused, and nothing is lost."""
