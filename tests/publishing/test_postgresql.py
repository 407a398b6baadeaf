"""A store as tables of a real PostgreSQL: the same figures, only what changed, nothing half-published."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from datetime import datetime

import pytest

from kcdesk import handbook
from kcdesk.errors import KcdeskError
from kcdesk.publishing.published_tables import published_tables
from kcdesk.services.maintenance import opening
from kcdesk.services.publication.publishing import publish
from kcdesk.services.records import changing
from tests.publishing.conftest import OWNER
from tests.store_files import change

_LIVING = "WHERE deleted_at IS NULL"


def test_every_view_is_a_table_with_the_same_counts_and_sums(national, published):
    views = {row["name"] for row in national.store.query("select name from sqlite_master where type = 'view'")}
    tables = published_tables(national.store, personal=False)
    assert {table.name for table in tables} == views
    filled = 0
    for table in tables:
        sums = [f'coalesce(sum("{c.name}"), 0)' for c in table.columns if c.type in ("integer", "real")]
        asked = ", ".join(["count(*)", *sums])
        [here] = national.store.query(f'SELECT {asked} FROM "{table.name}"')
        [there] = published.ask(f'SELECT {asked} FROM kcdesk_practice."{table.name}" {_LIVING}')
        assert list(map(float, there)) == list(map(float, here.values())), table.name
        filled += bool(there[0])
    assert filled > 12


def test_values_have_types_and_comments(published):
    [(made, on, total, flag, owners)] = published.ask(
        "SELECT pg_typeof(created)::text, pg_typeof(starts_on)::text, pg_typeof(total_cost)::text,"
        " pg_typeof(issues_invoice)::text, beneficiaries->>0 FROM kcdesk_practice.proposal LIMIT 1"
    )
    assert (made, on, total, flag) == ("timestamp with time zone", "date", "bigint", "boolean")
    assert published.ask("SELECT 1 FROM kcdesk_practice.beneficiary WHERE id = %s", owners)
    [(column, table, schema)] = published.ask(
        "SELECT col_description(c.oid, a.attnum), obj_description(c.oid), obj_description(c.relnamespace)"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'programme'"
        " WHERE c.oid = 'kcdesk_practice.proposal'::regclass"
    )
    assert column.startswith("Nguồn kinh phí. Giá trị: national = Khuyến công quốc gia;")
    assert "Căn cứ: Khoản 1 Điều 2 TT 46/2012/TT-BCT." in column
    assert table == "KHO THỰC HÀNH, số liệu không thật. Đề án khuyến công."
    assert schema.startswith("KHO THỰC HÀNH")


def test_only_what_changed_is_written_and_what_is_gone_is_marked(national, published):
    store = national.store
    rows = [{"item": "Máy", "cost": 5_000_000}, {"item": "Lớp học", "cost": 3_000_000}]
    draft = store.get(changing.add(national, "proposal", {"title": "Tên cũ", "budget": rows}).items[0].id)
    gone = changing.add(national, "beneficiary", {"name": "Cơ sở bị xoá"}).items[0].id
    publish(national, published.url)
    first, *_ = draft.data["budget"]
    changing.set_values(national, draft.id, {"title": "Tên mới", f"budget/{first['id']}": None})
    changing.delete(national, gone)
    done = publish(national, published.url)
    written = {table["table"]: (table["lines"], table["deleted"]) for table in done["tables"]}
    assert written["proposal"] == (1, 0)
    assert written["proposal_budget_line"] == (1, 1)
    assert written["beneficiary"] == (0, 1)
    assert written["contract"] == (0, 0)
    assert published.ask("SELECT title FROM kcdesk_practice.proposal WHERE id = %s", draft.id) == [("Tên mới",)]
    [(deleted_at,)] = published.ask("SELECT deleted_at FROM kcdesk_practice.beneficiary WHERE id = %s", gone)
    assert deleted_at == datetime.fromisoformat(store.get(gone).deleted)
    changing.undo(national, 1)
    publish(national, published.url)
    assert published.ask("SELECT deleted_at FROM kcdesk_practice.beneficiary WHERE id = %s", gone) == [(None,)]
    assert publish(national, published.url)["lines"] == 0


def test_an_older_copy_is_published_whole_and_marks_what_it_lacks(national, published, nationwide, tmp_path):
    late = changing.add(national, "proposal", {"title": "Chỉ có ở bản mới"}).items[0].id
    publish(national, published.url)
    shutil.copytree(nationwide, tmp_path / "older")
    with closing(opening.open_workspace(tmp_path / "older")) as older:
        changing.add(older, "proposal", {"title": "Chỉ có ở bản cũ"})
        assert publish(older, published.url)["everything"]
    assert published.ask("SELECT deleted_at IS NULL FROM kcdesk_practice.proposal WHERE id = %s", late) == [(False,)]
    assert published.ask("SELECT 1 FROM kcdesk_practice.proposal WHERE title = 'Chỉ có ở bản cũ'")


def test_persons_are_published_only_when_asked_and_leave_again(national, published):
    def texts() -> str:
        return str(published.ask("SELECT to_jsonb(b) FROM kcdesk_practice.beneficiary b"))

    owner = national.store.page("beneficiary", limit=1)[0].data
    assert owner["representative"] not in texts()
    assert publish(national, published.url, personal=True, purpose="Nghiên cứu")["notes"][1].startswith(
        "Dữ liệu cá nhân"
    )
    assert owner["representative"] in texts()
    publish(national, published.url)
    assert owner["representative"] not in texts()
    assert published.ask("SELECT personal FROM kcdesk_practice._kcdesk_publication ORDER BY number") == [
        (False,),
        (True,),
        (False,),
    ]


def test_a_column_that_somebody_else_uses_is_not_taken_away(national, published):
    publish(national, published.url, personal=True, purpose="Nghiên cứu")
    published.ask("CREATE VIEW public.names AS SELECT representative FROM kcdesk_practice.beneficiary")
    assert _refusal(national, published.url).code == "in_use"
    assert published.ask("SELECT count(*) FROM public.names WHERE representative IS NOT NULL") != [(0,)]


def test_a_server_that_goes_away_leaves_nothing_half_published(national, database):
    _at_table(database, "payment", "PERFORM pg_terminate_backend(pg_backend_pid())")
    error = _refusal(national, database.url)
    assert (error.code, "Chưa có gì được công bố" in error.message) == ("server_gone", True)
    assert database.ask("SELECT 1 FROM pg_namespace WHERE nspname = 'kcdesk_practice'") == []
    assert national.store.acts(1)[0].action == "Nạp dữ liệu đo"


def test_a_full_disk_of_the_server_is_told(national, database):
    _at_table(database, "payment", "RAISE EXCEPTION 'disk' USING ERRCODE = '53100'")
    assert _refusal(national, database.url).sentence().startswith("Ổ đĩa của máy chủ không còn đủ chỗ.")


def test_what_the_server_refuses_is_a_sentence_without_the_password(national, cluster, database, caplog):
    secret = "bí/mật:1@%"
    database.ask("CREATE ROLE reader LOGIN PASSWORD 'right one'")
    refused = {
        "wrong_login": cluster.url(database.name, "reader", secret),
        "no_rights": cluster.url(database.name, "reader", "right one"),
        "no_database": cluster.url("nowhere", OWNER, secret),
        "no_server": f"postgresql://x:{secret[:2]}@127.0.0.1:1/kc",
        "bad_address": f"postgresql://x:{secret}@[::1/kc?lạ=1",
        "bad_encoding": cluster.create("latin", encoding="LATIN1").url,
    }
    for code, url in refused.items():
        error = _refusal(national, url)
        assert error.code == code, error.sentence()
        assert secret not in error.sentence() + repr(error.__cause__) + caplog.text
        assert error.hint


def test_a_password_may_come_from_the_environment(national, cluster, database, monkeypatch):
    database.ask("CREATE ROLE maker LOGIN PASSWORD 'right one'")
    database.ask("CREATE SCHEMA kcdesk_practice AUTHORIZATION maker")
    monkeypatch.setenv("PGPASSWORD", "right one")
    assert publish(national, cluster.url(database.name, "maker"))["lines"]
    database.ask("DROP OWNED BY maker")
    database.ask("DROP ROLE maker")


def test_the_history_names_the_publication_and_nobody_undoes_it(national, published):
    undo = national.store.undoable()
    publish(national, published.url.replace("@", ":geheim@"), personal=True, purpose="Nghiên cứu")
    action = national.store.acts(1)[0].action
    assert action == f"Công bố số liệu ra {published.cluster.sockets}/{published.name}, có dữ liệu cá nhân"
    assert national.store.undoable() == undo
    assert national.store.check() == []


def test_any_schema_name_is_only_a_name(national, database):
    schema = 'kế "hoạch"; DROP TABLE x; -- {brace} %s %'
    assert publish(national, database.url, schema=schema)["lines"]
    assert not publish(national, database.url, schema=schema)["lines"]
    assert database.ask("SELECT nspname FROM pg_namespace WHERE nspname = %s", schema) == [(schema,)]


def test_tables_of_others_and_stores_of_others_stay_as_they_are(national, published, province, database):
    assert _refusal(province, published.url).code == "other_store"
    database.ask("CREATE TABLE public.contract (id int)")
    assert _refusal(national, database.url, schema="public").code == "not_ours"
    assert database.ask("SELECT count(*) FROM public.contract") == [(0,)]
    assert database.ask("SELECT 1 FROM pg_class WHERE relname = 'proposal'") == []
    assert _refusal(national, database.url, schema="x" * 64).code == "bad_schema"
    assert _refusal(national, database.url, schema="pg_mine").code == "bad_schema"


def test_what_fits_no_type_is_left_out_and_told(national, published):
    proposal = national.store.page("proposal", limit=1)[0]
    spoilt = "json_set(data, '$.starts_on', '30/2/2020', '$.title', 'a' || char(0) || 'b')"
    change(national.store.folder, f"UPDATE record SET data = {spoilt} WHERE id = '{proposal.id}'")
    done = publish(national, published.url, full=True)
    assert done["notes"][-1].startswith("1 giá trị ở proposal.starts_on không đúng kiểu")
    kept = "SELECT title, starts_on FROM kcdesk_practice.proposal WHERE id = %s"
    assert published.ask(kept, proposal.id) == [("ab", None)]


@pytest.mark.parametrize("password", ["a/b", "a@b", "a?b", "a@b/c?d=e", "/@/", "a:b@c"])
def test_no_part_of_a_password_with_signs_is_taken_for_a_host(national, password):
    error = _refusal(national, f"postgresql://user:{password}@127.0.0.1:1/kc")
    assert (error.code, password in error.sentence()) == ("bad_address", False)
    assert "%40" in error.hint


@pytest.mark.parametrize("written", ["mysql://u:geheim@h/d", "host=h password=geheim dbname=d", " ", "POSTGRES://[x"])
def test_what_is_no_address_is_no_folder_either(national, written):
    error = _refusal(national, written)
    assert (error.code, "geheim" in error.sentence()) == ("bad_address", False)


def test_the_roles_of_the_manual_let_a_reader_read_and_nothing_else(national, cluster):
    """The statements of the page, run as they stand there."""
    import psycopg  # of the extra

    page = handbook.shipped_pages()["publishing"].text
    made, rest = re.search(r"```sql\n(CREATE DATABASE .*?;)\n\\c khuyencong\n(.*?)```", page, re.DOTALL).groups()
    cluster.database("postgres").ask(made)
    manual = cluster.database("khuyencong")
    for statement in rest.strip().split(";\n"):
        manual.ask(statement)
    manual.ask("ALTER ROLE kcdesk_publisher PASSWORD 'writes'")
    manual.ask("ALTER ROLE nguoi_doc PASSWORD 'reads'")
    assert publish(national, cluster.url("khuyencong", "kcdesk_publisher", "writes"), schema="kcdesk")["lines"]
    with psycopg.connect(cluster.url("khuyencong", "nguoi_doc", "reads"), autocommit=True) as reader:
        assert reader.execute("SELECT count(*) FROM kcdesk.proposal").fetchone() == (60,)
        for forbidden in ("DELETE FROM kcdesk.proposal", "SET default_transaction_read_only = off; DROP SCHEMA kcdesk"):
            with pytest.raises(psycopg.Error):
                reader.execute(forbidden)


def _at_table(database, table: str, act: str) -> None:
    """Let the server do something when a table of this name is made."""
    database.ask(
        "CREATE FUNCTION public.act() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM"
        f" pg_event_trigger_ddl_commands() WHERE object_identity LIKE '%.{table}') THEN {act}; END IF; END $$"
    )
    database.ask("CREATE EVENT TRIGGER act ON ddl_command_end EXECUTE FUNCTION public.act()")


def _refusal(workspace, url: str, **order) -> KcdeskError:
    with pytest.raises(KcdeskError) as caught:
        publish(workspace, url, **order)
    return caught.value
