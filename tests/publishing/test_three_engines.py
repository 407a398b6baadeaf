"""One definition, three engines: every shipped report from the store, from PostgreSQL and from DuckDB is the same."""

import os

import pytest

from kcdesk.services.publication.publishing import publish
from kcdesk.services.publication.report_copies import report_copy
from kcdesk.services.reporting import running
from kcdesk.services.reporting.running import Wanted
from tests.examples import one_of

pytest.importorskip("duckdb", reason="the extra kcdesk[publish] is not installed")

EVERY_GROUP = bool(os.environ.get("KCDESK_EVERY_GROUP"))  # read here: no test sees the variables of this machine


def _wanted(workspace):
    """Reports over all years and over one; with the rows of every group that it offers, one report for each.

    `KCDESK_EVERY_GROUP=1` asks every report by every group, which takes a minute.
    """
    asked = set()
    reports = running.reports_of(workspace)
    for report in reports.all if EVERY_GROUP else one_of(3, reports.all):
        for period in ("", "2019"):
            yield Wanted(name=report.id, period=running.wanted_period("", "", period))
        for group in reports.groups_of(report):
            if EVERY_GROUP or group.name not in asked:
                asked.add(group.name)
                yield Wanted(name=report.id, by=(group.name,))


def _differing(workspace, address):
    """The questions to which a copy gives another table than the store."""
    with report_copy(workspace, address) as copy:
        return [
            wanted
            for wanted in _wanted(workspace)
            if running.run(workspace, wanted, copy=copy) != running.run(workspace, wanted)
        ]


def test_every_report_is_the_same_from_files(national, tmp_path):
    publish(national, str(tmp_path / "files"))
    assert _differing(national, str(tmp_path / "files")) == []
    assert len(list(_wanted(national))) > 20


def test_every_report_is_the_same_from_a_server(national, published):
    assert _differing(national, published.url) == []
    total = running.run(national, Wanted(name="funding")).total.values
    assert total["planned"]
    assert total["disbursed"]
