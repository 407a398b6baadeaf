"""The reports with rows and columns of forms of TT 36/2013, against figures reckoned by hand; local dossiers apart."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kcdesk.reports.report_period import period_of
from kcdesk.services.reporting import running
from kcdesk.services.reporting.running import Wanted

MILLION = 1_000_000


def table(workspace, name, year="2022", by=()):
    """The rows of a report by their labels, in millions of đồng, the total, and the notes."""
    run = running.run(workspace, Wanted(name=name, period=period_of(named=year), by=by))
    rows = {row.label: [row.values[column.name] for column in run.columns] for row in run.rows}
    return rows, [run.total.values[column.name] for column in run.columns], run.notes


def proposal(insert, title, programme="national", **values):
    """An approved proposal of 2022."""
    money = {"total_counterpart": 300 * MILLION, "total_other": 10 * MILLION}
    return insert("proposal", state="settled", title=title, year=2022, programme=programme, **money, **values)


def line(place, **values):
    """A row of a table."""
    return {"id": f"r{place}", "position": float(place), **values}


def amounts(amount, support, other):
    """The amounts of a voucher, given in millions."""
    return {"amount": amount * MILLION, "support": support * MILLION, "other": other * MILLION}


def test_the_table_of_a_year_plan_has_a_row_for_each_proposal(workspace, insert):
    first, second, third = (proposal(insert, title) for title in ("Máy cưa", "Máy sấy", "Lò nung"))
    entries = [
        line(1, proposal=first, scheme="single", total_cost=500 * MILLION, support=200 * MILLION),
        line(2, proposal=second, scheme="single", total_cost=400 * MILLION, support=150 * MILLION),
        line(3, proposal=third, scheme="single", total_cost=900 * MILLION, support=300 * MILLION, left_out="carried"),
    ]
    insert("plan", state="final", year=2022, programme="national", entries=entries, requested=350 * MILLION)
    insert("plan", state="final", year=2022, programme="local", entries=entries, requested=650 * MILLION)
    insert("plan", state="draft", year=2022, programme="national", entries=entries, requested=1 * MILLION)
    rows, total, notes = table(workspace, "mau_2")
    assert list(rows) == ["Máy cưa", "Máy sấy"]
    assert rows["Máy cưa"] == [500 * MILLION, 200 * MILLION, 300 * MILLION, 10 * MILLION, 1]
    assert total == [900 * MILLION, 350 * MILLION, 600 * MILLION, 20 * MILLION, 2]
    assert "Không tính 1 kế hoạch đang lập (1.000.000 đồng)." in notes
    assert "Không tính 1 kế hoạch khuyến công địa phương (650.000.000 đồng)." in notes


@pytest.fixture
def settlements(insert):
    """A national settlement by vouchers, one supported in percent, one with an invoice, a draft and a local one."""
    national, local = proposal(insert, "Máy cưa"), proposal(insert, "Máy ép", "local")
    lines = [
        line(1, item="Mua máy", planned=200 * MILLION, spent=190 * MILLION, support=90 * MILLION, other=100 * MILLION),
        line(2, item="Lắp đặt", planned=20 * MILLION, spent=20 * MILLION, support=10 * MILLION, other=10 * MILLION),
    ]
    vouchers = [
        line(1, number="15", dated="2022-03-09", content="Máy", **amounts(190, 90, 100)),
        line(2, number="9", dated="2022-12-01", content="Công", **amounts(20, 10, 10)),
    ]
    day = {"settled_on": "2022-12-20", "lines": lines, "vouchers": vouchers, "settled_support": 100 * MILLION}
    insert("settlement", parent=national, **day)
    insert("settlement", parent=national, **day, percent_supported=True)
    insert("settlement", parent=national, **day, issues_invoice=True)
    insert("settlement", parent=national, state="draft", **day)
    insert("settlement", parent=local, **day)


@pytest.mark.usefixtures("settlements")
def test_the_items_of_settlements_are_added_up(workspace):
    rows, total, notes = table(workspace, "mau_7")
    # three settlements of the national programme, each with both items
    assert rows["Mua máy"] == [600 * MILLION, 570 * MILLION, 270 * MILLION, 300 * MILLION]
    assert rows["Lắp đặt"] == [60 * MILLION, 60 * MILLION, 30 * MILLION, 30 * MILLION]
    assert total == [660 * MILLION, 630 * MILLION, 300 * MILLION, 330 * MILLION]
    assert "Không tính 1 hồ sơ quyết toán khuyến công địa phương (100.000.000 đồng)." in notes
    assert "Không tính 1 hồ sơ quyết toán chưa chốt (100.000.000 đồng)." in notes


@pytest.mark.usefixtures("settlements")
def test_the_vouchers_stand_in_the_list_of_their_kind(workspace):
    rows, total, _notes = table(workspace, "mau_8a")
    assert rows == {"15 – 09/3/2022 – Máy": [90 * MILLION, 1], "9 – 01/12/2022 – Công": [10 * MILLION, 1]}
    assert total == [100 * MILLION, 2]
    rows, total, _notes = table(workspace, "mau_8b")
    assert rows["15 – 09/3/2022 – Máy"] == [190 * MILLION, 90 * MILLION, 100 * MILLION, 1]
    assert total == [210 * MILLION, 100 * MILLION, 110 * MILLION, 2]
    assert list(table(workspace, "mau_8a", by=("dated",))[0]) == ["09/3/2022", "01/12/2022"]


def test_the_contracts_of_a_year_are_compared_with_what_was_paid(workspace, insert):
    national, local = proposal(insert, "Máy cưa"), proposal(insert, "Máy ép", "local")
    signed = {"signed_on": "2022-02-01", "party_b": "Công ty mẫu"}
    settled = insert("contract", parent=national, number="01/HĐ", value=200 * MILLION, **signed)
    written = insert(
        "contract", parent=national, number="02/HĐ", value=90 * MILLION, settled_support=80 * MILLION, **signed
    )
    running_on = insert("contract", parent=national, number="03/HĐ", value=50 * MILLION, **signed)
    insert("contract", parent=local, number="04/HĐ", value=70 * MILLION, **signed)
    insert("contract", parent=national, state="draft", number="05/HĐ", value=30 * MILLION, **signed)
    insert("settlement", parent=national, contract=settled, settled_on="2023-01-10", settled_support=150 * MILLION)
    paid = {"payment_type": "advance", "paid_on": "2022-04-01"}
    insert("payment", parent=national, contract=settled, amount=140 * MILLION, **paid)
    insert("payment", parent=national, contract=written, amount=100 * MILLION, **paid)
    insert("payment", parent=national, contract=written, payment_type="returned", amount=5 * MILLION)
    insert("payment", parent=national, contract=running_on, amount=30 * MILLION, **paid)
    insert(
        "payment", parent=national, contract=running_on, payment_type="advance", amount=9 * MILLION
    )  # asked, not paid
    rows, total, notes = table(workspace, "mau_10")
    # value, paid, settled, left
    assert {label[:5]: values for label, values in rows.items()} == {
        "01/HĐ": [200 * MILLION, 140 * MILLION, 150 * MILLION, 10 * MILLION],
        "02/HĐ": [90 * MILLION, 95 * MILLION, 80 * MILLION, -15 * MILLION],
        "03/HĐ": [50 * MILLION, 30 * MILLION, 0, 0],
    }
    assert total == [340 * MILLION, 265 * MILLION, 230 * MILLION, -5 * MILLION]
    assert "Không tính 1 hợp đồng khuyến công địa phương (70.000.000 đồng)." in notes


def test_difficulties_and_requests_are_counted_with_what_became_of_them(workspace, insert):
    def tell(day, topic, progress, **values):
        insert("difficulty", state="open", raised_on=day, topic=topic, progress=progress, content="x", **values)

    tell("2021-12-01", "land", "open", wish="Thuê đất", due_on="2022-01-15")
    tell(
        "2022-01-10",
        "capital",
        "solved",
        wish="Vay vốn",
        sent_to="Ngân hàng",
        sent_on="2022-01-12",
        answered_on="2022-01-20",
    )
    tell(
        "2022-02-10", "capital", "sent", wish="Giãn nợ", sent_to="Ngân hàng", sent_on="2022-02-11", due_on="2022-03-01"
    )
    tell("2022-03-10", "market", "answered", answered_on="2022-03-30")
    rows, total, _notes = table(workspace, "difficulties")
    # raised, solved, answered, sent, open, rate, pending, late, establishments
    assert rows["Vốn, tín dụng"] == [2, 1, 0, 1, 0, 50, 1, 1, 0]
    assert rows["Mặt bằng, đất đai"] == [0, 0, 0, 0, 0, None, 1, 1, 0]
    assert [int(value) for value in total] == [3, 1, 1, 1, 0, 33, 2, 2, 0]
    rows, total, _notes = table(workspace, "requests")
    # requests, forwarded, answered, rate, waiting, days to answer
    assert rows["Ngân hàng"] == [2, 2, 1, 50, 1, 10]
    assert rows["Chưa rõ"] == [0, 0, 0, None, 1, None]
    assert total[:3] == [2, 2, 1]


def test_measures_before_at_the_acceptance_and_a_year_later_fill_the_indicators(workspace, insert):
    first, second = proposal(insert, "Máy cưa"), proposal(insert, "Máy sấy", "local")

    def visit(parent, day, *benefits, state="final"):
        return insert("acceptance", parent=parent, state=state, visited_on=day, benefits=benefits)

    def measure(place, indicator, before, actual, **more):
        return line(place, indicator=indicator, before=before, actual=actual, **more)

    seen = visit(first, "2022-06-01", measure(1, "jobs", "10", "14"), measure(2, "income", "5000000", "6000000"),
                 measure(3, "energy", "1200.5", "1000"), measure(4, "output", "2000000000", "2600000000"))  # fmt: skip
    visit(second, "2022-07-01", measure(1, "jobs", "20", "19"), measure(2, "income", "6000000", "8000000"),
          measure(3, "waste", "8", "5.5"), line(4, indicator="energy", actual="700"))  # fmt: skip
    visit(second, "2022-08-01", measure(1, "jobs", "0", "99"), state="draft")
    insert("inspection", parent=first, acceptance=seen, purpose="revisit", visited_on="2022-12-01",
           benefits=[line(1, indicator="jobs", before="10", accepted="14", actual="21")])  # fmt: skip
    rows, _total, _notes = table(workspace, "benefits")
    # lines, before, at the acceptance, change, %, revisits, then, later, %
    assert rows["Lao động đang làm việc (người)"] == [2, 30, 33, 3, 10, 1, 14, 21, 150]
    assert rows["Năng lượng tiêu thụ (kWh/năm)"][3] == Decimal("-200.5")
    reported = running.run(workspace, Wanted(name="indicators", period=period_of(named="2022")))
    given = {row.key: row.values["period"] for row in reported.rows}
    wanted = {
        "jobs": 3, "income": 7_000_000, "output": 600_000_000, "value_added": 0,
        "energy_saved": Decimal("200.5"), "waste_saved": Decimal("2.5"),
    }  # fmt: skip
    assert {name: given[name] for name in wanted} == wanted
