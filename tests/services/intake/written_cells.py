"""Cells as officers of the trade write them, each with its right value, which is known because the value came first."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from enum import Enum
from typing import Any

from kcdesk.formdef.places import Places
from kcdesk.runtime.frozen import Value

_CHECK_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Đặng", "Võ", "Huỳnh", "Đỗ")
_MIDDLES = ("Văn", "Thị", "Hữu", "Minh", "Thị Ngọc")
_GIVEN = ("Mẫu", "Ngọc", "Đức", "Thảo", "Ích", "Hưng", "Yến", "Quý")
_TRADES = ("Mây tre đan", "Gốm sứ", "Rèn", "Nước mắm", "Chế biến dừa", "Dệt chiếu", "Cơ khí", "Đúc đồng")
_PARTS = ("Sao Mai", "Bến Đò", "Tư Đồng", "Hạnh Phước", "Vĩnh Thịnh", "Ông Ích", "Đồng Tiến", "Hưng Phú")
FORMS = (
    ("Công ty TNHH", "limited_company"),
    ("Cty TNHH", "limited_company"),
    ("CTY TNHH MTV", "limited_company"),
    ("Công ty CP", "joint_stock_company"),
    ("Công ty cổ phần", "joint_stock_company"),
    ("DNTN", "private_enterprise"),
    ("Doanh nghiệp tư nhân", "private_enterprise"),
    ("HTX", "cooperative"),
    ("Hợp tác xã", "cooperative"),
    ("HKD", "household_business"),
    ("Hộ kinh doanh", "household_business"),
    ("Tổ hợp tác", "cooperative_group"),
)


class Doubt(Enum):
    """A cell that has no certain value: the officer is asked, or it is refused."""

    UNCLEAR = "unclear"


class Written(Value):
    """A cell as it stands in the file, and what it should be read as: a value, None for nothing, or a doubt."""

    cell: Any
    right: Any
    number_format: str = ""
    note: str = ""  # what belongs into the note of the record
    phone: str = ""  # what belongs into its telephone


Chance = random.Random


def tax_code(chance: Chance, *, zero: bool = False) -> str:
    """A tax code with its right check digit; with `zero` it begins with one."""
    while True:
        digits = f"{'0' if zero else ''}{chance.randrange(10**7, 10**9)}".zfill(9)[:9]
        check = 10 - sum(int(d) * w for d, w in zip(digits, _CHECK_WEIGHTS, strict=True)) % 11
        if 0 <= check < 10:
            return f"{digits}{check}"


def tax_cell(chance: Chance) -> Written:
    """A tax code: of an enterprise, of a branch, as a number that lost its zero, with words around it."""
    code = tax_code(chance, zero=chance.random() < 0.5)
    branch = f"{code}-{chance.randrange(1, 20):03}"
    ways: list[Callable[[], Written]] = [
        lambda: Written(code, code),
        lambda: Written(int(code), code),
        lambda: Written(f" {code}\u00a0", code),
        lambda: Written(f"MST: {code}", code),
        lambda: Written(f"'{code}", code),
        lambda: Written(branch, branch),
        lambda: Written(branch.replace("-", "/"), branch),
        lambda: Written("", None),
        lambda: Written("chưa có", Doubt.UNCLEAR),
        lambda: Written("1,08501E+11", Doubt.UNCLEAR),
    ]
    return chance.choice(ways)()


def citizen_cell(chance: Chance) -> Written:
    """A personal number: 12 digits, as a number that lost its zero, in groups, of nine digits."""
    born = chance.randrange(1960, 2000)
    number = f"0{chance.choice((87, 79, 89))}{chance.randrange(2)}{born % 100:02}{chance.randrange(10**6):06}"
    old = str(chance.randrange(200_000_000, 400_000_000))
    ways = [
        Written(number, number),
        Written(int(number), number),
        Written(f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}", number),
        Written(old, old),
        Written(int(old), old),
        Written("8,7085E+10", Doubt.UNCLEAR),
        Written("", None),
    ]
    return chance.choice(ways)


def phone_cell(chance: Chance) -> Written:
    """A telephone number: grouped, without its zero, with +84, two of them, a landline."""
    digits = f"09{chance.randrange(10**7, 10**8)}"
    second = f"0{chance.choice((86, 97, 39))}{chance.randrange(10**6, 10**7)}"
    line = f"0277{chance.randrange(3_200_000, 3_999_999)}"
    ways = [
        Written(digits, digits),
        Written(int(digits), digits),
        Written(f"{digits[:4]}.{digits[4:7]}.{digits[7:]}", digits),
        Written(f"{digits[:4]} {digits[4:7]} {digits[7:]}", digits),
        Written(f"+84{digits[1:]}", digits),
        Written(f"ĐT: {digits}", digits),
        Written(f"{digits} - {second}", digits, note=second),
        Written(f"{digits}; {second}", digits, note=second),
        Written(f"{digits}\n{second}", digits, note=second),
        Written(f"0277.{line[4:]}", line),
        Written(f"({line[:4]}) {line[4:7]} {line[7:]}", line),
        Written("-", None),
        Written("không có", Doubt.UNCLEAR),
    ]
    return chance.choice(ways)


def person_cell(chance: Chance) -> Written:
    """A person: with a title, a position, a telephone number in the same cell."""
    name = f"{chance.choice(_SURNAMES)} {chance.choice(_MIDDLES)} {chance.choice(_GIVEN)}"
    digits = f"09{chance.randrange(10**7, 10**8)}"
    ways = [
        Written(name, name),
        Written(f"  {name.replace(' ', chr(160))} ", name),
        Written(f"Ông {name}", name),
        Written(f"Bà: {name}" if chance.random() < 0.3 else f"Bà {name}", name),
        Written(f"{name} - Giám đốc", name),
        Written(f"{name}, chủ cơ sở, {digits}", name, phone=digits),
        Written(f"{name} ({digits})", name, phone=digits),
        Written(f"{name}\nĐT: {digits}", name, phone=digits),
        Written("", None),
    ]
    return chance.choice(ways)


def grouped(number: int, sign: str = ".") -> str:
    """A number with a sign between its groups of three digits."""
    return f"{number:,}".replace(",", sign)


def money_cell(chance: Chance, unit: int) -> Written:
    """An amount in a unit: as a number, as a text of any notation, unclear ones."""
    whole = chance.choice((1, 5, 25, 125, 150, 300, 612, 1250, 3000)) * chance.choice((10**6, 10**7))
    billions = f"{whole / 10**9:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    in_unit = whole / unit
    ways = [
        Written(int(in_unit) if in_unit == int(in_unit) else in_unit, whole),
        Written(float(in_unit), whole),
        Written(f"{billions} tỷ", whole),
        Written(f"{grouped(whole // 10**6)} triệu", whole),
        Written(f"{whole // 10**6} tr", whole),
        Written("-", None),
        Written("", None),
        Written("chưa duyệt", Doubt.UNCLEAR),
        Written("khoảng 300 triệu", Doubt.UNCLEAR),
        Written("150 - 200 triệu", Doubt.UNCLEAR),
    ]
    if unit == 1:
        ways += [
            Written(grouped(whole), whole),
            Written(f"{grouped(whole)} đ", whole),
            Written(f"{grouped(whole, ' ')} đồng", whole),
            Written(grouped(whole, ","), whole),
            Written(f"{grouped(whole)},-", whole),
            Written("300,000", Doubt.UNCLEAR),
            Written(whole + 0.5, Doubt.UNCLEAR),
        ]
    elif unit == 1000:
        ways += [Written(grouped(whole // unit), whole) if whole // unit >= 10**6 else Written(whole // unit, whole)]
    else:
        ways += [
            Written(f"{grouped(whole // unit)},5", whole + unit // 2),
            Written(whole // unit + 0.25, whole + unit // 4),
        ]
        ways += [Written("47.875", Doubt.UNCLEAR)]
    return chance.choice(ways)


def day_cell(chance: Chance) -> Written:
    """A day: a real one, its number, texts; years and quarters are none."""
    day = date(2005, 1, 1) + timedelta(days=chance.randrange(7000))
    d, m, y, iso = day.day, day.month, day.year, day.isoformat()
    plain = day.replace(day=13 + d % 16)  # where all days are months too, they may have been taken for months
    ways = [
        Written(plain, plain.isoformat()),
        Written(plain, plain.isoformat()),
        Written((day - date(1899, 12, 30)).days, iso),
        Written(f"{d}/{m}/{y}", iso),
        Written(f"{d:02}/{m:02}/{y}", iso),
        Written(f"{d:02}-{m:02}-{y}", iso),
        Written(f"{d}.{m}.{y}", iso),
        Written(f"ngày {d} tháng {m} năm {y}", iso),
        Written(f"Ngày {d:02}/{m:02}/{y}", iso),
        Written("", None),
        Written(f"quý II/{y}", Doubt.UNCLEAR),
        Written(str(y), Doubt.UNCLEAR),
        Written(f"tháng 5/{y}", Doubt.UNCLEAR),
    ]
    return chance.choice(ways)


def count_cell(chance: Chance) -> Written:
    """A number of workers."""
    number = chance.randrange(1, 400)
    ways = [Written(number, number), Written(float(number), number), Written(str(number), number)]
    ways += [Written(f"{number} lao động", number), Written(f" {number} người", number), Written("...", None)]
    ways += [
        Written(f"khoảng {number}", Doubt.UNCLEAR),
        Written("10-15", Doubt.UNCLEAR),
        Written("nhiều", Doubt.UNCLEAR),
    ]
    return chance.choice(ways)


def yes_no_cell(chance: Chance) -> Written:
    """A tick, a word, a number."""
    yes = ("x", "X", "có", "Có", "1", 1, True, " v ")
    no = ("không", "Không", "ko", "0", 0, False)
    ways = [Written(chance.choice(yes), True), Written(chance.choice(no), False), Written("", None)]
    return chance.choice(ways)


def form_cell(chance: Chance) -> Written:
    """A legal form in a column of its own."""
    short, value = chance.choice(FORMS)
    return chance.choice([Written(short, value), Written(short.upper(), value), Written("", None)])


def place_cell(chance: Chance) -> Written:
    """A commune of today, in full, in short, without accents, or one of before 1 July 2025 that became one."""
    places = Places.shipped()
    communes = [places.commune(code) for code in places.communes]
    commune = chance.choice([each for each in communes if each.province_name.endswith(("Đồng Tháp", "Cần Thơ"))])
    right = commune.code
    ways = [
        Written(commune.address, right),
        Written(f"{commune.name}, {commune.province_name}", right),
        Written(commune.address.replace("phường ", "P. ").replace("xã ", "X. "), right),
        Written("", None),
    ]
    return chance.choice(ways)


def names(chance: Chance, number: int) -> list[str]:
    """Names of enterprises, each different."""
    return [
        f"{chance.choice(FORMS)[0]} {chance.choice(_TRADES)} {chance.choice(_PARTS)} {place + 1}"
        for place in range(number)
    ]
