"""What is written on a paper is what is read from it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcdesk.documents.paper_codes import PaperCode, read_qr, read_typed
from kcdesk.errors import UserError

_WORD = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
_HASH = st.text("0123456789abcdef", min_size=16, max_size=16)
PAPERS = st.builds(
    PaperCode,
    layout=st.lists(_WORD, min_size=1, max_size=3).map("_".join),
    record=st.uuids().map(str),
    revision=st.integers(1, 999_999),
    content=st.just("") | _HASH,
)


@given(PAPERS)
def test_a_qr_reads_back_as_it_was_written(paper):
    assert read_qr(paper.qr) == paper
    assert read_typed(paper.qr.lower()) == paper


@given(PAPERS, st.sampled_from(["-", " ", " - ", "_", "."]))
def test_the_short_code_is_read_however_it_is_typed(paper, between):
    typed = read_typed(between.join(paper.short.split("-")).lower())
    assert paper.record.replace("-", "").endswith(typed.record)
    assert (typed.revision, typed.content) == (paper.revision, paper.content[:6])


def test_letters_that_no_code_has_are_the_figures_that_they_look_like():
    assert read_typed("IABCDEFO-l-OOII22") == PaperCode("", "1abcdef0", 1, "001122")


@pytest.mark.parametrize("written", ["", "https://example.vn/1", "KCDESK1/minutes/x/1/", "KCDESK2/A/B/1/"])
def test_the_codes_of_others_are_none_of_ours(written):
    assert read_qr(written) is None
    with pytest.raises(UserError) as refused:
        read_typed(written)
    assert refused.value.code == "no_paper_code"


def test_a_record_id_keeps_its_form():
    paper = PaperCode("minutes_5a", "01900000-0000-7000-8000-000000000001", 2)
    read = read_qr(paper.qr)
    assert read is not None
    assert str(UUID(read.record)) == paper.record
