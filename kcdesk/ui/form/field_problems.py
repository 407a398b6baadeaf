"""Show the problems of a field below it, and those of its rows at their cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.form.editors.base import Editor


def grouped(record: Record, own: Iterable[Problem], others: Iterable[Problem]) -> defaultdict[str, list[Problem]]:
    """Sort problems by field or table; an empty field of which others tell is not told as empty too.

    That a value is kept as it stands on paper is said by its editor.
    """
    others = list(others)
    named = {problem.field for problem in others}
    shown = [problem for problem in own if problem.field not in named or record.value(problem.field) is not None]
    by_field: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in [*shown, *others]:
        if not problem.advice or not _is_kept(record, problem):
            by_field[problem.field.partition("/")[0]].append(problem)
    return by_field


def show_at(editor: Editor, problems: Sequence[Problem]) -> None:
    """Show the field's own problems below it, what only is advised as a note, and problems of rows at their rows."""
    own = [problem.message for problem in problems if "/" not in problem.field and not problem.advice]
    advised = [problem.message for problem in problems if "/" not in problem.field and problem.advice]
    editor.note("advised", " ".join(_sentence(text, editor.field.label) for text in advised))
    editor.set_problem(" ".join(_sentence(text, editor.field.label) for text in own))
    exceeded = [part.rstrip(".") for part in editor.note_text("excess").split(". ")]
    if own and all(part in editor.problem() for part in exceeded):
        editor.forget_notes("excess")  # the problem says it, and what to do
    if editor.field.columns:
        rows: dict[tuple[str, str], list[str]] = defaultdict(list)
        for problem in problems:
            if "/" in problem.field and not problem.advice:
                _, row_id, column = (*problem.field.split("/"), "")[:3]
                rows[row_id, column].append(problem.message)
        editor.set_row_problems({cell: " ".join(texts) for cell, texts in rows.items()})


def _is_kept(record: Record, problem: Problem) -> bool:
    """Whether the problem is that of a value kept as it stands on paper, or of a cell of a table."""
    value = record.value(problem.field) if "/" not in problem.field else None
    return value is None or type_of(record.field(problem.field)).is_kept(value)


def _sentence(text: str, label: str) -> str:
    """Return the message without the field's name, as it is shown below that field."""
    bare = text.removeprefix(f"{label}: ")
    return bare[:1].upper() + bare[1:]


def doubts(record: Record) -> str:
    """Name once, for the whole form, the fields whose rule nobody has compared with its text; "" for none."""
    law = record.forms.law if record.forms else None
    fields = (field for field in record.fields_visible() if field.unverified)
    marked = (field for field in fields if law is None or law.is_marked(field.source, unverified=True))
    labels = dict.fromkeys(field.label for field in marked)
    return f"Quy định chưa đối chiếu với văn bản gốc: {'; '.join(labels)}." if labels else ""


def required_note(record: Record) -> str:
    """Say what the star at a field means; a record without steps is never closed."""
    assert record.forms is not None, "a record that is shown knows the definitions of its kind"
    return "* Phải điền trước khi chốt." if record.forms.has_steps(record.kind) else "* Phải điền."
