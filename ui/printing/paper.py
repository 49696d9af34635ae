"""The paper of a page: its size, its orientation, no margins."""

from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize

from lvdesk.kit.page import Page


def layout_of(page: Page) -> QPageLayout:
    """Paper as large as the page, turned as it is; the page reaches its edges."""
    size = QPageSize(QSizeF(min(page.width, page.height), max(page.width, page.height)), QPageSize.Unit.Millimeter)
    turned = QPageLayout.Orientation.Landscape if page.width > page.height else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, turned, QMarginsF(), QPageLayout.Unit.Millimeter)
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout
