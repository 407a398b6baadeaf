"""Documents as JSON: nothing is lost, and nothing that cannot be set is read."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcdesk.documents import block_json, blocks
from kcdesk.documents.pdf.pdf_writer import to_pdf
from kcdesk.runtime.frozen import replace
from tests.documents import samples, visits

MADE = datetime(2026, 3, 6, 6, 30, tzinfo=timezone(timedelta(hours=7)))

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
pieces = st.one_of(
    words, st.builds(blocks.Blank, st.integers(0, 60), st.integers(0, 4)), st.builds(blocks.Tick, st.booleans())
)
inline = st.lists(pieces, max_size=4).map(tuple)
some_blocks = st.one_of(
    st.builds(blocks.OfficialHeader, inline, inline, inline, inline, inline),
    st.builds(blocks.Title, inline, inline),
    st.builds(blocks.LegalBases, st.lists(inline, max_size=3).map(tuple)),
    st.builds(blocks.Heading, inline, st.integers(1, 2)),
    st.builds(blocks.Paragraph, inline, st.sampled_from(["left", "justify"]), st.booleans()),
    st.builds(
        blocks.FieldLine, st.lists(st.builds(blocks.FieldPart, words, inline), min_size=1, max_size=3).map(tuple)
    ),
    st.builds(
        blocks.Table,
        st.just((blocks.Column("A"), blocks.Column("B", 20, "right", "nhóm"))),
        st.lists(st.builds(blocks.TableRow, st.tuples(inline, inline), st.booleans()), max_size=3).map(tuple),
    ),
    st.builds(blocks.SignatureGrid, st.lists(st.builds(blocks.Signature, inline, inline), max_size=3).map(tuple)),
    st.builds(blocks.Closing, st.builds(blocks.Recipients, st.just(())), st.builds(blocks.Signature, inline, inline)),
    st.just(blocks.PageBreak()),
)


@given(st.lists(some_blocks, max_size=5).map(tuple), words)
def test_a_document_comes_back_as_it_was(written, title):
    document = blocks.Document(title=title, blocks=written, keywords=(title, "b"), made=MADE)
    text = block_json.to_json(document)
    assert block_json.from_json(text) == document
    assert block_json.to_json(block_json.from_json(text)) == text


@pytest.mark.parametrize("name", ["minutes_5a", "photo_annex_four", "labels", "handover_list"])
def test_a_paper_comes_back_and_prints_the_same(name):
    paper = replace(samples.layouts()[name].render(visits.context(name)), made=MADE)
    again = block_json.from_json(block_json.to_json(paper))
    assert to_pdf(replace(again, read_file=paper.read_file)) == to_pdf(paper)


def test_the_hash_is_of_what_is_printed():
    first, second = (samples.layouts()["minutes_5a"].render(samples.context()) for _ in range(2))
    assert block_json.hash_of(first.blocks) == block_json.hash_of(second.blocks)
    other = (*first.blocks[:-1], blocks.PageBreak())
    assert block_json.hash_of(other) != block_json.hash_of(first.blocks)


def spoilt(**changes):
    document = blocks.Document(title="A", blocks=(blocks.PageBreak(),), made=MADE)
    return json.dumps(json.loads(block_json.to_json(document)) | changes).encode()


TABLE = {"kind": "Table", "columns": [], "rows": [{"cells": [["a"]], "bold": False}]}
GRID = {"kind": "PhotoGrid", "photos": [{"sha256": "../a", "caption": []}], "per_page": 2}
PAGE = {"top": 20, "bottom": 20, "left": 30, "right": 15, "text_size": 13, "landscape": False}


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{}", b"[]", b"nonsense", b"[" * 100_000,
        spoilt(title=5), spoilt(blocks="A"), spoilt(blocks=[{"kind": "Script"}]), spoilt(blocks=[{"kind": "Title"}]),
        spoilt(blocks=[TABLE]), spoilt(blocks=[GRID]), spoilt(blocks=[GRID | {"photos": [], "per_page": 0}]),
        spoilt(blocks=[{"kind": "Heading", "text": [{"kind": "Blank", "letters": 10**9, "lines": 1}], "level": 1}]),
        spoilt(blocks=[{"kind": "Heading", "text": [["nested"]], "level": 1}]), spoilt(made="yesterday"),
        spoilt(made="2026-03-06T06:30:00"), spoilt(page=PAGE | {"left": 500}), spoilt(page=PAGE | {"text_size": 0}),
        spoilt(page=PAGE | {"top": -1}), spoilt(extra=1),
    ],
    ids=range(20),
)  # fmt: skip
def test_what_cannot_be_set_is_refused(text):
    with pytest.raises(block_json.DocumentError):
        block_json.from_json(text)
    assert block_json.from_json(spoilt()).title == "A"
