"""One paper of several records in one PDF: in the order of the list, without the records that have no such paper."""

from __future__ import annotations

import pytest

from kcdesk.documents.preview import page_count, page_text
from kcdesk.errors import UserError
from kcdesk.services.papers import joint_printing, printing
from tests.services.samples import beneficiary, proposal


def test_the_papers_follow_each_other_in_the_order_of_the_list(workspace, tmp_path):
    ids = [proposal(workspace, title=f"Đề án mẫu {number}") for number in (2, 1)]
    steps, pdf, single = [], tmp_path / "cả hai.pdf", tmp_path / "một.pdf"
    document = printing.papers_of(workspace, ids[0])[0].name
    others = [beneficiary(workspace, name="Cơ sở không có giấy này")]
    count = joint_printing.print_several(
        workspace, [*ids, *others], document, pdf, lambda *step: steps.append(step[:2])
    )
    assert (count, steps) == (2, [(0, 2), (1, 2)])
    printing.prepare_paper(workspace, ids[0], document).pdf(single, lambda *_step: None)
    first = page_count(single)
    assert page_count(pdf) == 2 * first
    texts = [" ".join(page_text(pdf, page).split()) for page in range(2 * first)]
    assert "Đề án mẫu 2" in " ".join(texts[:first])
    assert "Đề án mẫu 1" in " ".join(texts[first:])


def test_a_paper_that_no_record_has_is_refused(workspace, tmp_path):
    with pytest.raises(UserError) as refused:
        joint_printing.print_several(workspace, [beneficiary(workspace)], "no_such_paper", tmp_path / "a.pdf")
    assert refused.value.code == "unknown_document"
    assert not (tmp_path / "a.pdf").exists()
