"""Which number formats show a date."""

import re

import numpy as np
import numpy.typing as npt

from lvdesk.tabular.xml import attribute, elements, local, parsed

# built-in formats with dates or times, those of Chinese Excel (27-36, 50-58) included: ECMA-376 part 1, 18.8.30
_BUILT_IN = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def is_date_format(code: str) -> bool:
    """Whether a format code such as ``yyyy"年"m"月"`` shows dates or times."""
    bare = _QUOTED.sub("", code.split(";", 1)[0]).lower().replace("general", "")
    return any(letter in bare for letter in "ymdhs") and "e+" not in bare


def date_styles(content: bytes) -> npt.NDArray[np.bool_]:
    """For each cell style of ``styles.xml`` whether it shows dates."""
    root = parsed(content)
    codes = {attribute(item, "numFmtId"): attribute(item, "formatCode") for item in elements(root, "numFmt")}
    result = []
    for group in elements(root, "cellXfs"):
        for style in group:
            if local(style) == "xf":
                number = attribute(style, "numFmtId")
                known = codes.get(number)
                result.append(is_date_format(known) if known else number.isdigit() and int(number) in _BUILT_IN)
        break
    return np.array(result, np.bool_)
