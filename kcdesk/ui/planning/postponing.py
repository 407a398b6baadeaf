"""Another day for a deadline, asked with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QWidget

from kcdesk import notations, text
from kcdesk.services.deadlines import listing as deadline_listing
from kcdesk.services.deadlines.listing import Due
from kcdesk.services.records.changing import Changes
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.small_dialogs import AskedField, FieldsQuestion, refusal


def ask_to_postpone(parent: QWidget, context: Context, due: Due) -> None:
    """Ask for the new day and the reason, and postpone; «Hoàn tác» is offered then."""
    question = postpone_question(parent, due)

    def postpone(answers: Mapping[str, str]) -> Changes:
        to = notations.parse_date(answers["day"])
        return deadline_listing.postpone(context.workspace, due, to, answers["reason"])

    changes = question.perform(postpone)
    if changes is not None:
        context.announce(changes)
        day = text.format_date(notations.parse_date(question.answers()["day"]))
        context.messages.notice(f"Đã hoãn đến {day}: {due.what}.", partial(undoing.undo, context))


def postpone_question(parent: QWidget, due: Due) -> FieldsQuestion:
    """Return the dialog that asks for the new day and the reason."""
    fields = (AskedField("day", "Hoãn đến ngày", hint="ngày/tháng/năm"), AskedField("reason", "Lý do hoãn"))
    detail = f"{due.what}: hạn {text.format_date(due.day)}."
    wrong = lambda answers: refusal(notations.parse_date, answers["day"])  # noqa: E731 - one short question
    return FieldsQuestion("Hoãn thời hạn", fields, "Hoãn", "Giữ nguyên", parent, detail=detail, check=wrong)
