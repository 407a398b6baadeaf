"""«Nhập từ Excel…»: a spreadsheet of somebody else, from the file to the records, under the eyes of the officer."""

from kcdesk.later import import_later

import_later(__name__)
