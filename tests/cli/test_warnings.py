"""Early warnings on the command line."""

from tests.cli.test_plans_and_deadlines import run

__all__ = ["run"]


def test_a_warning_has_the_documented_shape_and_leads_to_a_draft(run):
    asked = run("warnings", "--on", "5/3/2026")
    (warning,) = asked["warnings"]
    assert asked["on"] == "2026-03-05"
    assert (warning["name"], warning["unverified"], warning["looked_at"]) == ("returned_money", True, 0)
    assert warning["text"] == "0 đề án này sẽ phải trả kinh phí nếu không điều chỉnh kịp"
    assert warning["proposals"] == []
    assert "xét 0 đề án đang thực hiện" in run("warnings", as_json=False)
    assert run("warnings", "--on", "hôm kia", code=1)["error"]["code"] == "bad_date"
    assert run("warnings", "--draft", "none", code=1)["error"]["code"] == "not_warned"
