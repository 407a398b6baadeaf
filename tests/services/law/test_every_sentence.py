"""Every sentence about a rule, on screen, on paper and on the command line, says its source and how well it is proved.

One store is walked: panel of rules, hint beside an amount, refusals, deadlines, checklist lines, «Vì sao», the paper.
"""

import json
import re
import unicodedata
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from kcdesk.cli import text_output
from kcdesk.formdef.law.citations import citations, is_proposal
from kcdesk.services.derivations import explaining, wording
from kcdesk.services.overview import rules_panel
from kcdesk.services.papers import printing
from kcdesk.services.rules import ceilings, norm_lookup
from tests.services import samples

TODAY = date(2026, 11, 29)
PROOFS = ("đã đọc trong văn bản", "chưa đối chiếu", "đề xuất của chương trình", "Đề xuất của chương trình")
UNREAD = "TT 139/2026/TT-BTC"
_OF_THE_DOSSIER = ("Ngày ghi trong ", "Cán bộ tự ghi")  # a day that a paper or an officer sets
# Lines of a panel that state a fact of the dossier, not a rule.
_FACTS = ("Đã được hỗ trợ?", "Kinh phí sau phê duyệt")


@pytest.fixture
def dossier(workspace):
    workspace = replace(workspace, today=lambda: TODAY)
    owner = samples.beneficiary(workspace)
    money = {"item": "Máy mẫu", "cost": 3_000_000_000, "national": 1_500_000_000, "counterpart": 1_500_000_000}
    id_ = samples.proposal(workspace, beneficiaries=[owner], programme="national", year=2027, budget=[money])
    return workspace, id_


def _cites(workspace, words):
    """Whether words name an instrument of the register, or say that they are a proposal of the program."""
    known = {entry.id for entry in workspace.forms.law.instruments}
    return (
        is_proposal(words)
        or "Đề xuất của chương trình" in words
        or any(c.instrument in known for c in citations(words))
    )


def test_the_panel_says_of_each_rule_its_source_day_and_proof(dossier):
    workspace, id_ = dossier
    for kind_id in (id_, workspace.store.record(id_).value("beneficiaries")[0]):
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
