"""Every sentence about a rule, on screen, on paper and on the command line, says its source and how well it is proved.

One store is walked: panel of rules, hint beside an amount, refusals, deadlines, checklist lines, «Vì sao», the paper.
"""

import json
import re
import unicodedata
from datetime import date

import pypdfium2
import pytest

from kcdesk.cli import text_output
from kcdesk.formdef.law.citation_checks import is_local
from kcdesk.formdef.law.citations import citations, is_proposal
from kcdesk.runtime.frozen import replace
from kcdesk.services.derivations import explaining, wording
from kcdesk.services.maintenance import opening
from kcdesk.services.overview import rules_panel
from kcdesk.services.papers import filling, printing
from kcdesk.services.rules import ceilings, norm_lookup
from tests.services import samples

TODAY = date(2026, 11, 29)
PROOFS = ("đã đọc trong văn bản", "chưa đối chiếu", "đề xuất của chương trình", "Đề xuất của chương trình")
UNREAD = "TT 139/2026/TT-BTC"
_OF_THE_DOSSIER = ("Ngày ghi trong ", "Cán bộ tự ghi")  # a day that a paper or an officer sets
# Lines of a panel that state a fact of the dossier, not a rule.
_FACTS = ("Đã được hỗ trợ?", "Kinh phí sau phê duyệt")


@pytest.fixture(scope="module")
def dossiers(tmp_path_factory):
    """A store with a national proposal and a local one of Đồng Tháp; these tests only read it."""
    made, _code = opening.create_workspace(tmp_path_factory.mktemp("kho") / "kho", samples.practice_answers())
    workspace = replace(made, today=lambda: TODAY)
    owner = samples.beneficiary(workspace)
    money = {"item": "Máy mẫu", "cost": 3_000_000_000, "national": 1_500_000_000, "counterpart": 1_500_000_000}
    national = samples.proposal(workspace, beneficiaries=[owner], programme="national", year=2027, budget=[money])
    own = {"item": "Máy mẫu", "cost": 3_000_000_000, "local": 1_500_000_000, "counterpart": 1_500_000_000}
    codes = (match.commune for match in workspace.places.search("cao lanh", 20))
    place = {"commune": next(c for c in codes if workspace.places.commune(c).province_code == "82")}
    there = samples.beneficiary(workspace, name="Cơ sở Đồng Tháp mẫu", place=place, production_place=place)
    facts = {"programme": "local", "year": 2026, "starts_on": "1/12/2026", "ends_on": "31/12/2026", "place": place}
    local = samples.proposal(workspace, beneficiaries=[there], budget=[own], title="Đề án địa phương (mẫu)", **facts)
    yield workspace, national, local
    made.close()


@pytest.fixture
def dossier(dossiers):
    """The national proposal."""
    workspace, national, _local = dossiers
    return workspace, national


def _cites(workspace, words):
    """Whether words name an instrument of the register, or say that they are a proposal of the program."""
    known = {entry.id for entry in workspace.forms.law.instruments}
    return (
        is_proposal(words)
        or "Đề xuất của chương trình" in words
        or any(c.instrument in known or is_local(c.instrument) for c in citations(words))
    )


def test_the_panel_says_of_each_rule_its_source_day_and_proof(dossiers):
    workspace, *ids = dossiers
    owners = [workspace.store.record(id_).value("beneficiaries")[0] for id_ in ids]
    for kind_id in (*ids, *owners):
        groups = rules_panel.beside(workspace, workspace.store.record(kind_id))
        assert groups
        for group in groups:
            if group.label.startswith(_FACTS) or not group.lines:
                continue
            assert group.governed, group.label
            assert any(proof in group.governed[0] for proof in PROOFS)
            assert re.search(r"ngày \d\d?/\d\d?/\d{4}", group.governed[0])
            for line in group.lines:
                assert line.proof in ("read", "second_hand", "proposal")
                says_source = line.source or line.text
                no_rule = line.unverified and not line.source  # «chưa có định mức», «tính theo ngày …»
                assert no_rule or _cites(workspace, says_source), (group.label, line)
            if any(UNREAD.replace("139/2026", "28/2018") in line.source for line in group.lines):
                assert any(caution.instrument == UNREAD for caution in group.cautions)


def test_the_hint_and_the_refusal_say_source_proof_and_caution(dossier):
    workspace, id_ = dossier
    sentences = [ceilings.hint(workspace, id_, "requested_support", 5_000_000_000)]
    sentences += [problem.message for problem in ceilings.obstacles(workspace, workspace.store.record(id_))]
    assert len(sentences) > 1
    for sentence in sentences:
        assert "TT 28/2018/TT-BTC" in sentence
        assert "có hiệu lực từ ngày" in sentence
        assert "chưa đối chiếu" in sentence
        assert f"{UNREAD} đã ban hành" in sentence


