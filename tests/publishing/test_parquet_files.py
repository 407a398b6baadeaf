"""A store as Parquet files, read by DuckDB: the same figures by year and province, replaced as a whole."""

from __future__ import annotations

import errno
import json
import shutil
import sys

import pytest

from kcdesk.cli.program import main
from kcdesk.errors import KcdeskError
from kcdesk.publishing.parquet_files import SCHEMA
from kcdesk.publishing.published_tables import published_tables
from kcdesk.services.publication.publishing import publish
from kcdesk.services.records import changing

duckdb = pytest.importorskip("duckdb", reason="the extra kcdesk[publish] is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="the extra kcdesk[publish] is not installed")


def _files(folder, table: str) -> str:
    """What DuckDB reads for one table."""
    return f"read_parquet('{folder / table}/*/*/*.parquet', hive_types = {{'year': BIGINT}})"


@pytest.fixture(scope="module")
def made(nationwide, tmp_path_factory):
    """The files of the nationwide store, written by the command."""
    folder = tmp_path_factory.mktemp("files") / "công bố"
    store = shutil.copytree(nationwide, folder.parent / "store")
    assert main(["--store", str(store), "--json", "publish", str(folder)]) == 0
    return folder


def test_every_view_has_files_with_the_same_counts_and_sums(national, made):
    tables = published_tables(national.store, personal=False)
    schema = json.loads((made / SCHEMA).read_text("utf-8"))
    assert [table["name"] for table in schema["tables"]] == [table.name for table in tables]
    for table, described in zip(tables, schema["tables"], strict=True):
        numbers = [place for place, column in enumerate(table.columns) if column.type in ("integer", "real")]
        [here] = national.store.query(_sums(table.name, [table.names[place] for place in numbers]))
        names = [described["columns"][place]["name"] for place in numbers]
        there = duckdb.sql(_sums(_files(made, table.name), names)).fetchall()[0]
        assert list(map(float, there)) == list(map(float, here.values())), table.name
        assert described["lines"] == there[0]


def _sums(source: str, names: list[str]) -> str:
    sums = [f'coalesce(sum("{name}"), 0) AS sum_{place}' for place, name in enumerate(names)]
    return f"SELECT {', '.join(['count(*) AS lines', *sums])} FROM {source}"


def test_a_question_by_year_and_province_has_the_answer_of_the_store(national, made):
    here = national.store.query(
        "SELECT year, unit, count(*) AS proposals, sum(total_cost) AS cost FROM proposal GROUP BY 1, 2 ORDER BY 1, 2"
    )
    there = duckdb.sql(
        "SELECT year, any_value(unit), count(*), sum(total_cost)::bigint"
        f" FROM {_files(made, 'proposal')} GROUP BY year, province ORDER BY 1, 2"
    ).fetchall()
    assert there == [tuple(row.values()) for row in here]
    # A contract has no year and no place of its own: it lies with its proposal.
    apart = f"SELECT count(*) FROM {_files(made, 'contract')} c JOIN {_files(made, 'proposal')} p ON c.proposal = p.id"
    assert duckdb.sql(f"{apart} WHERE (c.year, c.province) IS DISTINCT FROM (p.year, p.province)").fetchall()[0] == (0,)
    assert duckdb.sql(apart).fetchall()[0][0] == national.store.count("contract")


def test_the_schema_says_what_the_columns_mean(made):
    schema = json.loads((made / SCHEMA).read_text("utf-8"))
    assert (schema["practice"], schema["personal"], schema["unit"]["code"]) == (True, False, "CUC-MAU")
    [proposal] = [table for table in schema["tables"] if table["name"] == "proposal"]
    columns = {column["name"]: column for column in proposal["columns"]}
    cost, programme, owners = columns["total_cost"], columns["programme"], columns["beneficiaries"]
    assert (cost["label"], cost["unit"], cost["type"]) == ("Tổng kinh phí", "đồng", "integer")
    assert programme["choices"]["local"] == "Khuyến công địa phương"
    assert owners["references"] == "beneficiary"
    provinces = {entry["value"]: entry["name"] for entry in schema["provinces"]}
    assert len(provinces) == 34
    assert provinces["tinh_lang_son"] == "Tỉnh Lạng Sơn"
    assert "representative" not in {column["name"] for table in schema["tables"] for column in table["columns"]}


def test_what_has_no_year_and_no_place_is_null_there(workspace, tmp_path):
    changing.add(workspace, "proposal", {"title": "Chưa có gì"})
    publish(workspace, str(tmp_path / "out"), personal=True, purpose="Nghiên cứu")
    row = duckdb.sql(f"SELECT title, year FROM {_files(tmp_path / 'out', 'proposal')}").fetchall()[0]
    assert row == ("Chưa có gì", None)
    assert duckdb.sql(f"SELECT count(*) FROM {_files(tmp_path / 'out', 'contract')}").fetchall()[0] == (0,)


def test_a_publication_replaces_the_last_one_and_nothing_else(workspace, tmp_path, monkeypatch):
    folder = tmp_path / "out"
    first = changing.add(workspace, "proposal", {"title": "Một", "year": 2024}).items[0].id
    publish(workspace, str(folder))
    changing.delete(workspace, first)
    changing.add(workspace, "proposal", {"title": "Hai", "year": 2025})
    titles = f"SELECT title FROM {_files(folder, 'proposal')}"
    with monkeypatch.context() as patch:  # the disk is full
        patch.setattr(parquet.ParquetWriter, "write_table", _full_disk)
        with pytest.raises(KcdeskError) as caught:
            publish(workspace, str(folder))
    assert caught.value.code == "disk_full"
    assert duckdb.sql(titles).fetchall() == [("Một",)]
    publish(workspace, str(folder))
    assert duckdb.sql(titles).fetchall() == [("Hai",)]
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_table_that_is_published_no_longer_goes_and_other_folders_stay(workspace, tmp_path):
    folder = tmp_path / "out"
    publish(workspace, str(folder))
    schema = json.loads((folder / SCHEMA).read_text("utf-8"))
    schema["tables"] += [{"name": "of_older_forms"}, {"name": "../letters"}]
    (folder / SCHEMA).write_text(json.dumps(schema), encoding="utf-8")
    for name in ("out/of_older_forms/year=2020", "out/của tôi", "letters"):
        (tmp_path / name).mkdir(parents=True)
    publish(workspace, str(folder))
    assert not (folder / "of_older_forms").exists()
    assert (folder / "của tôi").is_dir()
    assert (tmp_path / "letters").is_dir()


def test_after_a_move_that_was_interrupted_the_folder_is_still_ours(workspace, tmp_path, monkeypatch):
    folder = tmp_path / "out"
    publish(workspace, str(folder))
    with monkeypatch.context() as patch:  # a file of a table is open in another program, on Windows
        patch.setattr(shutil, "rmtree", _refused)
        with pytest.raises(KcdeskError):
            publish(workspace, str(folder))
    assert json.loads((folder / SCHEMA).read_text("utf-8"))["tables"] == []
    publish(workspace, str(folder))
    assert json.loads((folder / SCHEMA).read_text("utf-8"))["tables"]
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


_remove = shutil.rmtree


def _refused(path, *, ignore_errors=False):
    if not ignore_errors:
        raise PermissionError(errno.EACCES, "in use")
    _remove(path, ignore_errors=True)


def _full_disk(*_arguments):
    raise OSError(errno.ENOSPC, "no space")


def test_a_folder_of_somebody_else_is_left_alone(workspace, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "thư.txt").write_text("của tôi", encoding="utf-8")
    for place, code in ((tmp_path / "letters", "not_ours"), (tmp_path / "letters" / "thư.txt", "not_a_file")):
        with pytest.raises(KcdeskError) as caught:
            publish(workspace, str(place))
        assert caught.value.code == code
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["thư.txt"]


def test_without_the_extra_a_sentence_says_what_to_install(workspace, tmp_path, monkeypatch):
    for library, target in (("pyarrow", str(tmp_path / "out")), ("psycopg", "postgresql://x@y/z")):
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(KcdeskError) as caught:
            publish(workspace, target)
        assert caught.value.code == "no_publish_extra"
        assert "kcdesk[publish]" in caught.value.hint
    assert not (tmp_path / "out").exists()


def test_the_command_says_what_left_the_lock(nationwide, tmp_path, capsys):
    store = shutil.copytree(nationwide, tmp_path / "store")
    assert main(["--store", str(store), "publish", str(tmp_path / "out"), "--personal", "--purpose", "Nghiên cứu"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"Đã công bố tất cả ra {tmp_path / 'out'}: ghi ")
    assert "  proposal: 60" in lines
    assert lines[-2].startswith("Đây là kho thực hành")
    assert lines[-1].startswith("Dữ liệu cá nhân")
