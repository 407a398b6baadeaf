"""Generated invoices of every style through the reader: whole ones say what was written, altered ones are seen.

python -m tests.services.invoices.generated [--invoices 300] [--altered 100]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from kcdesk.services.invoices import comparing, opened_files, sums
from kcdesk.services.invoices.invoice import Invoice
from tests.services.invoices import producers
from tests.services.invoices.producers import Sample


def read(content: bytes) -> Invoice:
    """The invoice of a file."""
    (file,) = opened_files.opened_content("hoa-don.xml", content)
    assert file.invoice is not None
    return file.invoice


def differences(about: Sample, invoice: Invoice) -> list[str]:
    """What was read otherwise than it was written."""
    expected = {
        "identity": (about.seller_code, about.form, about.symbol.lower(), str(about.number), about.dated.isoformat()),
        "parties": (about.seller, about.buyer, about.buyer_code),
        "lines": [(i.name, i.quantity, i.price, i.discount, i.amount, i.rate) for i in about.items],
        "totals": (about.before_tax, about.tax, about.before_tax + about.tax),
        "signature": ("whole", about.seller_code),
        "faults": [],
    }
    one, signature = invoice.identity, invoice.sellers_signature
    given = {
        "identity": (one.tax_code, one.form, one.symbol, one.number, one.dated),
        "parties": (invoice.seller.name, invoice.buyer.name, invoice.buyer.tax_code),
        "lines": [(i.name, i.quantity, i.price, i.discount or 0, i.amount, i.rate) for i in invoice.lines],
        "totals": (invoice.before_tax, invoice.tax, invoice.total),
        "signature": (invoice.signature_state, signature.tax_code if signature else ""),
        "faults": [fault.sentence for fault in sums.sum_faults(invoice)],
    }
    return [f"{name}: {expected[name]} != {given[name]}" for name in expected if expected[name] != given[name]]


def wrong_ones(number: int) -> list[str]:
    """Read whole invoices of all styles in turn; what was read otherwise."""
    wrong = []
    for place in range(number):
        about = producers.sample(producers.STYLES[place % len(producers.STYLES)], place + 1)
        found = differences(about, read(producers.xml(producers.signed(about))))
        wrong += [f"{about.style} {about.number}: {difference}" for difference in found]
    return wrong


def unseen_ones(number: int) -> tuple[list[str], Counter[str]]:
    """Read altered invoices of all styles and alterations in turn; those not seen, and the states of the others."""
    unseen, states = [], Counter[str]()
    for place in range(number):
        style = producers.STYLES[place % len(producers.STYLES)]
        name = list(producers.ALTERATIONS)[place % len(producers.ALTERATIONS)]
        invoice = read(producers.xml(producers.altered(producers.sample(style, place + 1, seed=1), name)))
        states[invoice.signature_state] += 1
        if invoice.signature_state in ("whole", "weak") or "còn nguyên" in comparing.signature_words(invoice):
            unseen.append(f"{style}: {name}")
    return unseen, states


def main() -> None:
    """Read the numbers that the options ask for, and print what was wrong."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--invoices", type=int, default=300)
    options.add_argument("--altered", type=int, default=100)
    asked = options.parse_args()
    began = time.monotonic()
    wrong = wrong_ones(asked.invoices)
    unseen, states = unseen_ones(asked.altered)
    sys.stdout.write(
        f"{asked.invoices} whole: {len(wrong)} read otherwise; {asked.altered} altered: {len(unseen)} not seen\n"
    )
    sys.stdout.write(f"states of the altered: {dict(states)}; {time.monotonic() - began:.1f} s\n")
    sys.stdout.writelines(f"{line}\n" for line in (*wrong, *unseen))


if __name__ == "__main__":
    main()
