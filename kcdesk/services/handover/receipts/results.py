"""The results that a receipt gives a dossier, and their words: on the sheet, to choose from, in a narrow place."""

from __future__ import annotations

from kcdesk.exchange.workbook.cover import RESULTS as ON_THE_SHEET

RESULTS = tuple(ON_THE_SHEET)  # received, returned, approved, rejected
RECORDED = RESULTS[:2]  # what an office that does not decide may answer
TO_CHOOSE = ON_THE_SHEET | {"rejected": "Không phê duyệt"}
SHORT = TO_CHOOSE | {"returned": "Trả lại"}
