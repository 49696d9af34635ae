"""Area and transformer are called alike."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.model import Parameter, Rule, Severity, Values, hits
from lvdesk.checks.station import Station

_UNITS: Final = re.compile(r"\d+(?:\.\d+)?k(?:va|v)|s[a-z]*\d+[a-z]*-[a-z0-9./-]+")
_GENERIC: Final = re.compile(r"台区|公变|专变|公用|专用|变压器|配变|箱变|柱上变|配电|变台|变电|台变|杆变|号|变|线|站|室")
_NUMERALS: Final = {word: str(number) for number, word in enumerate("一二三四五六七八九", 1)}
_NUMERAL: Final = re.compile(r"(?<![十一二三四五六七八九])([一二三四五六七八九])(?=[号#社组队])")
_NUMBERS: Final = re.compile(r"\d+")
_OTHER: Final = re.compile(r"[\W_\d]+")


def _unlike(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    areas = station.table("transformer_area").select("area_no", pl.col("name").alias("area_name"), "feeder_name")
    pairs = station.table("transformer").join(areas, on="area_no", maintain_order="left").drop_nulls(["name", "area_name"])
    pairs = pairs.filter(pl.col("name") != pl.col("area_name"))
    if pairs.is_empty():
        return
    judged = pairs.hstack(_judged(pairs))
    apart = pl.col("numbers_differ") | (pl.col("likeness") < values["likeness"])
    why = pl.when("numbers_differ").then(pl.lit("编号不同")).otherwise(pl.format("相似度 {}%", pl.col("likeness").round().cast(pl.Int64)))
    message = pl.format("变压器 {}（{}）与其台区 {}（{}）名称不像：{}", "transformer_no", "name", "area_no", "area_name", why)
    yield hits(judged.filter(apart), "transformer.name", message)


def _judged(pairs: pl.DataFrame) -> pl.DataFrame:
    """Likeness of each pair, 0 to 100, null when the names say too little, and whether their numbers differ."""
    from rapidfuzz import fuzz, process

    split = [_split(*row) for row in pairs.select("area_name", "name", "feeder_name").iter_rows()]
    left, right = [core for core, _, _ in split], [core for _, core, _ in split]
    whole = process.cpdist(left, right, scorer=fuzz.ratio)
    part = process.cpdist(left, right, scorer=fuzz.partial_ratio)
    frame = pl.DataFrame({"whole": whole, "part": part, "numbers_differ": [differ for _, _, differ in split], "left": left, "right": right})
    shorter = pl.min_horizontal(pl.col("left").str.len_chars(), pl.col("right").str.len_chars())
    # One short name inside the other says as much as whole likeness; a single character does not.
    likeness = pl.when(shorter > 1).then(pl.max_horizontal("whole", "part")).otherwise(pl.col("whole"))
    return frame.select(pl.when(shorter > 0).then(likeness).alias("likeness"), "numbers_differ")


def _split(area: str, transformer: str, feeder: str | None) -> tuple[str, str, bool]:
    """What is left of both names without feeder, numbers and common words; whether their numbers have nothing in common."""
    area, transformer = _plain(area), _plain(transformer)
    numbers = [{number.lstrip("0") for number in _NUMBERS.findall(name)} for name in (area, transformer)]
    route = _core(_plain(feeder or ""))
    cores = [_core(name) for name in (area, transformer)]
    bare = [core.removeprefix(route) for core in cores]
    left, right = bare if route and all(bare) else cores
    return left, right, bool(numbers[0] and numbers[1] and not numbers[0] & numbers[1])


def _plain(name: str) -> str:
    text = _UNITS.sub("", unicodedata.normalize("NFKC", name).casefold())
    return _NUMERAL.sub(lambda found: _NUMERALS[found[1]], text)


def _core(plain: str) -> str:
    return _GENERIC.sub("", _OTHER.sub("", plain))


RULES = (
    Rule(
        code="Q43",
        family="consistency",
        title="台变名称不像",
        what="变压器与其台区的名称相差太大，或名称里的编号不同，可能对应错了",
        where="变压器名称、台区名称；线路名、“公变”“变压器”之类的字和容量不计",
        fix="核实变压器属于哪个台区；只是叫法不同的统一名称或加入例外",
        severity=Severity.WARNING,
        find=_unlike,
        parameters=(Parameter("likeness", "名称相似度下限", "number", 50, "%", minimum=0, maximum=100),),
        needs=("transformer.name", "transformer_area.name"),
        certain=False,
        source="营销台区与 PMS 变压器的匹配实践",
    ),
)
