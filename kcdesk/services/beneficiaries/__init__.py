"""The register of beneficiaries: duplicates that are merged, and changes that are kept with their days."""

from kcdesk.later import import_later

import_later(__name__)
