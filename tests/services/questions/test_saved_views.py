"""Named views travel in a file; groups count and add up; a table becomes records."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcdesk.errors import UserError
from kcdesk.services.lifecycle import several_steps
from kcdesk.services.questions import grammar, grouping, saved_views
from kcdesk.services.questions.saved_views import SavedView
from kcdesk.services.records import changing, pasted_records, reading
from kcdesk.services.workspace import Workspace
from tests.services import samples

TOTALS = (
    ("Lạng Sơn", 2024, "local", 11, "2 tỷ"),
    ("Lạng Sơn", 2023, "national", 2, "600 tr"),
    ("Hòa Bình", 2021, "local", 2, None),
)


@pytest.fixture
def listed(workspace: Workspace) -> Workspace:
    for name, year, programme, proposals, executed in TOTALS:
        values = {"unit_name": name, "year_from": year, "programme": programme, "proposals": proposals}
        samples.new(workspace, "opening_total", **values, executed=executed, source_paper="01/BC-MẪU")
    return workspace


def titles(workspace: Workspace, view: SavedView) -> set[str]:
    where = grammar.where_of(grammar.parsed(workspace, view.kind, line) for line in saved_views.lines_of(view))
    return {row.title for row in reading.list_page(workspace, view.kind, where=where)}


def test_a_view_is_kept_by_name_and_travels_in_a_file(listed: Workspace, province: Workspace, tmp_path: Path) -> None:
    view = SavedView(
        name="Năm gần đây", kind="opening_total", conditions=("year_from >= 2023",), chosen={"programme": "local"}
    )
    saved_views.keep_view(listed, view)
    assert titles(listed, saved_views.view_named(listed, "opening_total", "năm gần ĐÂY")) == {"Lạng Sơn – 2024"}
    assert saved_views.write_file(listed, tmp_path / "views.toml") == 1
    (taken,) = saved_views.read_file(province, tmp_path / "views.toml")
    assert saved_views.lines_of(taken) == ["year_from >= 2023", "programme in local"]
    saved_views.forget(listed, "opening_total", "Năm gần đây")
    with pytest.raises(UserError, match="Không có cách xem «Năm gần đây»"):
        saved_views.view_named(listed, "opening_total", "Năm gần đây")


@pytest.mark.parametrize(
    "content",
    [
        "not toml",
        "",
        "view = 1",
        '[[view]]\nname = "x"\nkind = "nothing"',
        '[[view]]\nname = "x"\nkind = "proposal"\nconditions = ["nothing = 1"]',
        '[[view]]\nname = ""\nkind = "proposal"',
        '[[view]]\nname = "x"\nkind = "proposal"\n[[view]]\nname = "a/b"\nkind = "proposal"',
    ],
)
def test_a_file_that_is_no_views_is_refused_and_changes_nothing(
    workspace: Workspace, tmp_path: Path, content: str
) -> None:
    (tmp_path / "views.toml").write_text(content, encoding="utf-8")
    with pytest.raises(UserError):
        saved_views.read_file(workspace, tmp_path / "views.toml")
    assert not saved_views.views_of(workspace, "proposal")


def test_a_list_in_groups_with_sums(listed: Workspace) -> None:
    result = grouping.grouped(listed, "opening_total", "unit_name", ["executed", "proposals"], where={})
    assert [(group.label, group.count, dict(group.sums)) for group in (*result.groups, result.total)] == [
        ("Hòa Bình", 1, {"executed": None, "proposals": 2}),
        ("Lạng Sơn", 2, {"executed": 2_600_000_000, "proposals": 13}),
        ("Cộng", 3, {"executed": 2_600_000_000, "proposals": 15}),
    ]
    for group in result.groups:
        typed = grouping.condition_of(result, group)
        where = grammar.where_of([grammar.parsed(listed, "opening_total", typed)])
        assert reading.count(listed, "opening_total", where=where) == group.count
    local = grouping.grouped(listed, "opening_total", "year_from", [], where={"programme": "local"}, search="lang")
    assert [group.label for group in local.groups] == ["2024"]
    with pytest.raises(UserError, match="Không cộng được"):
        grouping.grouped(listed, "opening_total", "year_from", ["unit_name"], where={})


def test_a_list_is_grouped_by_a_field_of_the_record_that_it_names(workspace: Workspace) -> None:
    """Contracts by the year of their proposals; those without proposal make a group."""
    with workspace.store.act("Nạp dữ liệu mẫu") as act:

        def insert(kind: str, **values: object) -> str:
            reference = workspace.forms.current(kind).reference
            return act.insert(kind, reference, {"state": "draft", "revision": 1, **values})

        first, second = (insert("proposal", title=f"Đề án {year}", year=year) for year in (2024, 2025))
        for proposal, value in ((first, 100), (first, 50), (second, 30), (None, 7)):
            insert("contract", value=value, **({"proposal": proposal} if proposal else {}))
    by_year = grouping.grouped(workspace, "contract", "proposal.year", ["value"], where={})
    assert [(group.label, group.count, group.sums["value"]) for group in (*by_year.groups, by_year.total)] == [
        ("2024", 2, 150), ("2025", 1, 30), ("(để trống)", 1, 7), ("Cộng", 4, 187),
    ]  # fmt: skip
    for group in by_year.groups:
        typed = grouping.condition_of(by_year, group)
        where = grammar.where_of([grammar.parsed(workspace, "contract", typed)])
        assert reading.count(workspace, "contract", where=where) == group.count
    labels = {path.path: path.label for path in grouping.paths_to_group(workspace, "contract")}
    assert labels["proposal.year"] == "Đề án: Năm"
    assert {"proposal.budget.item", "proposal.beneficiaries.sector"}.isdisjoint(labels)
    for several in ("proposal.beneficiaries.sector", "budget.item", "proposal.title.x"):
        with pytest.raises(UserError):
            grouping.grouped(workspace, "contract", several, [], where={})


def test_a_step_for_several_is_one_act_and_says_who_was_not_ready(listed: Workspace) -> None:
    ids = [row.id for row in reading.list_page(listed, "opening_total")]
    changing.set_values(listed, ids[0], {"source_paper": None})
    assert _offered(listed, ids) == {"finalise": set(ids)}
    done = several_steps.take_for_all(listed, ids, "finalise")
    assert (done.taken, [refused.record for refused in done.refused]) == (2, [ids[0]])
    assert "chưa nhập" in done.refused[0].reason
    assert _offered(listed, ids) == {"finalise": {ids[0]}, "correct": set(ids[1:])}
    changing.undo(listed)
    assert {listed.store.record(id_).state for id_ in ids} == {"draft"}
    assert _offered(listed, [ids[0], samples.beneficiary(listed)]) == {}


def _offered(workspace: Workspace, ids: list[str]) -> dict[str, set[str]]:
    return {step.name: set(those) for step, those in several_steps.offered_steps(workspace, ids)}


TABLE = (
    "Đơn vị, địa phương\tTừ năm\tĐến năm\tNguồn kinh phí\tSố đề án\tKinh phí thực hiện (đồng)"
    "\tLao động được đào tạo nghề\tGhi riêng\r\n"
    "Bình Thuận\t2005\t2018\t\t60\t17 tỷ\t7.000\tx\r\n"
    "\r\n"
    "Hòa Bình\t2021\t\tKhuyến công địa phương\t2\t405 tr\t\t\r\n"
)


def test_a_pasted_table_becomes_records_in_one_act(workspace: Workspace) -> None:
    table = pasted_records.from_text(workspace, "opening_total", TABLE)
    assert (table.problems, table.left_out) == ([], ["Ghi riêng"])
    assert not workspace.store.count("opening_total")
    ids = [item.id for item in pasted_records.write_all(workspace, table).items]
    first, second = (workspace.store.record(id_) for id_ in ids)
    assert (first.value("year_to"), first.value("executed")) == (2018, 17_000_000_000)
    assert [(row["indicator"], row["value"]) for row in first.rows("indicators")] == [("workers_trained", "7000")]
    assert (second.value("year_to"), second.value("programme"), second.value("executed")) == (
        2021,
        "local",
        405_000_000,
    )
    changing.undo(workspace)
    assert not workspace.store.count("opening_total")


def test_what_cannot_be_read_in_a_table_is_said_with_its_row_and_nothing_is_made(workspace: Workspace) -> None:
    text = "Đơn vị, địa phương\tTừ năm\nA\t2020\nB\thai nghìn\n"
    table = pasted_records.from_text(workspace, "opening_total", text)
    assert table.problems == ["Dòng 3: Từ năm: Năm phải có bốn chữ số, ví dụ 2026."]
    with pytest.raises(UserError, match="Dòng 3"):
        pasted_records.write_all(workspace, table)
    for refused, code in (
        ("x\ty\n1\t2", "no_headings"),
        ("Từ năm\n", "no_rows"),
        ("Từ năm\tTừ năm\n1\t2", "no_headings"),
        ("", "no_headings"),
    ):
        with pytest.raises(UserError) as said:
            pasted_records.from_text(workspace, "opening_total", refused)
        assert said.value.code == code
    with pytest.raises(UserError) as said:
        pasted_records.from_text(workspace, "contract", TABLE)
    assert said.value.code == "parent_missing"
    assert not workspace.store.count("opening_total")


def test_a_named_record_is_found_by_its_title(workspace: Workspace, tmp_path: Path) -> None:
    owner = samples.beneficiary(workspace)
    head = "beneficiary;establishment;surveyed_on;need\n"
    (tmp_path / "a.csv").write_text(f"{head}Cơ sở chế biến Mẫu;Mẫu;5/3/2026;Máy\n", encoding="utf-8-sig")
    table = pasted_records.from_file(workspace, "survey", tmp_path / "a.csv")
    (made,) = pasted_records.write_all(workspace, table).items
    assert workspace.store.record(made.id).value("beneficiary") == owner
    table = pasted_records.from_text(workspace, "survey", "beneficiary\testablishment\nKhông có\tX\n")
    assert "không có hồ sơ nào tên «Không có»" in table.problems[0]
