"""What is wrong with a file of people, or in a row of it, in words (REG-16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.portal.application.sentences import SENTENCES
from services.portal.domain.languages import mark as _

FILE_SENTENCES: Final[Mapping[str, str]] = {
    "rows_missing": _("The file has no rows below the first one."),
    "too_many_rows": _("A file can have up to 5,000 rows: make several of it."),
    "too_many_columns": _("The file has far more columns than the template: take the template."),
    "column_missing": _(
        "The first row must name the columns as the template does; some that are needed are not there."
    ),
    "column_unknown": _("The first row names a column that the template does not have."),
    "column_duplicate": _("The first row names a column twice."),
    "not_utf8": _("This text cannot be read. Save it as “CSV UTF-8”, or as an Excel workbook (XLSX)."),
    "not_text": _("This is neither a CSV file nor an Excel workbook (XLSX)."),
    "quotes_wrong": _("A quotation mark in the file is not closed."),
    "not_a_workbook": _("This is no Excel workbook (XLSX) that can be read. Save it once more, then try again."),
    "workbook_old_or_protected": _("This is an old Excel file or has a password. Save it as XLSX, without a password."),
    "workbook_macros": _("The workbook has macros. Save it as XLSX, which has none."),
    "workbook_links": _("The workbook is linked to other files, or has others in it. Copy the rows into the template."),
    "cells_merged": _("The workbook has merged cells: split them, with a value in each."),
    "file_too_large": _("The workbook is too large. Copy the rows into the template."),
    "too_large": _("The file is too large. It can have up to 4 MB."),
}
"""Of a file as a whole."""

_ROW_SENTENCES: Final[Mapping[str, str]] = {
    "line_unknown": _("Write medical, behavioral or dental."),
    "level_unknown": _("Write primary, secondary, processor or auditor."),
    "function_unknown": _("Write functions by the codes on the template’s second sheet, with semicolons between them."),
    "function_not_in_line": _("This line of business does not have one of these functions."),
    "function_not_in_level": _("This level cannot have one of these functions."),
    "until_invalid": _("Write the last day as year, month and day, such as 2027-12-31."),
    "columns_wrong": _("This row has more cells than there are columns."),
    "cell_formula": _("This cell computes its value: copy it, and paste it as a value."),
    "cell_error": _("The spreadsheet could not compute this cell: write its value."),
    "person_differs": _("Another row with this e-mail address says otherwise."),
    "place_duplicate": _("Another row names this TIN and line for the same person already."),
    "too_many_places": _("One person can have up to 150 rows: use several files."),
}
"""Of a row; codes that mean the same as in a form have the form's sentence."""


def sentence_of_row(code: str) -> str:
    """What is wrong in a row; English, marked for translation."""
    return _ROW_SENTENCES.get(code) or SENTENCES.get(code) or SENTENCES["invalid"]
