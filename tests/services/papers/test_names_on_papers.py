"""A paper has the names, addresses and cautions of its own day."""

import unicodedata

import pypdfium2
import pytest

from kcdesk.services.papers import filling, printing
from kcdesk.services.records import changing
from tests.services.samples import new


@pytest.fixture
def visit(workspace):
    found = next(match for match in workspace.places.search("Phú Phong, Tây Sơn") if match.old_commune)
    place = {"commune": found.commune, "old_commune": found.old_commune}
    proposal = new(workspace, "proposal", title="Đề án mẫu", activity="machinery", programme="national")
    return new(workspace, "acceptance", proposal=proposal, place=place, site="Xưởng mẫu")


def printed(workspace, id_, pdf):
    printing.print_record(workspace, id_, "minutes_5a", pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(unicodedata.normalize("NFC", " ".join(pages)).split())


@pytest.mark.parametrize(
    ("visited_on", "has", "lacks"),
    [
        ("5/12/2018", ("thị trấn Phú Phong, huyện Tây Sơn, tỉnh Bình Định",), ("Gia Lai", "TT 66/2026/TT-BCT")),
        ("5/11/2026", ("xã Tây Sơn, tỉnh Gia Lai", "thị trấn Phú Phong", "TT 66/2026/TT-BCT"), ()),
    ],
)
def test_minutes_have_the_address_and_the_caution_of_their_day(workspace, visit, tmp_path, visited_on, has, lacks):
    changing.set_values(workspace, visit, {"visited_on": visited_on})
    words = printed(workspace, visit, tmp_path / "minutes.pdf")
    assert all(word in words for word in has)
    assert all(word not in words for word in lacks)


@pytest.mark.parametrize(
    ("visited_on", "agency"), [("5/12/2018", "Cục Công Thương địa phương"), ("5/11/2026", "Cục Công nghiệp")]
)
def test_a_layout_may_name_the_agency_of_the_day(workspace, visit, visited_on, agency):
    changing.set_values(workspace, visit, {"visited_on": visited_on})
    record, layout = workspace.store.record(visit), workspace.layouts["minutes_5a"]
    assert filling.context_of(workspace, record, layout, ("agency",))["agency"] == agency
