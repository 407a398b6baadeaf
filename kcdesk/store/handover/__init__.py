"""What comes from other stores: merging, packages, partners, vouchers."""

from kcdesk.later import import_later

import_later(__name__)
