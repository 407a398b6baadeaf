"""Every figure of every report comes out of its tree, whose leaves are fields of records."""

from kcdesk.services.derivations import explaining, report_figures, wording
from kcdesk.services.reporting import running
from kcdesk.services.reporting.running import Wanted
from tests.services.derivations.dossiers import exact, nodes, recomputed


def test_every_figure_of_every_report_comes_out_of_its_records(played):
    workspace, _journey = played
    checked = 0
    for report in running.offered(workspace):
        wanted = Wanted(name=report.id)
        trees = report_figures.FigureTrees(workspace, wanted)
        table = trees.table
        # The columns of indicators are periods, their rows the figures.
        rows = table.rows if report.indicators_as_rows else (table.total,)
        for row, column in ((row, column) for row in rows for column in table.columns):
            tree = trees.tree(row.key or "total", column.name)
            assert tree.value == row.values[column.name], (report.id, row.key, column.name)
            json = wording.as_json(tree)
            assert [node["remark"] for node in nodes(json) if node["fault"]] == [], (report.id, column.name)
            if not column.is_formula and json["value"] is not None:
                assert recomputed(json) == exact(json["value"])
            checked += 1
    assert checked > 50


def test_a_rate_leads_to_the_fields_of_its_dossiers(played):
    workspace, _journey = played
    rate = report_figures.why_figure(workspace, Wanted(name="funding"), "local", "rate")
    assert (rate.operation, rate.unit) == ("percent_of", "%")
    executed, planned = rate.parts
    assert rate.written(rate.value) == "100,0%"
    assert {part.cell.path for part in planned.parts} == {"approved_support"}
    leaf = planned.parts[0].cell
    own = explaining.why(workspace, leaf.record, leaf.path)
    assert own.value == planned.parts[0].value
    assert executed.value == 200_000_000
