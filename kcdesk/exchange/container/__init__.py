"""The file of a package: safe zip, parts, manifest, signatures, encryption."""

from kcdesk.later import import_later

import_later(__name__)
