"""The results that a receipt gives a dossier, and their labels: on the sheet, for choosing, in a narrow column."""

from __future__ import annotations

from kcdesk.exchange.workbook.page_lines import RESULTS as ON_THE_SHEET

RESULT = "province_result"  # the field that keeps the result of a receipt, if the level of the office owns it
RESULTS = tuple(ON_THE_SHEET)  # received, returned, approved, rejected
RECORDED = RESULTS[:2]  # the results that an office without the power to decide may choose
TO_CHOOSE = ON_THE_SHEET | {"rejected": "Không phê duyệt"}
SHORT = TO_CHOOSE | {"returned": "Trả lại", "rejected": "Không duyệt"}
