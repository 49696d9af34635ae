"""Which number formats show a date or a duration."""

import re

import numpy as np
import numpy.typing as npt

from lvdesk.tabular.xml import attribute, elements, local, parsed

# built-in formats with dates or times, those of Chinese Excel (27-36, 50-58) included: ECMA-376 part 1, 18.8.30
_BUILT_IN_DATES = (*range(14, 23), *range(27, 37), 45, 47, *range(50, 59))
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


NUMBER, DATE, DURATION = 0, 1, 2
_BUILT_IN_LOOKS = {**{str(number): DATE for number in _BUILT_IN_DATES}, "46": DURATION}


def look_of(code: str) -> int:
    """What a format code shows: ``yyyy"年"m"月"`` a DATE, ``[h]:mm`` a DURATION, all others a NUMBER."""
    bare = _QUOTED.sub("", code.split(";", 1)[0]).lower().replace("general", "")
    if _ELAPSED.search(bare):
        return DURATION
    return DATE if any(letter in bare for letter in "ymdhs") and "e+" not in bare else NUMBER


def looks(content: bytes) -> npt.NDArray[np.uint8]:
    """For each cell style of ``styles.xml`` what it shows."""
    root = parsed(content)
    codes = {attribute(item, "numFmtId"): attribute(item, "formatCode") for item in elements(root, "numFmt")}
    result = []
    for group in elements(root, "cellXfs"):
        for style in group:
            if local(style) == "xf":
                number = attribute(style, "numFmtId")
                known = codes.get(number)
                result.append(look_of(known) if known else _BUILT_IN_LOOKS.get(number, NUMBER))
        break
    return np.array(result, np.uint8)
