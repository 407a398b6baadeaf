"""Larger and smaller letters by keyboard (Ctrl++, Ctrl+-, Ctrl+0)."""

from __future__ import annotations

from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit import sizes


def change(context: Context, step: int) -> None:
    """Show larger (1), smaller (-1) or normal (0) letters, now and in later sessions."""
    letters = sizes.neighbour(step) if step else sizes.NORMAL
    if letters != sizes.letters():
        context.settings.letters = letters
        context.theme.choose_letters(letters)
    context.messages.notice(f"Cỡ chữ: {sizes.LABELS[letters].lower()}.")
