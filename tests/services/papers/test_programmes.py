"""A paper serves every programme: a local one bears no number of a national form, a national one says nobody saw it."""

from __future__ import annotations

import re

import pytest

from kcdesk.runtime.frozen import Value, names
from kcdesk.services.maintenance import opening
from kcdesk.services.papers import filling, printing
from tests.services import samples
from tests.services.samples import new

# The forms of the national circular, by any of their names; «Mẫu 1.9» of NĐ 30/2020 is a form for every office.
NATIONAL_FORM = re.compile(r"mẫu(?: số)? \d+[a-c]?(?![\d.\w])", re.IGNORECASE)
NATIONAL_CIRCULARS = ("TT 66/2026/TT-BCT", "TT 17/2018/TT-BCT")
KINDS = ("adjustment", "appraisal", "contract", "inspection", "payment", "settlement")


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, Value):
        for name in names(value):
            yield from texts(getattr(value, name))


def dossiers(workspace, programme):
    """Records with every paper that belongs to a programme."""
    proposal = samples.proposal(workspace, programme=programme, title="Đề án của một chương trình")
    made = [proposal, new(workspace, "plan", year=2027, programme=programme)]
    made += [new(workspace, kind, proposal=proposal) for kind in KINDS]
    made += [new(workspace, "contract", proposal=proposal, basis="assignment", number="1")]
    made += [new(workspace, "settlement", proposal=proposal, percent_supported=True)]
    annexes = [{"number": "01/PL", "signed_on": "1/6/2018", "content": "Gia hạn"}]
    made += [new(workspace, "contract", proposal=proposal, basis="contract", number="2", annexes=annexes)]
    made += [new(workspace, "acceptance", proposal=proposal, model=model, site="Xưởng") for model in ("5a", "5b", "5c")]
    remedies = [{"remedy": "Lắp chắn", "since": "5/12/2018"}]
    made.append(new(workspace, "acceptance", proposal=proposal, previous=made[-3], remedies=remedies, site="Xưởng"))
    for model in ("4a", "4b"):
        made.append(new(workspace, "appraisal", proposal=proposal, level="grassroots", model=model, body="council"))
    return made


def shown(workspace, programme):
    """Of every paper of every dossier of a programme, all that is seen: menu, names of files, pages, properties."""
    for id_ in dossiers(workspace, programme):
        record = workspace.store.record(id_)
        for paper in printing.papers_of(workspace, id_):
            document = filling.filled(workspace, record, workspace.layouts[paper.name], blank=True).document
            name = printing.file_name(workspace, id_, paper.name)
            yield paper.name, paper.title, " ¦ ".join((paper.title, name, *texts(document)))


@pytest.fixture(scope="module")
def local(shared):
    return list(shown(shared, "local"))


@pytest.fixture(scope="module")
def national(shared):
    return list(shown(shared, "national"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory):

    made, _key = opening.create_workspace(tmp_path_factory.mktemp("kho") / "kho", samples.practice_answers())
    yield made
    made.close()


def test_no_local_paper_bears_a_national_form_or_a_circular_of_the_national_programme(local):
    assert {"minutes_5a", "liquidation_record", "settlement_detail", "vouchers_8b", "appraisal_4b"} <= {
        n for n, *_ in local
    }
    found = {name: NATIONAL_FORM.findall(words) for name, _, words in local if NATIONAL_FORM.search(words)}
    assert found == {}
    assert [name for name, _, words in local for circular in NATIONAL_CIRCULARS if circular in words] == []


def test_a_national_paper_names_its_form_in_the_menu_and_says_at_its_foot_that_nobody_saw_it(national):
    titles = {name: title for name, title, _ in national}
    assert titles["minutes_5a"] == "Biên bản nghiệm thu cơ sở (Mẫu 5a)"
    assert titles["settlement_detail"] == "Biểu chi tiết quyết toán kinh phí (Mẫu 7)"
    (minutes,) = [words for name, _, words in national if name == "minutes_5b"]
    assert "Bố cục do chương trình đề xuất, chưa đối chiếu với Mẫu số 5b Phụ lục 1 TT 36/2013/TT-BCT" in minutes
    assert "TT 36/2013/TT-BCT: TT 17/2018/TT-BCT, TT 66/2026/TT-BCT đã ban hành, chưa đối chiếu" in minutes


def test_every_paper_that_nobody_compared_says_so_at_its_foot(local, national, shared):
    silent = {
        name
        for name, _, words in (*local, *national)
        if shared.layouts[name].unverified and shared.layouts[name].names_itself
        if "chương trình đề xuất" not in words and "đề xuất của chương trình" not in words
    }
    assert silent == set()
