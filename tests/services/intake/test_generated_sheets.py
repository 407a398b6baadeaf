"""Spreadsheets of any layout, code of letters and notation, made by chance, whose right values are known."""

from __future__ import annotations

import pytest

from tests.examples import some
from tests.services.intake import generated, made_sheets, sheet_files
from tests.services.intake.made_trades import TRADES

SEEDS = (2, 27, 33, 79, 93, 171, 206, 217, 256, *range(400, 418))  # the first ones were read wrongly once


@pytest.mark.parametrize("seeds", [SEEDS[place::3] for place in range(3)], ids=("first", "second", "third"))
def test_every_value_is_the_one_from_which_it_was_written(workspace, tmp_path, seeds):
    wrong = [words for seed in seeds for words in generated.differences(workspace, seed, tmp_path)]
    assert wrong == []


@pytest.mark.parametrize("trade", some(3, TRADES), ids=lambda trade: trade.kind)
def test_no_cell_of_another_list_is_taken_for_something_else(workspace, tmp_path, trade):
    seeds = (1, 17, 25, 41, 83)  # these were read wrongly once
    assert [words for seed in seeds for words in generated.cell_differences(workspace, seed, tmp_path, trade)] == []


def test_seeds_reach_every_format_and_code_of_letters():
    made = {seed: made_sheets.made(seed) for seed in SEEDS}
    assert {sheet.letters for sheet in made.values()} == {"", "tcvn3", "vni"}
    assert {seed % len(sheet_files.FORMATS) for seed in SEEDS if not made[seed].letters} == set(range(7))
