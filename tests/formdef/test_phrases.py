"""The shipped sentences are read, and every fault of a file of sentences is told at once, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcdesk import paths
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.regulations.phrases import labels_of, load_phrases

GOOD = """
fields = ["acceptance.checklist.finding", "acceptance.conclusion_note"]
return_reasons = ["acceptance.conclusion_note"]

[[phrase]]
text = "Nhãn máy mờ."
fields = ["acceptance.checklist.finding"]
activities = ["machinery"]
items = ["machines_match"]
source = "Đề xuất của chương trình"
"""


@pytest.fixture(scope="module")
def shipped() -> Forms:
    return load()


def written(tmp_path: Path, forms: Forms, text: str) -> list[str]:
    """The faults of a file with this text."""
    (tmp_path / "phrases.toml").write_text(text, encoding="utf-8")
    try:
        load_phrases(tmp_path, forms)
    except FormsError as error:
        return [str(fault) for fault in error.faults]
    return []


def test_every_shipped_sentence_has_a_source_and_a_field(shipped: Forms) -> None:
    read = load_phrases(paths.forms(), shipped)
    assert read.phrases
    assert all(phrase.source and phrase.fields for phrase in read.phrases)
    assert labels_of("acceptance.remedies.remedy", shipped)[1:] == [
        "Điều kiện, nội dung phải khắc phục",
        "Nội dung khắc phục",
    ]


def test_a_sentence_fits_its_activity_and_its_item(tmp_path: Path, shipped: Forms) -> None:
    assert written(tmp_path, shipped, GOOD) == []
    (phrase,) = load_phrases(tmp_path, shipped).phrases
    field = "acceptance.checklist.finding"
    assert phrase.fits(field, ["brand", "machinery"], "machines_match")
    assert not phrase.fits(field, ["brand"], "machines_match")
    assert not phrase.fits(field, ["machinery"], "safety")
    assert not phrase.fits("acceptance.conclusion_note", ["machinery"], "machines_match")


def test_every_fault_is_told(tmp_path: Path, shipped: Forms) -> None:
    for good, bad, words in (
        (
            '"acceptance.conclusion_note"]\nreturn',
            '"acceptance.conclusion_not"]\nreturn',
            "“acceptance.conclusion_not” không",
        ),
        ('"acceptance.conclusion_note"]\nreturn', '"acceptance.visited_on"]\nreturn', "không phải là ô nhập chữ"),
        ('"acceptance.conclusion_note"]\nreturn', '"proposal.remarks.asked_by"]\nreturn', "có dữ liệu cá nhân"),
        (
            'reasons = ["acceptance.conclusion_note"]',
            'reasons = ["acceptance.effects"]',
            "effects” không có",
        ),
        ('["machinery"]', '["machnery"]', "có phải ý là “machinery”"),
        ('["machines_match"]', '["machine_match"]', "có phải ý là “machines_match”"),
    ):
        assert good in GOOD
        faults = written(tmp_path, shipped, GOOD.replace(good, bad, 1))
        assert any(words in fault for fault in faults), (bad, faults)
