"""The rules of early warning: every fault of a file is told at once, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.regulations.early_warnings import load_warnings

GOOD = """
[[warning]]
id = "late"
label = "Chậm"
text = "{count} đề án chậm"
source = "Đề xuất của chương trình"
effective_from = 2014-02-10
states = ["running"]
points = 1
draft = "adjustment"

[[warning.sign]]
points = 1
when = { elapsed = { above = 50 } }
text = "đã qua {elapsed}%"
"""


@pytest.fixture(scope="module")
def shipped() -> Forms:
    return load()


def written(tmp_path: Path, forms: Forms, text: str) -> list[str]:
    """The faults of a file with this text."""
    (tmp_path / "warnings.toml").write_text(text, encoding="utf-8")
    try:
        load_warnings(tmp_path, forms)
    except FormsError as error:
        return [str(fault) for fault in error.faults]
    return []


def test_a_good_file_is_read_and_a_missing_one_warns_of_nothing(tmp_path: Path, shipped: Forms) -> None:
    assert load_warnings(tmp_path, shipped) == ()
    assert written(tmp_path, shipped, GOOD) == []
    (rule,) = load_warnings(tmp_path, shipped)
    assert [sign.text for sign in rule.holding({"elapsed": 51})] == ["đã qua {elapsed}%"]
    assert rule.holding({"elapsed": 50}) == rule.holding({}) == []


def test_every_fault_is_told(tmp_path: Path, shipped: Forms) -> None:
    for good, bad, said in (
        ('states = ["running"]', 'states = ["runing"]', "“runing” không có (có phải ý là “running”)"),
        ("{ elapsed = { above", "{ elapse = { above", "ô “elapse” không có (có phải ý là “elapsed”)"),
        ("{ above = 50 }", '{ over = "x" }', "phép so sánh “over” không có"),
        ("đã qua {elapsed}%", "đã qua {elapsd}%", "số “elapsd” không có (có phải ý là “elapsed”)"),
        ("đã qua {elapsed}%", "đã qua {elapsed", "dấu ngoặc nhọn"),
        ("{count} đề án", "{number} đề án", "số “number” không có"),
        ('draft = "adjustment"', 'draft = "office"', "“office” không có"),
        ('draft = "adjustment"', 'draft = "adjustment"\ndraft_note = "situaton"', "“situaton” không có"),
        ('draft = "adjustment"', 'draft = "adjustment"\ndraft_values = { adjustment_type = "end" }', "“end”"),
        ("points = 1\ndraft", "points = 2\ndraft", "points phải từ 1 đến tổng điểm"),
        ("label =", "labels =", "khoá “labels” không có"),
    ):
        faults = written(tmp_path, shipped, GOOD.replace(good, bad))
        assert any(said in fault and fault.startswith("warnings.toml") for fault in faults), (said, faults)
    assert "trùng" in written(tmp_path, shipped, GOOD + GOOD)[0]