def test_why_says_of_each_rule_its_day_proof_and_caution(dossier):
    workspace, id_ = dossier
    tree = explaining.why(workspace, id_, "ceiling")
    sentences = [line for line in wording.in_lines(tree) if "Căn cứ:" in line]
    assert all(any(f"; {proof})" in line for proof in PROOFS) for line in sentences)
    rules = [line for line in sentences if "TT 28/2018/TT-BTC" in line]
    assert rules
    for line in rules:
        assert "theo quy định ngày 29/11/2026; chưa đối chiếu" in line
        assert f"{UNREAD} đã ban hành, chưa đối chiếu" in line
    rule = next(node.rule for node in tree.walk() if node.rule)
    shown = wording.as_json(tree)
    named = [part["rule"] for part in _parts(shown) if part["rule"]]
    assert named[0]["on"] == rule.on.isoformat() == "2026-11-29"
    assert json.loads(json.dumps(named))[0]["proof"] == "chưa đối chiếu"


def _parts(tree):
    yield tree
    for part in (*tree["parts"], *tree["limits"]):
        yield from _parts(part)


def test_every_deadline_and_checklist_line_says_its_source_and_proof(dossier):
    workspace, _id = dossier
    for rule in workspace.calendar.deadlines:
        basis = workspace.forms.basis(rule.source, unverified=rule.unverified, on=TODAY)
        assert _cites(workspace, basis) or basis.startswith(_OF_THE_DOSSIER), (rule.id, basis)
    for activity in workspace.forms.activities:
        for row in workspace.forms.checklist_items({"activity": activity.code}, TODAY):
            assert _cites(workspace, row["source"]), row


def test_the_paper_says_source_proof_and_caution(dossier, tmp_path):
    workspace, id_ = dossier
    pdf = tmp_path / "ceilings.pdf"
    printing.print_record(workspace, id_, "proposal_ceilings", pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        words = " ".join(page.get_textpage().get_text_bounded() for page in document)
    words = " ".join(unicodedata.normalize("NFC", words).split())
    assert "TT 28/2018/TT-BTC" in words
    assert f"{UNREAD} đã ban hành" in words
    assert "theo quy định ngày 29/11/2026" in words
    assert f"{UNREAD}: chưa rõ quy định chuyển tiếp" in words
    assert "Đúng định mức" not in words


def test_the_command_line_says_the_same(dossier):
    workspace, id_ = dossier
    ceiling = list(text_output.ceiling_in_lines(norm_lookup.norm_of_record(workspace, id_)))
    groups = rules_panel.groups_as_json(workspace, rules_panel.beside(workspace, workspace.store.record(id_)))
    for lines in (ceiling, list(text_output.rules_for_in_lines(groups))):
        cited = [line for line in lines if "TT 28/2018/TT-BTC," in line and not line.startswith(("Lưu ý", "  Lưu ý"))]
        assert cited
        assert all("[chưa đối chiếu]" in line or "chưa đối chiếu" in line for line in cited)
        assert any(f"{UNREAD} đã ban hành" in line for line in lines)
        assert any("Theo quy định ngày 29/11/2026" in line for line in lines)


def test_no_source_of_the_shipped_rules_is_empty(dossier):
    workspace, _id = dossier
    rules = [period for rule in workspace.eligibility for period in rule.periods]
    rules += [period for norms in workspace.norms for line in norms.lines for period in line.periods]
    assert len(rules) > 40
    assert all(_cites(workspace, period.source) or re.search("H[ĐD]ND|UBND", period.source) for period in rules)


def test_the_local_ceiling_names_its_resolution_and_what_is_not_compared(dossiers):
    workspace, _national, local = dossiers
    sentences = [ceilings.hint(workspace, local, "requested_support", 5_000_000_000)]
    sentences += [problem.message for problem in ceilings.obstacles(workspace, workspace.store.record(local))]
    assert len(sentences) > 1
    for sentence in sentences:
        assert "NQ 08/2024/NQ-HĐND" in sentence
        assert "có hiệu lực từ ngày" in sentence
        assert any(proof in sentence for proof in PROOFS), sentence
        assert "TT 28/2018" not in sentence, "a text on national money says nothing about local money"


def test_every_paper_says_at_its_foot_what_nobody_compared(dossiers):
    """Each paper of both proposals: its own form unseen, and each text that changed what its layout cites."""
    workspace, *ids = dossiers
    seen = 0
    for id_ in ids:
        record = workspace.store.record(id_)
        programme = filling.programme_of(workspace, record)
        for paper in printing.papers_of(workspace, id_):
            layout = workspace.layouts[paper.name]
            foot = filling.filled(workspace, record, layout).document.footer
            if not layout.furniture or not layout.names_itself:
                continue
            seen += 1
            day = filling.day_of_paper(workspace, record, layout.id)
            for cited in citations(layout.source):
                entry = workspace.forms.law.get(cited.instrument)
                if entry is None or entry.programme not in ("", programme):
                    continue
                for caution in workspace.forms.law.cautions(f"{cited.articles} {cited.instrument}".strip(), day):
                    assert caution.instrument in foot, (id_, paper.name, caution, foot)
            if layout.unverified:
                assert "đề xuất" in foot, (paper.name, foot)
    assert seen > 5
