"""Spoilt workbooks that come back: an answer or a sentence, never a crash, and no cell of the store changed."""

import random
import re
import zipfile

import pytest
from openpyxl import load_workbook

from kcdesk.errors import KcdeskError
from kcdesk.formdef.loading.loader import load
from kcdesk.services.handover.packages import decision_workbooks, edited_workbooks
from kcdesk.services.handover.packages import preview as package_preview
from kcdesk.services.records import changing
from tests.exchange.raw_books import without_properties
from tests.services.exchange_support import Offices, contents

_WORDS = (b"", b"0", b"-1", b"99999999999", b"1E+999", b"nan", b"A1:XFD1048576", b"s", b"d", b"str", b"<x/>", b"&#0;")
_WORDS += (b"\xff", b"../../x", b"<!DOCTYPE x>")


@pytest.fixture
def offices(tmp_path):
    made = Offices(tmp_path, load())
    yield made
    made.close()


def parts_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def seeds(offices, unit):
    """An edited package, the same without its properties, and a decision workbook with a merged cell."""
    for number in range(3):
        changing.add(unit, "proposal", {"title": f"Đề án {number}", "budget": [{"item": "Máy", "cost": number}]})
    package, id_ = offices.export(unit)
    edited, bare, decided = offices.path(), offices.path(), offices.path()
    book = load_workbook(package)
    book["Đề án"]["D3"].value = "Khác"
    book.save(edited)
    without_properties(edited, bare)
    decision_workbooks.make_decision_workbook(unit, id_, decided)
    book = load_workbook(decided)
    book["Đề án"].merge_cells("J3:J5")
    book.save(decided)
    return [parts_of(path) for path in (edited, bare, decided)]


def spoil(parts, chance):
    """Change words, elements or the length of some parts."""
    spoilt = dict(parts)
    for _ in range(chance.choice((1, 1, 2, 5))):
        name = chance.choice(list(spoilt))
        content, way = spoilt[name], chance.randrange(4)
        places = [match.span(1) for match in re.finditer(rb'[">]([^"<>]*)["<]', content)] or [(0, 0)]
        start, end = chance.choice(places)
        if way == 0 and len(spoilt) > 1:
            del spoilt[name]
        elif way == 1:
            spoilt[name] = content[: chance.randrange(len(content) + 1)]
        else:
            spoilt[name] = content[:start] + chance.choice(_WORDS) + content[end:]
    return spoilt


def test_spoilt_workbooks_get_an_answer_or_a_sentence(offices, rounds):
    unit = offices.make("TT-A")
    books, before, path = seeds(offices, unit), contents(unit), offices.path()
    answers = dict.fromkeys(("read", "refused", "silent"), 0)
    for number in range(max(30, rounds // 5)):
        chance = random.Random(number)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in spoil(books[number % 3], chance).items():
                archive.writestr(name, content)
        try:
            package_preview.preview_package(unit, path)
            if edited_workbooks.is_edited(unit, path):
                edited_workbooks.read_edits(unit, path)
            elif decision_workbooks.is_workbook(unit, path):
                decision_workbooks.read_decisions(unit, path)
            answers["read"] += 1
        except KcdeskError as error:
            answers["refused" if error.sentence() else "silent"] += 1
        assert contents(unit) == before, number
    assert answers["read"]
    assert answers["refused"]
    assert answers["silent"] == 0
