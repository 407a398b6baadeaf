"""A photo of a printed paper, dropped on the window or chosen, opens its dossier; other pictures say why not."""

import pypdfium2
import pytest

from kcdesk.errors import UserError
from kcdesk.services.papers import opened_papers, printing
from kcdesk.services.records import changing
from tests.services import samples
from tests.services.codes.test_plate_codes import CARD, photo
from tests.ui.dossier.test_invoices import dropped


@pytest.fixture
def paper(workspace, tmp_path):
    """A visit and the picture of the first page of its minutes."""
    visit = samples.begin(workspace, samples.approved(workspace), "acceptance")
    pdf, picture = tmp_path / "minutes.pdf", tmp_path / "minutes.jpg"
    printing.print_record(workspace, visit, "minutes_5a", pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        document[0].render(scale=2, grayscale=True).to_pil().rotate(3, expand=True, fillcolor=200).save(picture)
    return visit, picture, pdf


def test_it_opens_the_dossier_dropped_or_chosen(qtbot, open_window, workspace, paper):
    visit, picture, pdf = paper
    window = open_window(workspace)
    for take in (lambda: dropped(window, picture), window.menu_actions["open_paper"].trigger):
        window.go("overview")
        window.context.messages.files.append(pdf)
        take()
        qtbot.waitUntil(lambda: getattr(window.page, "record_id", "") == visit, timeout=20_000)
        assert "giấy đúng bản hiện hành" in window.context.messages.said[-1]


def test_other_pictures_say_why_not_and_change_nothing(workspace, paper, tmp_path):
    visit, picture, _pdf = paper
    changing.set_values(workspace, visit, {"site": "Xưởng Hai"})
    assert opened_papers.dossier_of(workspace, picture).status == "older"
    for given, code in ((photo(tmp_path, ("QRCode", CARD)), "paper_foreign"), ("zz", "no_paper_code")):
        with pytest.raises(UserError) as refused:
            opened_papers.dossier_of(workspace, given)
        assert refused.value.code == code
    changing.delete(workspace, visit)
    with pytest.raises(UserError) as refused:
        opened_papers.dossier_of(workspace, picture)
    assert refused.value.code == "paper_unknown"
