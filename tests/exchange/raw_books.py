"""Workbooks written part by part, as programs other than ours write them."""

import io
import zipfile

OFFICE, STRICT = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def raw_book(rows, *, after="", texts="", styles="", settings="", strict=False, main="xl/workbook.xml", parts=None):
    """A workbook with one sheet: `rows` is the XML in sheetData, `after` what follows it; `parts` are further parts."""
    office = f"{STRICT}/officeDocument/relationships" if strict else f"{OFFICE}/officeDocument/2006/relationships"
    space = f"{STRICT}/spreadsheetml/main" if strict else f"{OFFICE}/spreadsheetml/2006/main"
    folder, _, name = main.rpartition("/")
    content = {
        "_rels/.rels": _relations((office, "officeDocument", "R1", main)),
        main: f'<workbook xmlns="{space}" xmlns:r="{office}">{settings}'
        '<sheets><sheet name="Đề án" sheetId="1" r:id="R7"/></sheets></workbook>',
        f"{folder}/_rels/{name}.rels": _relations(
            (office, "worksheet", "R7", "worksheets/sheet1.xml"),
            (office, "sharedStrings", "R8", "sharedStrings.xml"),
            (office, "styles", "R9", "styles.xml"),
        ),
        f"{folder}/worksheets/sheet1.xml": f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>{after}'
        "</worksheet>",
        f"{folder}/sharedStrings.xml": f'<sst xmlns="{space}">{texts}</sst>',
        f"{folder}/styles.xml": f'<styleSheet xmlns="{space}">{styles}</styleSheet>',
        **(parts or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, written in content.items():
            archive.writestr(part, written)
    file.seek(0)
    return file


def _relations(*relations):
    listed = "".join(
        f'<Relationship Id="{id_}" Type="{office}/{kind}" Target="{target}"/>'
        for office, kind, id_, target in relations
    )
    return f'<Relationships xmlns="{_RELATIONS}">{listed}</Relationships>'


def row(number, *cells):
    """A row of texts; a cell that is already XML stays as it is."""
    written = (
        cell if cell.startswith("<c") else f'<c r="{letter}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for letter, cell in zip("ABCDEFGH", cells, strict=False)
        if cell
    )
    return f'<row r="{number}">{"".join(written)}</row>'


def to_strict(source, target):
    """Save a workbook again in Strict Open XML, as Excel does on request."""
    names = (
        (f"{OFFICE}/spreadsheetml/2006/main", f"{STRICT}/spreadsheetml/main"),
        (f"{OFFICE}/officeDocument/2006/relationships", f"{STRICT}/officeDocument/relationships"),
        (f"{OFFICE}/officeDocument/2006/custom-properties", f"{STRICT}/officeDocument/customProperties"),
    )
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for office, strict in names:
                part = part.replace(office.encode(), strict.encode())
            new.writestr(name, part)


def without_properties(source, target):
    """Save a workbook as libraries do that drop the properties of the document and every part that they do not know."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not name.startswith(("docProps/", "customXml/", "kcdesk/")):
                new.writestr(name, old.read(name))
