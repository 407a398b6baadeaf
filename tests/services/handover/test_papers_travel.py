"""Papers of locked records travel with them: every office prints the same bytes, whatever it is called."""

from __future__ import annotations

import base64
import json
import zlib

import pytest

from kcdesk.exchange.container import paper_lines
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.packages import receiving
from kcdesk.services.handover.trust import partners
from kcdesk.services.lifecycle import steps
from kcdesk.services.papers import printing, received_papers, signed_scans
from kcdesk.services.records import changing
from kcdesk.store.store import Store
from tests import store_files
from tests.services import samples


def printed(workspace, id_, folder, document="proposal_outline"):
    printing.print_record(workspace, id_, document, folder / "a.pdf", docx=folder / "a.docx")
    return (folder / "a.pdf").read_bytes(), (folder / "a.docx").read_bytes()


@pytest.fixture
def proposal(pair):
    """A locked proposal of the unit."""
    id_ = samples.proposal(pair[0])
    steps.take_step(pair[0], id_, "finalise")
    return id_


def test_the_province_prints_what_the_unit_has_fixed(offices, pair, proposal, tmp_path):
    unit, province = pair
    offices.send(unit, province)
    assert printed(province, proposal, tmp_path) == printed(unit, proposal, tmp_path)
    assert "Trung tâm TT-A" in (province.store.papers.document(province.store.papers.of(proposal)[0].id)).decode()
    assert signed_scans.recognise(unit, [tmp_path / "a.pdf"]).status == "current"
    assert signed_scans.recognise(province, [tmp_path / "a.pdf"]).status == "current"


def test_what_was_printed_here_stays_in_force(offices, pair, proposal, tmp_path):
    """The dossier came without papers, from an earlier version, and the province printed it with its own letterhead."""
    unit, province = pair
    offices.send(unit, province)
    province.store.close()
    store_files.change(province.store.folder, "DELETE FROM kept_paper")
    province.store = Store.open(province.store.folder, province.forms)
    first = printed(province, proposal, tmp_path)
    offices.send(unit, province, full=True)
    assert len(province.store.papers.of(proposal)) > 1
    assert printed(province, proposal, tmp_path) == first


def test_a_lost_laptop_gets_its_papers_back_from_the_province(offices, pair, proposal, tmp_path):
    unit, province = pair
    before = printed(unit, proposal, tmp_path)
    offices.send(unit, province)
    again = offices.make("TT-A")
    lost = partners.own_identity(unit)
    partners.withdraw(province, lost["fingerprint"], "Mất máy")
    offices.acquaint(province, again)
    path, _ = offices.export(province, receiver="TT-A", full=True)
    receiving.receive(again, path)
    assert printed(again, proposal, tmp_path) == before


def test_undoing_the_package_leaves_no_paper_in_force_that_it_brought(offices, pair, proposal):
    unit, province = pair
    steps.take_step(unit, proposal, "correct", "Sửa")
    offices.send(unit, province)
    steps.take_step(unit, proposal, "finalise")
    package, _ = offices.send(unit, province)
    assert any(not paper.withdrawn for paper in province.store.papers.of(proposal))
    receiving.undo(province, package)
    revision = province.store.record(proposal).revision
    papers = [paper for paper in province.store.papers.of(proposal) if paper.revision == revision]
    assert papers
    assert all(paper.withdrawn for paper in papers)


def test_a_sender_that_may_not_speak_for_a_record_brings_no_paper_of_it(pair, proposal):
    unit, _province = pair
    part = paper_lines.paper_part(unit.store, [unit.store.get(proposal)], (), include_sensitive=False)
    lines = list(paper_lines.read_paper_part(part))
    assert lines
    for vouched, kept in ((False, 0), (True, len(lines))):
        assert received_papers.keep_received(unit, lines, {proposal}, lambda _record, is_so=vouched: is_so) == kept
    assert received_papers.keep_received(unit, lines, set(), lambda _record: True) == 0


@pytest.mark.parametrize(
    "spoilt",
    [
        {"document": "no base64"},
        {"document": base64.b64encode(zlib.compress(b"{}")).decode()},
        {"sha256": "0" * 64},
        {"revision": "1"},
        {"revision": 7},
        {"own": 5},
        {"content": "0" * 16},
        {"layout": "minutes_5a"},
        {"record": "another"},
        {"at": "yesterday"},
        {"details": []},
        {"sensitive": 1},
        {"id": "x" * 500},
    ],
    ids=lambda spoilt: next(iter(spoilt)),
)
def test_a_line_that_is_no_paper_of_the_record_is_left_out(pair, proposal, spoilt):
    unit, _province = pair
    record = unit.store.get(proposal)
    part = paper_lines.paper_part(unit.store, [record], (), include_sensitive=False)
    line = json.dumps(json.loads(part.splitlines()[0]) | spoilt).encode()
    before = len(unit.store.papers.of(proposal))
    read = list(paper_lines.read_paper_part(line + b"\nnonsense\n[]\n"))
    assert received_papers.keep_received(unit, read, {proposal}, lambda _record: True) == 0
    assert len(unit.store.papers.of(proposal)) == before


def test_a_paper_with_sensitive_values_stays_at_home_unless_asked(pair, proposal):
    unit, _province = pair
    record = unit.store.get(proposal)
    (first, *_) = unit.store.papers.of(proposal)
    entry = unit.store.papers.document(first.id)
    hidden = replace(first, id="hidden", sensitive=True)
    unit.store.keep_papers(proposal, [paper_lines.PaperEntry(hidden, entry)])
    for asked in (False, True):
        part = paper_lines.paper_part(unit.store, [record], (), include_sensitive=asked)
        assert ("hidden" in {line.entry.paper.id for line in paper_lines.read_paper_part(part)}) == asked


def test_a_draft_takes_no_paper_along(pair):
    unit, _province = pair
    draft = samples.proposal(unit)
    steps.take_step(unit, draft, "finalise")
    changing.undo(unit)
    assert unit.store.papers.of(draft)
    part = paper_lines.paper_part(unit.store, [unit.store.get(draft)], (), include_sensitive=True)
    assert part == b""
