"""What is copied, or written as CSV, is no formula for a spreadsheet, and comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kcdesk.text import disarmed, disarmed_lines, rearmed

FORMULAS = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "＋1",
    "－x",
    "＠x",
    "'=1",
    '"=1',
    "\ufeff=1",
)
ORDINARY = ("", "Xưởng", "5", "-5", "-5.000", "+84 912 345 678", "12,5%", "-3,5 %", "a=b", "'a", "’=")


@pytest.mark.parametrize("cell", FORMULAS)
def test_formulas_are_disarmed(cell):
    assert disarmed(cell) == f"'{cell}"


def test_numbers_and_words_stay():
    assert [cell for cell in ORDINARY if disarmed(cell) != cell] == []


@example("'\t")
@given(st.text(alphabet="=+-@'\"a1 .,\t＝%\n"))
def test_a_cell_comes_back_as_it_was(cell):
    assert rearmed(disarmed(cell)) == cell


def test_lines():
    safe = "A\t'=1\n'-x\t-1"
    assert disarmed_lines("A\t=1\n-x\t-1") == safe
    assert disarmed_lines(safe) == safe
