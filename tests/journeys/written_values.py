"""Values of each kind written in generated notations, each with what it must be read as: worked out with the notation.

A value is drawn first, then a way to write it, then what a chat or a page adds: unseen marks, wide digits, other
spaces. What is drawn as ambiguous or broken must be refused.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.notation_table import REFUSED

_UNSEEN = "\u200b\u200e\u00ad\ufeff\u2060\u200d\u202c"
_SPACES = (" ", "\u00a0", "\u202f", "\u2009")
_WIDE = str.maketrans("0123456789/", "０１２３４５６７８９／")
_FIRST_DAY = date(1990, 1, 1)
Value = tuple[str, str, Any]  # kind of field, text, reading


def values(seed: int, count: int) -> list[Value]:
    """Draw values of every kind in turn, the same ones for the same seed."""
    draw = random.Random(seed)
    kinds = list(_WAYS)
    made = []
    for number in range(count):
        kind = kinds[number % len(kinds)]
        text, reading = draw.choice(_WAYS[kind])(draw)
        made.append((kind, _with_dirt(draw, text), reading))
    return made


def _with_dirt(draw: random.Random, text: str) -> str:
    """The text as it arrives by a chat: nothing of this changes its meaning."""
    kind = draw.randrange(10)
    if kind < 3:
        for _ in range(draw.randint(1, 3)):
            place = draw.randint(0, len(text))
            text = text[:place] + draw.choice(_UNSEEN) + text[place:]
    elif kind == 3:
        text = text.translate(_WIDE)
    elif kind == 4:
        text = text.replace(" ", draw.choice(_SPACES))
    elif kind == 5:
        text = f"{draw.choice(_SPACES)}{text} "
    return text


def _grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


# -- amounts and numbers -------------------------------------------------------------------------------------------

_TAILS = ("", " đồng", "đ", " đ", " VND", " vnđ", " ₫", " Đồng", "d")
_UNITS = (
    *(("tỷ", 10**9), ("tỉ", 10**9), ("ty", 10**9), ("TỶ", 10**9), ("triệu", 10**6), ("Triệu", 10**6), ("trieu", 10**6)),
    *(("tr", 10**6), ("nghìn", 1000), ("ngàn", 1000), ("nghin", 1000), ("k", 1000), ("K", 1000)),
)


def _amount(draw: random.Random) -> int:
    return draw.choice((draw.randint(1, 999), draw.randint(1000, 10**6), draw.randint(10**6, 10**12)))


def _money_grouped(draw: random.Random) -> tuple[str, Any]:
    amount, mark = _amount(draw), draw.choice(("", ".", ".", ".", " ", ","))
    return _grouped(amount, mark) + draw.choice(_TAILS), amount


def _money_with_unit(draw: random.Random) -> tuple[str, Any]:
    """A number of at most two decimals and a unit: no custom reads it otherwise."""
    unit, size = draw.choice(_UNITS)
    whole, decimals = draw.randint(0, 999), draw.choice(("", "5", "25", "75", "2", "04"))
    number = f"{whole}{draw.choice('.,')}{decimals}" if decimals else str(whole)
    value = Decimal(f"{whole}.{decimals or 0}") * size
    return f"{number}{draw.choice(('', ' '))}{unit}{draw.choice(('', ' đồng'))}", int(value)


def _money_in_parts(draw: random.Random) -> tuple[str, Any]:
    billions, millions = draw.randint(1, 900), draw.randint(1, 999)
    return f"{billions} tỷ {millions} triệu{draw.choice(('', ' đồng'))}", billions * 10**9 + millions * 10**6


def _money_ambiguous(draw: random.Random) -> tuple[str, Any]:
    whole, decimals, (unit, _) = draw.randint(1, 999), draw.randint(0, 999), draw.choice(_UNITS)
    return draw.choice(
        (f"{whole},{decimals:03} {unit}", f"{whole} tỷ {decimals:03}", f"{whole}tr{decimals % 10}")
    ), REFUSED


def _money_broken(draw: random.Random) -> tuple[str, Any]:
    amount = draw.randint(10**6, 10**9)
    grouped = _grouped(amount, ".")
    broken = (f"{grouped},5", f"{grouped}.{amount % 10}", f"0{amount}", f"{grouped} usd", f"{grouped}-", f"{amount}%")
    return draw.choice((*broken, grouped.replace(".", ",", 1), f"{amount}e3", f"{amount / 10**6:.4f}")), REFUSED


def _integer(draw: random.Random) -> tuple[str, Any]:
    number = draw.choice((draw.randint(0, 9), draw.randint(10, 99_999)))
    written = f"0{number}" if 0 < number < 10 and draw.random() < 0.5 else _grouped(number, draw.choice(("", ".", ",")))
    return written + draw.choice(("", " người", " Người", " nguoi")), number


def _integer_broken(draw: random.Random) -> tuple[str, Any]:
    number = draw.randint(2, 999)
    return draw.choice(
        (f"{number},5", f"{number}.5", f"00{number}", f"{number} máy", f"{number}+1", f"1/{number}")
    ), REFUSED


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _decimal(draw: random.Random) -> tuple[str, Any]:
    """A comma and one, two or four decimals, or more than three digits before three of them."""
    decimals = draw.choice((1, 2, 4, 5))
    number = Decimal(draw.randint(1, 10**6)).scaleb(-decimals)
    mark = draw.choice(",.")
    return f"{number:.{decimals}f}".replace(".", mark), _plain(number)


def _decimal_grouped(draw: random.Random) -> tuple[str, Any]:
    number = draw.randint(1000, 10**9)
    groups, start = draw.choice(((".", ","), (",", "."), (" ", ",")))
    return f"{_grouped(number, groups)}{start}5", f"{number}.5"


def _decimal_by_custom(draw: random.Random) -> tuple[str, Any]:
    number = draw.randint(1000, 10**9)
    return _grouped(number, draw.choice(("", ".", " "))), str(number)


def _decimal_ambiguous(draw: random.Random) -> tuple[str, Any]:
    return f"{draw.randint(1, 999)},{draw.randint(0, 999):03}", REFUSED


def _decimal_broken(draw: random.Random) -> tuple[str, Any]:
    number = draw.randint(1, 999)
    return draw.choice(
        (f"{number}.{number}.5", f"{number},", f",{number}", f"{number}/2", f"{number}x2", f"0{number},5")
    ), REFUSED


def _percent(draw: random.Random) -> tuple[str, Any]:
    decimals = draw.choice((0, 1, 2))
    number = Decimal(draw.randint(0, 100 * 10**decimals)).scaleb(-decimals)
    written = f"{number:.{decimals}f}".replace(".", draw.choice(",."))
    return written + draw.choice(("", "%", " %")), _plain(number) if number else "0"


def _percent_ambiguous(draw: random.Random) -> tuple[str, Any]:
    return f"{draw.randint(1, 99)}.{draw.randint(0, 999):03}%", REFUSED


# -- days, times, codes --------------------------------------------------------------------------------------------


def _date(draw: random.Random) -> tuple[str, Any]:
    day = _FIRST_DAY + timedelta(days=draw.randrange(15_000))
    d, m, y = day.day, day.month, day.year
    ways = (
        *(f"{d}{mark}{m}{mark}{y}" for mark in "/.- "),
        *(f"{d:02}{mark}{m:02}{mark}{y}" for mark in "/.-"),
        *(day.isoformat(), f"{day:%d%m%Y}", f"{day:%Y%m%d}", f"{day:%Y/%m/%d}", f"{day} 00:00:00"),
        *(f"ngày {d:02} tháng {m} năm {y}", f"Ngày {d} tháng {m:02} năm {y}", f"ngay {d} thang {m} nam {y}"),
        *(f"{d}/{m}/{y % 100:02}", f"{d:02}-{m:02}-{y % 100:02}"),
    )
    return draw.choice(ways), day.isoformat()


def _date_broken(draw: random.Random) -> tuple[str, Any]:
    d, m, y = draw.randint(1, 28), draw.randint(1, 12), draw.randint(1990, 2030)
    ways = (f"{d}/{m + 12}/{y}", f"{d + 31}/{m}/{y}", f"{m}/{y}", f"{d}/{m}.{y}", f"30/2/{y}", f"{d}/{m}/{y - 1000}")
    return draw.choice((*ways, f"{d}/{m}/{draw.randint(40, 69)}", str(y), f"quý {m}/{y}")), REFUSED


def _year(draw: random.Random) -> tuple[str, Any]:
    year = draw.randint(1990, 2040)
    right = (str(year), f"năm {year}", f"Năm {year}")
    return draw.choice(
        [(written, year) for written in right] + [(str(year % 100), REFUSED), (f"{year}-{year + 1}", REFUSED)]
    )


def _time(draw: random.Random) -> tuple[str, Any]:
    hour, minute = draw.randint(0, 23), draw.randint(0, 59)
    ways = (f"{hour}:{minute:02}", f"{hour:02}:{minute:02}:00", f"{hour}h{minute:02}", f"{hour} giờ {minute} phút")
    if draw.random() < 0.2:
        return draw.choice((f"{hour + 24}:{minute:02}", f"{hour}:{minute + 60}", f"{hour}.{minute:02}")), REFUSED
    return draw.choice(ways), f"{hour:02}:{minute:02}"


def _phone(draw: random.Random) -> tuple[str, Any]:
    prefix, middle, last = (
        draw.choice(("091", "038", "070", "088")),
        draw.randint(1000, 9999),
        f"{draw.randrange(1000):03}",
    )
    digits = f"{prefix}{middle}{last}"
    a, b, c = digits[:4], digits[4:7], digits[7:]
    ways = (
        digits,
        f"{a} {b} {c}",
        f"{a}.{b}.{c}",
        f"{a}-{b}-{c}",
        f"+84{digits[1:]}",
        f"(+84) {digits[1:]}",
        digits[1:],
    )
    if draw.random() < 0.2:
        return draw.choice((digits[:-1], f"{digits}0", f"{digits} / {digits}", f"O{digits[1:]}")), REFUSED
    return draw.choice(ways), digits


def _tax_code(draw: random.Random) -> tuple[str, Any]:
    """A code with its check digit by the weights of Thông tư 105/2020/TT-BTC."""
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    check = 10
    while check == 10:
        digits = [draw.randrange(10) for _ in weights]
        check = 10 - sum(w * d for w, d in zip(weights, digits, strict=True)) % 11
    code = "".join(map(str, (*digits, check)))
    if check < 0 or code.startswith("000"):
        return _tax_code(draw)
    wrong = f"{code[:-1]}{(int(code[-1]) + 1) % 10}"
    ways = [(code, code), (f"{code[:2]}.{code[2:5]}.{code[5:]}", code), (f"{code[:4]} {code[4:]}", code)]
    return draw.choice([*ways, (f"{code}-001", f"{code}-001"), (f"{code}001", f"{code}-001"), (wrong, REFUSED)])


def _citizen_id(draw: random.Random) -> tuple[str, Any]:
    province = draw.choice(("001", "025", "038", "066", "092"))
    code = f"{province}{draw.randint(0, 3)}{draw.randrange(10**8):08}"
    ways = [(code, code), (f"{code[:3]} {code[3:6]} {code[6:]}", code), (f"{code[:3]}.{code[3:6]}.{code[6:]}", code)]
    return draw.choice([*ways, (code[1:], REFUSED), (code + "1", REFUSED), (f"{code[:3]}7{code[4:]}", REFUSED)])


def _yes_no(draw: random.Random) -> tuple[str, Any]:
    right = (("Có", True), ("có", True), ("CÓ", True), ("x", True), ("1", True), ("Không", False), ("khong", False))
    return draw.choice(
        (*right, ("0", False), ("false", False), ("chưa", REFUSED), ("2", REFUSED), ("có/không", REFUSED))
    )


_WAYS: dict[str, list[Callable[[random.Random], tuple[str, Any]]]] = {
    "money": [*[_money_grouped] * 3, *[_money_with_unit] * 3, _money_in_parts, _money_ambiguous, _money_broken],
    "integer": [_integer, _integer, _integer_broken],
    "decimal": [_decimal, _decimal, _decimal_grouped, _decimal_by_custom, _decimal_ambiguous, _decimal_broken],
    "percent": [_percent, _percent, _percent_ambiguous],
    "date": [_date, _date, _date, _date_broken],
    "year": [_year],
    "time": [_time],
    "phone": [_phone],
    "tax_code": [_tax_code],
    "citizen_id": [_citizen_id],
    "yes_no": [_yes_no],
}
