"""What is written about a workbook that came back."""

from kcdesk.later import import_later

import_later(__name__)
