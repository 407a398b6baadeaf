"""`kcdesk word-…`: an office's own Word file from its fields to the filled paper."""

from __future__ import annotations

import json

import pytest

from kcdesk.cli import main
from kcdesk.services.maintenance import opening
from tests.services.papers.own_forms.word_files import made_of, words_of
from tests.services.samples import practice_answers


@pytest.fixture
def run(capsys, tmp_path):
    """Run a command on a store of a sample office; returns its JSON."""
    opening.create_workspace(tmp_path / "store", practice_answers())[0].close()

    def run(*words, code=0, words_only=False):
        given = ["--store", str(tmp_path / "store"), *map(str, words)]
        assert main(given if words_only else [*given, "--json"]) == code
        out = capsys.readouterr().out
        return out if words_only else json.loads(out)

    return run


def test_a_word_file_goes_from_its_fields_to_the_filled_paper(run, tmp_path):
    (field, *_more) = run("word-fields", "proposal_outline", "--search", "tên đề án")
    assert (field["placeholder"], field["label"], field["repeats"]) == ("{{ de_an.ten }}", "Tên đề án", False)
    assert "{{ de_an.ten }}  Tên đề án" in run(
        "word-fields", "proposal_outline", "--search", "ten de an", words_only=True
    )
    start, form, filled = (tmp_path / name for name in ("start.docx", "form.docx", "filled.docx"))
    run("word-start", "proposal_outline", start)
    assert run("word-check", "proposal_outline", start)["usable"] is True
    form.write_bytes(made_of("Đề án {{ de_an.tenn }}"))
    checked = run("word-check", "proposal_outline", form)
    assert (checked["usable"], checked["faults"][0]["place"]) == (False, "Đoạn 1 («Đề án {{ de_an.tenn }}»)")
    assert "Có lẽ định viết «{{ de_an.ten }}»" in run("word-check", "proposal_outline", form, words_only=True)
    assert run("word-take", "proposal_outline", form, code=1)["error"]["code"] == "word_form"
    form.write_bytes(made_of("Đề án {{ de_an.ten }}"))
    proposal = run("add", "proposal", "title=Máy ép gạch", "year=2026")["id"]
    run("word-check", "proposal_outline", form, "--record", proposal, "--docx", filled)
    assert "Đề án Máy ép gạch" in words_of(filled)
    assert (
        run("word-fields", "proposal_outline", "--search", "tên đề án", "--record", proposal)[0]["value"]
        == "Máy ép gạch"
    )
    assert run("word-take", "proposal_outline", form, "--label", "Thuyết minh")["version"] == 1
    assert "own@1" in run("word-forms", words_only=True)
    run("word-use", "proposal_outline", "program")
    assert [kept["in_use"] for kept in run("word-forms", "proposal_outline")] == [False]
    assert run("word-pack", tmp_path / "a.xlsx", code=1)["error"]["code"] == "no_rules"
    assert run("word-take", "no_paper", form, code=1)["error"]["code"] == "unknown_document"
