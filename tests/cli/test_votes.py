"""A vote of products and the holders of certificates on the command line."""

from tests.cli.test_plans_and_deadlines import run

__all__ = ["run"]

JUDGES = '[{"name": "Giám khảo Một", "role": "head"}]'


def test_a_vote_is_registered_scored_and_looked_at(run, tmp_path):
    made = run("add", "product_vote", "name=Bình chọn mẫu", "level=province", "year=2026", f"judges={JUDGES}")["id"]
    maker = run("add", "beneficiary", "name=Cơ sở Mẫu")["id"]
    asked = ("add", "typical_product", f"beneficiary={maker}")
    products = [run(*asked, f"name=Sản phẩm {n}")["id"] for n in ("một", "hai")]
    run("vote", "register", made, "--product", products[0], "--product", products[1])
    run("vote", "score", made, "--entry", "02", "--judge", "Giám khảo Một", "--points", "35;35;8;8")

    board = run("vote", "board", made)
    assert [(line["product"], line["rank"]) for line in board["products"]] == [("Sản phẩm hai", 1), ("Sản phẩm một", 0)]
    assert "1. 02  Sản phẩm hai: 86" in run("vote", "board", made, as_json=False)
    assert run("vote", "sheets", made, "--pdf", tmp_path / "phieu.pdf")["pages"] == 2


def test_what_cannot_be_is_refused(run, tmp_path):
    made = run("add", "product_vote", "name=Bình chọn mẫu", f"judges={JUDGES}")["id"]
    assert run("vote", "register", made, code=1)["error"]["code"] == "nothing_chosen"
    assert run("vote", "score", made, "--entry", "09", code=1)["error"]["field"] == "entry"
    assert run("vote", "certificates", made, "--pdf", tmp_path / "g.pdf", code=1)["error"]["code"] == "nothing_chosen"
    assert run("vote", "sheets", made, code=1)["error"]["field"] == "pdf"
    assert run("holders", "--year", "nay", code=1)["error"]["field"] == "year"


def test_nobody_holds_a_certificate_yet(run, tmp_path):
    listed = run("holders", "--year", "2026", "--pdf", tmp_path / "ds.pdf")
    assert (listed["holders"], listed["pages"]) == ([], 1)
