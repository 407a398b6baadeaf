"""The shipped report definitions are sound, and each runs on an empty store and on that of the journey."""

from kcdesk.reports import definitions
from kcdesk.services.reporting import running
from kcdesk.services.reporting.running import Wanted


def test_every_shipped_report_is_sound_and_says_what_it_counts(forms):
    reports = definitions.load(forms.folder, forms)
    assert {"funding"} <= {report.id for report in reports.all}
    names = [(report.id, column.name) for report in reports.all for column in report.columns]
    assert len(names) == len(set(names))
    assert not [
        (report.id, column.name)
        for report in reports.all
        for column in report.columns
        if not column.definition.strip().endswith(".") or not column.source.strip()
    ]


def test_every_report_runs_by_its_groups(workspace):
    shared = {group.name for group in running.reports_of(workspace).shared_groups}
    for report in running.offered(workspace):
        own = [(group.name,) for group in report.groups]
        asked = [(name,) for name in shared] if report.id == "funding" else [()]
        for by in (*own, *asked):
            table = running.run(workspace, Wanted(name=report.id, by=by))
            assert [column.name for column in table.columns] == list(table.total.values)
