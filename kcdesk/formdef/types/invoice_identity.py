"""Which invoice a row or a record names: tax code of the seller, form and symbol, number; however a person writes them.

«1C26TAA-00000123», «C26TAA số 123», «HĐ 0000123» name invoices; «PC05», «UNC 12» are other vouchers. Two rows name the
same invoice if nothing that both know differs, and enough agrees. Source: khoản 1 Điều 4, Điều 5 TT 78/2021/TT-BTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kcdesk.runtime.frozen import Value
from kcdesk.text import fold

# «1C26TAA»: form 1 to 9, C or K (with, without a code of the tax office), year, type, two letters of the seller's own.
_SYMBOL = re.compile(r"(?<![a-z0-9])([1-9]?)[ /.-]*([ck][0-9]{2}[a-z]{3})(?![a-z])")
_OLD_SYMBOL = re.compile(r"(?<![a-z0-9])([a-z]{2}/[0-9]{2}[ept])(?![a-z0-9])")  # before TT 78/2021: «AA/20E»
_OLD_FORM = re.compile(r"(?<![a-z0-9])[0-9]{2}[a-z]{4}[0-9]?/[0-9]{3}(?![0-9])")  # «01GTKT0/001»
_TAX_CODE = re.compile(r"(?<![0-9])([0-9]{10}(?:-?[0-9]{3})?|[0-9]{12})(?![0-9])")
_DAY = re.compile(r"(?:ngay\s*)?(?<![0-9])[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}(?![0-9])|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"(?<=[0-9])/(?:19|20)[0-9]{2}(?![0-9])")  # «HĐ 12/2026»
_NUMBER = re.compile(r"(?<![0-9])([0-9]{1,8})(?![0-9])")
_OTHER_WORD = re.compile(r"[a-z]+")
_WORDS = frozenset(("hd", "hoa", "don", "hddt", "gtgt", "so", "no", "ky", "hieu", "mau", "mst", "vat", "dien", "tu"))

ROWS = {  # the tables whose rows may name invoices, and their columns
    "machines": ("invoice", ("invoiced_on",), "value"),
    "vouchers": ("number", ("dated", "issued_on"), "amount"),
}
OWN_NUMBER, OWN_DAY = "invoice_number", "invoiced_on"  # of a record that is about one invoice
SELLER_CODE = "seller_tax_code"


class InvoiceIdentity(Value):
    """What is known of an invoice; "" or None for what is not. `dated` is ISO, `amount` in đồng."""

    number: str  # without zeros at the beginning
    symbol: str = ""  # «c26taa»
    form: str = ""  # «1»
    tax_code: str = ""  # digits of the seller
    dated: str = ""
    amount: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it names one invoice among those of all sellers."""
        return bool(self.tax_code and self.symbol)

    @property
    def written(self) -> str:
        """As it is written on papers: «1C26TAA-123»; the number alone if no symbol is known."""
        return f"{self.form}{self.symbol.upper()}-{self.number}" if self.symbol else self.number

    def index_keys(self) -> Iterator[str]:
        """The words by which the index finds it: two parts each, so that few rows share one."""
        if self.tax_code:
            yield f"{self.tax_code}_{self.number}"
        if self.symbol:
            yield f"{_NO_KEY.sub('', self.symbol)}_{self.number}"
        if self.dated:
            yield f"{self.dated}_{self.number}"

    def is_same(self, other: InvoiceIdentity) -> bool:
        """Whether both name the same invoice, as far as is known."""
        if self.number != other.number or any(map(_contradict, self._naming(), other._naming())):
            return False
        tax_code, symbol = (_agree(*pair) for pair in ((self.tax_code, other.tax_code), (self.symbol, other.symbol)))
        if (tax_code and symbol) or not _contradict(self.dated, other.dated):
            day, amount = _agree(self.dated, other.dated), _agree(self.amount, other.amount)
            return symbol or tax_code or (day and amount)
        return False

    def _naming(self) -> tuple[str, str, str]:
        return self.tax_code, self.symbol, self.form


_NO_KEY = re.compile(r"[^a-z0-9]")


def _contradict(own: str, others: str) -> bool:
    return bool(own and others and own != others)


def _agree(own: object, others: object) -> bool:
    return bool(own) and own == others


def identity(
    written: object, tax_code: object = "", dated: object = "", amount: object = None
) -> InvoiceIdentity | None:
    """The invoice that a written number names, with what stands beside it; None for another voucher or none."""
    rest = _YEAR.sub(" ", _DAY.sub(" ", fold(str(written or ""))))
    form, symbol, rest = _symbol_of(rest)
    code = _digits(tax_code)
    if named_code := _TAX_CODE.search(rest):
        code = code or _digits(named_code[1])
        rest = rest.replace(named_code[1], " ")
    numbers = _NUMBER.findall(rest)
    if not numbers or not set(_OTHER_WORD.findall(rest)) <= _WORDS:
        return None
    number = numbers[-1].lstrip("0")
    whole = amount if isinstance(amount, int) else None
    return InvoiceIdentity(number, symbol, form, code, str(dated or ""), whole) if number else None


def identity_of(
    tax_code: str, form: str, symbol: str, number: str, dated: str = "", amount: int | None = None
) -> InvoiceIdentity:
    """The identity from the separate parts of an electronic invoice."""
    form = form.strip()
    folded = fold(symbol).replace(" ", "")
    if len(folded) == 7 and folded[0].isdigit():  # the form stands before the symbol
        form, folded = form or folded[0], folded[1:]
    bare = fold(number).strip()
    return InvoiceIdentity(
        bare.lstrip("0") or bare, folded, fold(form)[:1] if form else "", _digits(tax_code), dated, amount
    )


def _symbol_of(text: str) -> tuple[str, str, str]:
    """Form, symbol, and the text without them."""
    text = _OLD_FORM.sub(" ", text)
    for pattern in (_SYMBOL, _OLD_SYMBOL):
        if match := pattern.search(text):
            groups = match.groups()
            form = groups[0] if len(groups) > 1 else ""
            return form, groups[-1], f"{text[: match.start()]} {text[match.end() :]}"
    return "", "", text


def _digits(code: object) -> str:
    return re.sub(r"[^0-9]", "", str(code or ""))


def identities(data: Mapping[str, Any]) -> Iterator[tuple[str, InvoiceIdentity]]:
    """Every invoice that a record names, with the path of the number."""
    if own := identity(data.get(OWN_NUMBER), "", data.get(OWN_DAY)):
        yield OWN_NUMBER, own
    for table, (number, days, amount) in ROWS.items():
        for row in data.get(table) or ():
            dated = next((row[day] for day in days if row.get(day)), "")
            if named := identity(row.get(number), row.get(SELLER_CODE), dated, row.get(amount)):
                yield f"{table}/{row.get('id', '')}/{number}", named


def naming_columns(names: Mapping[str, Any]) -> bool:
    """Whether a form with these fields may name invoices."""
    return OWN_NUMBER in names or any(table in names for table in ROWS)
