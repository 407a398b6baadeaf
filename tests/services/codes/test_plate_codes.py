"""Codes of machines' plates: what serial number they say, from photos and scanners; nothing is written unasked."""

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from kcdesk.errors import UserError
from kcdesk.services.codes import plate_codes
from kcdesk.services.records import changing
from tests.services import samples

CARD = "092185001234|361234567|Nguyễn Thị Mẫu|05031985|Nữ|Ấp Mẫu, Xã Mẫu, Thành phố Cần Thơ|10052021"


def photo(folder, *codes, turned=0.0):
    """A photo of a plate with these codes (kind, text) below each other."""
    page = Image.new("L", (1400, 500 * len(codes)), 210)
    for place, (kind, text) in enumerate(codes):
        picture = zxingcpp.write_barcode_to_image(
            zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)), scale=4
        )
        height, width = picture.shape
        page.paste(Image.frombuffer("L", (width, height), bytes(memoryview(picture))), (200, 100 + 500 * place))
    path = folder / "nhan.jpg"
    page.rotate(turned, expand=True, fillcolor=210).filter(ImageFilter.GaussianBlur(1)).save(path, quality=80)
    return path


@pytest.mark.parametrize(
    ("kind", "text", "serial"),
    [
        ("Code128", "SN-2024/00871", "SN-2024/00871"),
        ("Code39", "MAU-7712", "MAU-7712"),
        ("DataMatrix", "S/N: AB-123456", "AB-123456"),
        ("QRCode", "Model: CX-5\nSerial No: 20240012\nYear 2024", "20240012"),
        ("QRCode", "https://hang.vn/sp?sn=88123", "88123"),
        ("QRCode", "https://hang.vn/sp/1", ""),
        ("EAN13", "8934567890120", "8934567890120"),
    ],
)
def test_each_kind_of_code_says_a_serial_number_or_none(tmp_path, kind, text, serial):
    [code] = plate_codes.codes_in_photo(photo(tmp_path, (kind, text), turned=5))
    assert code.serial == serial
    assert bool(code.doubt) == (kind == "EAN13" or not serial)


def test_a_plate_with_several_codes_puts_the_likeliest_first_and_others_codes_are_none(tmp_path):
    codes = plate_codes.codes_in_photo(photo(tmp_path, ("EAN13", "8934567890120"), ("Code128", "MX5500123")))
    assert [code.serial for code in codes] == ["MX5500123", "8934567890120"]
    with pytest.raises(UserError) as refused:
        plate_codes.codes_in_photo(photo(tmp_path, ("QRCode", CARD)))
    assert refused.value.code == "no_plate_code"
    assert plate_codes.read_plate_code("KCDESK1/MINUTES-5A/" + "0" * 32 + "/1/AB/CD") is None


def test_it_is_written_into_one_row_of_a_machine_only(workspace):
    visit = samples.begin(workspace, samples.approved(workspace), "acceptance")
    [row] = plate_codes.machine_rows(workspace.store.record(visit))
    plate_codes.take_serial(workspace, visit, row.path, "MAU-7712")
    assert workspace.store.record(visit).value(row.path) == "MAU-7712"
    for id_, path in ((visit, "machines/none/serial_number"), (visit, "site")):
        with pytest.raises(UserError) as refused:
            plate_codes.take_serial(workspace, id_, path, "X1")
        assert refused.value.code == "no_place_for_serial"
    changing.undo(workspace)
    assert workspace.store.record(visit).value(row.path) is None
