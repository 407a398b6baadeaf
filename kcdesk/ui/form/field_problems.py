"""Show the problems of a field below it, and those of its rows at their cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kcdesk.errors import Problem
from kcdesk.ui.form.editors.base import Editor


def show_at(editor: Editor, problems: Sequence[Problem]) -> None:
    """Show the field's own problems below it and problems of rows at their rows."""
    own = [problem.message for problem in problems if "/" not in problem.field]
    editor.set_problem(" ".join(_sentence(text, editor.field.label) for text in own))
    if editor.field.columns:
        rows: dict[tuple[str, str], list[str]] = defaultdict(list)
        for problem in problems:
            if "/" in problem.field:
                _, row_id, column = (*problem.field.split("/"), "")[:3]
                rows[row_id, column].append(problem.message)
        editor.set_row_problems({cell: " ".join(texts) for cell, texts in rows.items()})


def _sentence(text: str, label: str) -> str:
    """Return the message without the field's name, as it is shown below that field."""
    bare = text.removeprefix(f"{label}: ")
    return bare[:1].upper() + bare[1:]
