"""Blocks of cells to and from Excel and WPS, as text; long digits stay digits."""

import csv
import io
from collections.abc import Iterable, Sequence
from html import escape


def to_tsv(rows: Iterable[Sequence[str]]) -> str:
    """Tab separated text as Excel reads it: cells with tabs, quotes or line breaks are quoted."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL).writerows(rows)
    return out.getvalue()


def to_html(rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells carry Excel's text format, so that a 22-digit number is not rounded to 15."""
    lines = ("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    style = r'<style>td{mso-number-format:"\@";white-space:pre-wrap;}</style>'
    return f'<html><head><meta charset="utf-8">{style}</head><body><table>{"".join(lines)}</table></body></html>'


def parse_tsv(text: str) -> list[list[str]]:
    """Cells of a copied block; quoted cells may hold line breaks and tabs."""
    if text.count('"') % 2:
        return [line.split("\t") for line in text.splitlines()]
    return [row or [""] for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t")]
