"""Puts the look on the application: Fusion, palette, font, style sheet."""

import re
from dataclasses import asdict, replace
from string import Template

from PySide6.QtCore import QDir
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from lvdesk.kit.paths import resources
from ui.theme.tokens import FAMILIES, LIGHT, Tokens, tokens, use


def palette(look: Tokens) -> QPalette:
    """Qt's colour roles from our tokens."""
    role = QPalette.ColorRole
    colours = QPalette()
    pairs = (
        (role.Window, look.bg), (role.Base, look.surface), (role.AlternateBase, look.alt), (role.Text, look.text),
        (role.WindowText, look.text), (role.ButtonText, look.text), (role.Button, look.surface), (role.Highlight, look.brand),
        (role.HighlightedText, look.on_brand), (role.ToolTipBase, look.tooltip), (role.ToolTipText, "#FFFFFF"),
        (role.PlaceholderText, look.text3), (role.Link, look.brand), (role.Accent, look.brand), (role.Mid, look.line2),
    )  # fmt: skip
    for which, colour in pairs:
        colours.setColor(which, QColor(colour))
    for which in (role.Text, role.WindowText, role.ButtonText):
        colours.setColor(QPalette.ColorGroup.Disabled, which, QColor(look.disabled))
    return colours


def font(pixels: int = 13, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The window's font at ``pixels`` of the standard size; families in the order of the platforms they come with."""
    face = QFont()
    face.setFamilies(list(FAMILIES))
    face.setPixelSize(scaled(pixels, tokens()))
    face.setWeight(weight)
    face.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return face


def sheet(look: Tokens) -> str:
    """The style sheet: all of ``resources/qss`` in name order with the tokens put in.

    Raises:
        KeyError: a sheet names a token that does not exist.
    """
    values = {key: str(value) for key, value in asdict(look).items()}
    parts = sorted((resources() / "qss").glob("*.qss"))
    text = "\n".join(Template(part.read_text(encoding="utf-8")).substitute(values) for part in parts)
    return re.sub(r"font-size: ?(\d+)px", lambda found: f"font-size: {scaled(int(found[1]), look)}px", text)


def scaled(pixels: int, look: Tokens) -> int:
    """A text size of the standard look in another: all grow together."""
    return round(pixels * look.font_px / LIGHT.font_px)


def apply(app: QApplication, look: Tokens = LIGHT) -> None:
    """Dresses the whole application."""
    use(look)
    QDir.setSearchPaths("icons", [str(resources() / "icons")])
    app.setStyle("Fusion")
    app.setPalette(palette(look))
    app.setFont(font())
    app.setStyleSheet(sheet(look))


def look_of(font_px: int) -> Tokens:
    """The light look with another size of text, in pixels."""
    return replace(LIGHT, font_px=font_px)
