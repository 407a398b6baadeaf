"""The catalogue of administrative units: complete, findable by any name, never at a loss for words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcdesk.errors import UserError
from kcdesk.formdef.model import Field
from kcdesk.formdef.places import PlaceMatch, Places
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.composite_types import PlaceType
from kcdesk.text import sort_key

PLACES = Places.load()
HOA_CHAU = PlaceMatch(
    "20314",
    "20323",
    "phường Hòa Xuân, thành phố Đà Nẵng (trước 01/7/2025: xã Hòa Châu, huyện Hòa Vang, thành phố Đà Nẵng)",
)


def labels(text: str, limit: int = 20) -> list[str]:
    return [match.label for match in PLACES.search(text, limit)]


class TestCatalogue:
    def test_counts(self) -> None:
        assert len(PLACES.provinces) == 34
        assert len(list(PLACES.communes)) == 3321
        assert len(list(PLACES.old_communes)) == 10_035 + 5

    def test_kinds_of_today(self) -> None:
        kinds = [PLACES.commune(code).kind for code in PLACES.communes]
        assert set(kinds) == {"xã", "phường", "đặc khu"}
        assert kinds.count("đặc khu") == 13

    def test_every_old_commune_became_known_ones_and_every_new_one_came_from_some(self) -> None:
        became = [code for old in PLACES.old_communes for code in PLACES.old(old).new_codes]
        assert set(became) == set(PLACES.communes)
        assert all(PLACES.old(old).new_codes for old in PLACES.old_communes)

    def test_names_are_tidy(self) -> None:
        names = [PLACES.commune(code).name for code in PLACES.communes]
        names += [PLACES.old(code).name for code in PLACES.old_communes]
        assert all(unicodedata.is_normalized("NFC", name) and name == " ".join(name.split()) for name in names)
        assert all(name[:1].isupper() for name in names if name)

    def test_provinces_are_listed_in_vietnamese_order(self) -> None:
        names = [province.name.removeprefix("Thành phố ").removeprefix("Tỉnh ") for province in PLACES.provinces]
        assert names == sorted(names, key=sort_key)
        assert names[0] == "An Giang"

    def test_a_commune(self) -> None:
        commune = PLACES.commune("00004")
        assert (commune.name, commune.kind) == ("Phường Ba Đình", "phường")
        assert (commune.province_code, commune.province_name) == ("01", "Thành phố Hà Nội")

    def test_a_merged_commune(self) -> None:
        old = PLACES.old("20323")
        assert (old.name, old.district, old.province) == (
            "Xã Hòa Châu",
            "Huyện Hòa Vang",
            "Thành phố Đà Nẵng",
        )
        assert old.new_codes == ("20314",)

    @pytest.mark.parametrize(
        ("old", "became"),
        [
            ("01651", ("01648",)),  # Mỹ Hưng → Phục Hòa
            ("01615", ("01636",)),
            ("02482", ("02494",)),  # Phú Thịnh → Thái Bình
            ("31483", ("31495",)),  # Thuận Hưng of Hậu Giang, not that of Sóc Trăng in the same province of today
            ("31666", ("31666",)),  # Tân Thạnh of Sóc Trăng
            ("31268", ("31288",)),  # Tân Thạnh of Cần Thơ
            ("06970", ("06970",)),  # Ba Chẽ, by the code of the office
        ],
    )
    def test_communes_of_one_name_and_those_that_lists_leave_out_became_their_own(self, old, became) -> None:
        assert PLACES.old(old).new_codes == became

    def test_a_commune_split_between_several(self) -> None:
        ngoc_ha = PLACES.old("00016")
        names = [PLACES.commune(code).name for code in ngoc_ha.new_codes]
        assert (ngoc_ha.name, names) == ("Phường Ngọc Hà", ["Phường Ba Đình", "Phường Ngọc Hà"])

    def test_an_island_district_without_communes(self) -> None:
        assert PLACES.old("26732").address == "huyện Côn Đảo, tỉnh Bà Rịa - Vũng Tàu"
        assert PLACES.commune("26732").name == "Đặc khu Côn Đảo"

    @pytest.mark.parametrize("find", [PLACES.commune, PLACES.old])
    def test_unknown_code(self, find: Callable[[str], object]) -> None:
        with pytest.raises(UserError, match=r"^Đơn vị hành chính mã “99999” không có trong danh mục\.$") as raised:
            find("99999")
        assert raised.value.code == "unknown_place"
        assert raised.value.hint

    def test_another_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            Places.load(tmp_path / "none.tsv.gz")


class TestText:
    def test_both_names(self) -> None:
        assert PLACES.text({"commune": "20314", "old_commune": "20323"}) == HOA_CHAU.label

    def test_one_name(self) -> None:
        assert PLACES.text({"commune": "20314"}) == "phường Hòa Xuân, thành phố Đà Nẵng"
        assert PLACES.text({"commune": "", "old_commune": "26929"}) == (
            "Phường 14, quận Bình Thạnh, Thành phố Hồ Chí Minh (trước 01/7/2025)"
        )

    def test_nothing(self) -> None:
        assert PLACES.text({}) == ""

    def test_an_unknown_code_is_said_not_raised(self) -> None:
        unknown = "đơn vị hành chính mã “1” không có trong danh mục"
        assert PLACES.text({"commune": "1"}) == unknown
        assert PLACES.text({"commune": "20314", "old_commune": "1"}).endswith(f"(trước 01/7/2025: {unknown})")

    def test_has(self) -> None:
        assert PLACES.has({"commune": "20314", "old_commune": "20323"})
        assert PLACES.has({"commune": "", "old_commune": "20323"})
        assert not PLACES.has({})
        assert not PLACES.has({"commune": "20314", "old_commune": "99999"})


class TestSearch:
    @pytest.mark.parametrize(
        "typed",
        [
            "hoa chau da nang",
            "da nang hoa chau",
            "Hòa Châu, Đà Nẵng",
            "HOÀ CHÂU đà nẵng",
            "xa hoa chau tp da nang",
        ],
    )
    def test_words_in_any_order_with_or_without_accents(self, typed: str) -> None:
        assert PLACES.search(typed)[0] == HOA_CHAU
        assert PLACES.search(unicodedata.normalize("NFD", typed))[0] == HOA_CHAU

    def test_each_letter_typed_keeps_the_place_in_sight(self) -> None:
        typed = "hoa chau da nang"
        for length in range(len("hoa cha"), len(typed) + 1):
            assert HOA_CHAU in PLACES.search(typed[:length])

    def test_the_place_itself_before_those_around_it(self) -> None:
        assert labels("ba dinh ha noi")[0].startswith("phường Ba Đình, thành phố Hà Nội")
        assert labels("bac giang")[0].startswith("phường Bắc Giang, thành phố Bắc Ninh")
        assert labels("con dao")[0] == "đặc khu Côn Đảo, Thành phố Hồ Chí Minh (trước 01/7/2025: huyện Côn Đảo)"

    def test_places_of_the_own_province_before_equal_names_elsewhere(self) -> None:
        gia_lai = next(province.code for province in PLACES.provinces if province.name == "Tỉnh Gia Lai")
        for typed, expected in (("tay giang", "xã Bình Khê, tỉnh Gia Lai"), ("binh khe", "xã Bình Khê, tỉnh Gia Lai")):
            assert not PLACES.search(typed)[0].label.startswith(expected)
            assert PLACES.search(typed, near=gia_lai)[0].label.startswith(expected)
        assert PLACES.search("phuong ha dong ha noi", near=gia_lai)[0].label.startswith("phường Hà Đông")

    def test_a_new_name_comes_with_the_old_ones(self) -> None:
        assert labels("phuong ha dong ha noi")[0] == (
            "phường Hà Đông, thành phố Hà Nội "
            "(trước 01/7/2025: phường Đại Mỗ, phường Hà Cầu, phường La Khê và 6 nơi khác)"
        )

    def test_an_old_district_finds_its_communes(self) -> None:
        found = PLACES.search("huyện hoà vang", limit=50)
        first = [match.old_commune for match in found if "huyện Hòa Vang" in match.label]
        assert [match.old_commune for match in found][: len(first)] == first
        assert len(set(first)) == 11

    def test_an_old_province_finds_its_communes(self) -> None:
        match = PLACES.search("phong dien can tho")[0]
        assert PLACES.commune(match.commune).province_name == "Thành phố Cần Thơ"
        assert "tỉnh Quảng Nam" in labels("nam phuoc quang nam")[0]

    def test_a_split_commune_offers_every_part(self) -> None:
        found = PLACES.search("phuong ngoc ha quan ba dinh")
        assert {match.commune for match in found if match.old_commune == "00016"} == {"00004", "00008"}

    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("tp hcm ben nghe", "phường Bến Nghé"),
            ("p 14 q binh thanh", "Phường 14, quận Bình Thạnh"),
            ("quan 1 ben thanh", "phường Bến Thành, Quận 1"),
            ("quí quân", "xã Quý Quân"),
            ("b'lao", "B’Lao"),
        ],
    )
    def test_short_forms_and_spellings(self, typed: str, expected: str) -> None:
        assert expected in labels(typed)[0]

    def test_a_whole_address_finds_one_place(self) -> None:
        assert [match.commune for match in PLACES.search("xã Hòa Tiến, thành phố Đà Nẵng")] == ["20332"]
        assert PLACES.search("Xã Hoà Châu, huyện Hoà Vang, TP. Đà Nẵng") == [HOA_CHAU]

    @settings(max_examples=60, deadline=None)
    @given(st.sampled_from(sorted(PLACES.old_communes)), st.data())
    def test_what_is_written_is_found_again(self, code: str, data: st.DataObject) -> None:
        new = data.draw(st.sampled_from(PLACES.old(code).new_codes))
        found = PLACES.search(PLACES.text({"commune": new, "old_commune": code}))
        assert (new, code) in {(match.commune, match.old_commune) for match in found[:2]}

    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=30))
    def test_any_text_is_taken(self, typed: str) -> None:
        assert len(PLACES.search(typed, limit=5)) <= 5

    @pytest.mark.parametrize("typed", ["", "  ", "?!", "khong co noi nay", "|"])
    def test_nothing_to_find(self, typed: str) -> None:
        assert PLACES.search(typed) == []

    def test_limit(self) -> None:
        assert len(PLACES.search("thanh", limit=7)) == 7


PLACE = Field(name="place", type="place", label="Xã, phường")


class _Catalogue:
    """What the type of a place asks of the forms."""

    places = PLACES


def read(typed: str) -> tuple[str, str]:
    stored = PlaceType().parse(typed, PLACE, _Catalogue())  # type: ignore[arg-type]  # only `places` is asked for
    assert isinstance(stored, dict)
    return stored["commune"], stored["old_commune"]


class TestWrittenAddresses:
    @pytest.mark.parametrize(
        "typed",
        [
            "Phường Cái Khế, quận Ninh Kiều, thành phố Cần Thơ",
            "P. Cái Khế, Q. Ninh Kiều, TP. Cần Thơ",
            "P.Cái Khế, Q.Ninh Kiều, TP.Cần Thơ",
            "P Cái Khế, Q Ninh Kiều, Tp Cần Thơ",
            "p. cai khe, q. ninh kieu, tp. can tho",
            "Q. Ninh Kiều, P. Cái Khế, TP. Cần Thơ",
            "Cái Khế, Ninh Kiều, Cần Thơ",
            "Ｐ. Cái Khế,\u200b Q. Ninh Kiều, TP. Cần Thơ",
        ],
    )
    def test_short_forms_mean_the_place_written_in_full(self, typed: str) -> None:
        assert read(typed) == ("31120", "31117")

    @pytest.mark.parametrize("typed", ["Q10, P4, TP.HCM", "P.4, Q.10, TPHCM", "P04, Q10, TP HCM", "F4, Q.10, HCM"])
    def test_numbered_wards(self, typed: str) -> None:
        assert read(typed) == read("Phường 4, Quận 10, Thành phố Hồ Chí Minh") == ("27190", "27193")

    @pytest.mark.parametrize(
        ("short", "full"),
        [
            ("X. Đông Hiệp, H. Cờ Đỏ, TP. Cần Thơ", "xã Đông Hiệp, huyện Cờ Đỏ, thành phố Cần Thơ"),
            ("TT. Cờ Đỏ, H. Cờ Đỏ, TP. Cần Thơ", "thị trấn Cờ Đỏ, huyện Cờ Đỏ, thành phố Cần Thơ"),
            ("P. Long Sơn, TX. Tân Châu, T. An Giang", "phường Long Sơn, thị xã Tân Châu, tỉnh An Giang"),
        ],
    )
    def test_every_kind_of_unit(self, short: str, full: str) -> None:
        assert read(short) == read(full)

    @pytest.mark.parametrize(
        "typed",
        [
            "xã Đông Xuân, huyện Đông Hưng, tỉnh Thái Bình",  # ended before 30/6/2025
            "xã Xuân Quang, huyện Đông Hưng, tỉnh Thái Bình",  # never taken for xã Xuân Quang Động
            "xã Động Hiệp, huyện Cờ Đỏ, thành phố Cần Thơ",  # never taken for xã Đông Hiệp
            "Đông Hiệ, Cờ Đỏ, Cần Thơ",
        ],
    )
    def test_what_the_catalogue_lacks_is_never_taken_for_a_neighbour(self, typed: str) -> None:
        with pytest.raises(ValueProblem) as refused:
            read(typed)
        assert f"“{typed}” không có trong danh mục đơn vị hành chính" in refused.value.message
        assert "30/6/2025" in refused.value.message
        assert "hãy chọn xã, phường kế tục" in refused.value.message

    @settings(max_examples=80, deadline=None)
    @given(st.sampled_from(sorted(PLACES.old_communes)))
    def test_an_old_address_is_read_alike_in_full_and_short(self, code: str) -> None:
        address = PLACES.old(code).address
        short = address
        for kind, letter in (("phường ", "P. "), ("quận ", "Q. "), ("huyện ", "H. "), ("xã ", "X. "), ("tỉnh ", "T. ")):
            short = re.sub(rf"(^|, ){kind}", rf"\g<1>{letter}", short, flags=re.IGNORECASE)
        short = short.replace("thành phố ", "TP. ").replace("Thành phố ", "TP. ")
        assert PLACES.named(short) == PLACES.named(address)
        assert code in {match.old_commune for match in PLACES.named(address)}
