"""The colours and sizes everything is drawn with, by role; a second set makes the dark look."""

from dataclasses import dataclass, replace

FAMILIES = ("Microsoft YaHei UI", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "Droid Sans Fallback")


@dataclass(frozen=True)
class Tokens:
    """One look. Names tell the role, not the colour; ``*_soft`` is the ground under text of the same role."""

    name: str = "light"
    brand: str = "#00706B"
    brand_hover: str = "#00827C"
    brand_dark: str = "#005A56"
    brand_soft: str = "#E3F1F0"
    brand_line: str = "#B9DAD8"
    on_brand: str = "#FFFFFF"
    rail_top: str = "#00645F"
    rail_bottom: str = "#063F3D"
    bg: str = "#F3F5F6"
    surface: str = "#FFFFFF"
    alt: str = "#F8FAFA"
    header: str = "#F1F5F5"
    hover: str = "#EEF2F3"
    pressed: str = "#E3EAEB"
    line: str = "#E2E8EA"
    line2: str = "#CFD8DB"
    line_hover: str = "#A9B8BC"
    text: str = "#1D2B31"
    text2: str = "#55666D"
    text3: str = "#6F7F85"
    disabled: str = "#98A5AA"
    red: str = "#C9352B"
    red_soft: str = "#FDECEA"
    red_line: str = "#EBB9B5"
    amber: str = "#9A5B00"
    amber_soft: str = "#FDF2DC"
    amber_line: str = "#EBD3A2"
    green: str = "#17794C"
    green_soft: str = "#E4F5EC"
    green_line: str = "#B5DFC8"
    blue: str = "#1F66B5"
    blue_soft: str = "#E6F0FB"
    blue_line: str = "#BAD3EF"
    grey_soft: str = "#EDF1F2"
    badge: str = "#F0B429"
    badge_text: str = "#3A2A00"
    tooltip: str = "#1D2B31"
    font_px: int = 13

    def status(self, level: str) -> tuple[str, str]:
        """Text and ground of a chip or mark: error, warning, success, info, anything else is grey."""
        pairs = {
            "error": (self.red, self.red_soft),
            "warning": (self.amber, self.amber_soft),
            "success": (self.green, self.green_soft),
            "healed": (self.green, self.green_soft),
            "info": (self.blue, self.blue_soft),
        }
        return pairs.get(level, (self.text2, self.grey_soft))


LIGHT = Tokens()
DARK = replace(
    LIGHT, name="dark", brand="#3AAFA8", brand_hover="#4CC2BB", brand_dark="#2B918B", brand_soft="#16383A", brand_line="#2A5B5B",
    on_brand="#06201F", rail_top="#0B3B39", rail_bottom="#082624", bg="#12191C", surface="#1A2327", alt="#1E282C", header="#202B30",
    hover="#243036", pressed="#2C3A40", line="#2A363B", line2="#3A494F", line_hover="#52656C", text="#E6EDEF", text2="#AEBCC1",
    text3="#8FA0A6", disabled="#64757B", red="#F2857D", red_soft="#3A2220", red_line="#66342F", amber="#E5B45C", amber_soft="#3A2F1B",
    amber_line="#5F4A22", green="#63C795", green_soft="#1B3528", green_line="#2B5940", blue="#7FB4EE", blue_soft="#1C2F45",
    blue_line="#2F4F74", grey_soft="#28343A", tooltip="#0B1012",
)  # fmt: skip

_active = LIGHT


def tokens() -> Tokens:
    """The look in use, for what is painted by hand (delegates, icons)."""
    return _active


def use(look: Tokens) -> None:
    """Makes ``look`` the one in use; ``ui.theme.apply`` calls it."""
    global _active  # noqa: PLW0603 - one application, one look, like its palette
    _active = look
