"""Rounded figures: shares add up to 100,0, money to its printed total where asked for; else a note says it."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcdesk.reports.report_period import period_of
from kcdesk.reports.report_table import adding_up
from kcdesk.runtime.frozen import replace
from kcdesk.services.reporting import csv_file, figures, running
from kcdesk.services.reporting.running import Wanted

BILLION = 10**9


@pytest.fixture
def thirds(workspace, insert):
    """Three communes' worth of support of 1,05 billion each: a third of the whole."""
    for activity in ("machinery", "brand", "information"):
        same = {"programme": "local", "activity": activity}
        insert("proposal", state="approved", title=activity, year=2022, approved_support=BILLION + 50_000_000, **same)
        insert("opening_total", unit_name=activity, year_from=2022, year_to=2022, executed=BILLION, **same)
    return running.run(workspace, Wanted(name="funding", period=period_of(named="2022"), by=("activity",)))


def test_shares_add_up_to_a_hundred(thirds):
    shares = sorted(row.values["share"] for row in thirds.rows if row.values["share"])
    assert shares == [Decimal("33.3"), Decimal("33.3"), Decimal("33.4")]
    assert thirds.total.values["share"] == 100


def test_money_adds_up_where_the_definition_asks_and_is_noted_where_not(thirds, tmp_path):
    billions = figures.money_unit("tỷ")
    # 1,05 prints as 1,1 each, 3,3 together; the whole of 3,15 prints as 3,2
    assert "Kế hoạch: các phần cộng lại 3,3 so với 3,2 tỷ đồng đã in, do làm tròn." in figures.notes_of(
        thirds, billions
    )
    columns = [replace(column, adds_up=column.name == "planned") for column in thirds.columns]
    asked = replace(thirds, columns=tuple(columns))
    assert not any(note.startswith("Kế hoạch:") for note in figures.notes_of(asked, billions))
    printed = [line[1] for line in figures.lines(asked, billions) if line[1] not in ("0,0", "Kế hoạch (tỷ đồng)")]
    assert sorted(printed) == ["1,0", "1,1", "1,1", "3,2"]
    csv_file.write_csv(asked, tmp_path / "a.csv", unit=billions)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig") as file:
        cells = [row[2] for row in csv.reader(file, delimiter=";") if len(row) > 2]
    assert sorted(cell for cell in cells if cell[:1] in "13") == ["1,0", "1,1", "1,1", "3,2"]
    assert figures.in_print(asked, figures.DONG) == asked  # đồng need no rounding


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=12))
def test_rounded_parts_always_add_up_and_move_less_than_a_step(amounts):
    step = Decimal(10**8)
    total = (Decimal(sum(amounts)) / step).to_integral_value("ROUND_HALF_UP") * step
    parts = adding_up([Decimal(amount) for amount in amounts], total, step)
    assert sum(parts) == total
    assert all(abs(part - amount) < step for part, amount in zip(parts, amounts, strict=True))
