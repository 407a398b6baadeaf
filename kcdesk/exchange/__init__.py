"""Packages: workbooks that carry records between stores; writing, signing, verifying, locking. No Qt."""

from kcdesk.later import import_later

import_later(__name__)
