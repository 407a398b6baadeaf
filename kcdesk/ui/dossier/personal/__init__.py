"""«Dữ liệu về một người»: found, printed, restricted, erased; who saw it; what is past its term."""

from kcdesk.later import import_later

import_later(__name__)
