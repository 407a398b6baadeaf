"""A choice of the period of packages, by its name in words; another one can be typed."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QComboBox

from kcdesk.services.handover.collecting import periods


class PeriodBox(QComboBox):
    """Offers the periods around a day; `chosen` is the period as packages write it."""

    def __init__(self, name: str, today: date, period: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("Kỳ báo cáo")
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems([periods.name(offered) for offered in periods.offered(today)])
        if period:
            self.setCurrentText(periods.name(period))

    def chosen(self) -> str:
        """Return the chosen period as the packages write it, or the text that was typed."""
        return periods.as_in_packages(self.currentText())
