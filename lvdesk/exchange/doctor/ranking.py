"""Which links are probably wrong: all witnesses together, each as credible as this station's own data show it to be.

Where a witness and the ledger agree in a share r of all links, a word of it for another area c, against the booked one, makes c more likely
by r / ((1 - r) / alternatives); a word for the booked area makes it less likely by as much (naive Bayes; the logarithms add up).
"""

import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from lvdesk.checks.station import Station
from lvdesk.exchange.doctor.book import Book, load_book
from lvdesk.exchange.doctor.evidence import VOTES, WITNESSES
from lvdesk.exchange.doctor.ground import Ground
from lvdesk.exchange.doctor.model import GRADE_TITLES, LINK_TITLES, Grade, Link, Suspect
from lvdesk.exchange.doctor.voltage import votes as voltage_votes
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

_WEIGHED: Final = {
    "key": pl.String,
    "witness": pl.String,
    "area_no": pl.String,
    **{n: k for n, k in VOTES.items() if n != "key"},
    "weight": pl.Float64,
}
_STRONG: Final = (0.95, 0.75)
_MANY: Final = (4, 2)
_SHOWN: Final = 2_000
RANKED: Final = {"key": pl.String, "area_no": pl.String, "should": pl.String, "score": pl.Float64, "pieces": pl.Int64, "against": pl.Int64}
"""One link: the area it should be in (null where no witness names another), logarithm of the odds that it is wrong, who says so."""
_ENTITIES: Final = {Link.CUSTOMER_AREA: "customer", Link.BOX_AREA: "meter_box"}


def suspects(
    ws: Workspace, progress: Progress, *, areas: Collection[str] = (), limit: int = _SHOWN, voltage: Path | None = None
) -> tuple[Suspect, ...]:
    """Links that some witness contradicts, the most probable first.

    Args:
        ws: the workspace.
        progress: witnesses; may be cancelled.
        areas: only links that hang there or should; none for the whole station.
        limit: how many at most.
        voltage: a csv of voltages or line losses (``voltage``), None for none.

    Raises:
        KnownError: ``rules.unreadable``, or what is wrong with the csv.
        Cancelled: the user stopped it.
    """
    book = load_book(ws.overrides)
    progress.start("正在诊断上级电源", 2 * len(WITNESSES) + 1, "项")
    with ws.store.read() as connection:
        ground = Ground(Station(ws, connection), book)
        found = {link: _witnessed(ground, link, voltage, progress) for link in Link}
        named = ground.station.table("transformer_area").select("area_no", "name")
    names = {number: name or number for number, name in named.iter_rows()}
    parts = [
        ranked(ground.links(link), votes, book).filter(pl.col("pieces") > 0).with_columns(pl.lit(str(link)).alias("link"))
        for link, votes in found.items()
    ]
    every = pl.concat(parts)
    if areas:
        every = every.filter(pl.col("area_no").is_in(list(areas)) | pl.col("should").is_in(list(areas)))
    every = every.sort(["score", "pieces", "key"], descending=[True, True, False]).head(limit)
    told = {link: _told(votes, every.filter(pl.col("link") == str(link)), names, book) for link, votes in found.items()}
    titles = {link: dict(ground.links(link).select("key", "title").iter_rows()) for link in Link}
    progress.step()
    rows = every.iter_rows(named=True)
    return tuple(_suspect(row, titles[Link(row["link"])], told[Link(row["link"])], names, book) for row in rows)


def _witnessed(ground: Ground, link: Link, voltage: Path | None, progress: Progress) -> dict[str, pl.DataFrame]:
    found = {}
    for name, witness in WITNESSES.items():
        found[name] = witness(ground, link)
        progress.step()
    if voltage is not None:
        found["voltage"] = voltage_votes(ground, link, voltage)
    return found


def ranked(links: pl.DataFrame, votes: Mapping[str, pl.DataFrame], book: Book) -> pl.DataFrame:
    """``RANKED`` of every link (``ground.LINKS``), in their order."""
    said = pl.concat([pl.DataFrame(schema=_WEIGHED), *(weighed(links, name, each, book) for name, each in votes.items())])
    own = pl.col("said") == pl.col("area_no")
    for_own = (
        said.filter(own & ~pl.col("witness").is_in(list(book.shared)))
        .group_by("key")
        .agg(pl.sum("weight").alias("held"), pl.len().alias("against"))
    )
    others = said.filter(~own).group_by("key", "said").agg(pl.sum("weight").alias("told"), pl.len().alias("pieces"))
    best = others.sort(["told", "said"], descending=[True, False]).unique("key", keep="first", maintain_order=True)
    prior = math.log(book.prior / (1 - book.prior))
    whole = links.select("key", "area_no").join(best, on="key", how="left", maintain_order="left")
    whole = whole.join(for_own, on="key", how="left", maintain_order="left")
    score = prior + pl.col("told").fill_null(0.0) - pl.col("held").fill_null(0.0)
    counts = [pl.col(name).fill_null(0).cast(pl.Int64).alias(name) for name in ("pieces", "against")]
    return whole.select("key", "area_no", pl.col("said").alias("should"), score.alias("score"), *counts)


def weighed(links: pl.DataFrame, name: str, votes: pl.DataFrame, book: Book) -> pl.DataFrame:
    """A witness's words with their weight, by how often such words agree with the ledger; what agrees too seldom is left out."""
    told = votes.filter(pl.col("most") > book.least * pl.col("count")).join(links.select("key", "area_no"), on="key")
    share = pl.col("most") / pl.col("count")
    kind = (share >= _STRONG[0]).cast(pl.Int8) + (share >= _STRONG[1]).cast(pl.Int8)
    many = (pl.col("most") >= _MANY[0]).cast(pl.Int8) + (pl.col("most") >= _MANY[1]).cast(pl.Int8)
    agrees = (pl.col("said") == pl.col("area_no")).cast(pl.Float64)
    credible = (agrees.sum().over("kind", "many") + 1) / (pl.len().over("kind", "many") + 2)
    told = told.with_columns(kind.alias("kind"), many.alias("many")).with_columns(credible.alias("credible"))
    weight = (pl.col("credible") / (1 - pl.col("credible")) * book.alternatives).log().clip(0.0, book.most)
    sound = told.filter(pl.col("credible") >= book.reliable)
    return sound.select("key", pl.lit(name).alias("witness"), "area_no", "said", "most", "count", weight.alias("weight"))


def _told(votes: Mapping[str, pl.DataFrame], wanted: pl.DataFrame, names: Mapping[str, str], book: Book) -> dict[str, tuple[str, ...]]:
    """Key -> sentences of the witnesses that name the area it should be in, in the order of the witnesses."""
    found: dict[str, list[str]] = {}
    for name, each in votes.items():
        mine = each.filter(pl.col("most") > book.least * pl.col("count")).join(
            wanted.select("key", pl.col("should").alias("said")), on=["key", "said"]
        )
        for key, area, most, count in mine.select("key", "said", "most", "count").iter_rows():
            found.setdefault(key, []).append(book.words[name].format(count=count, most=most, area=names.get(area, area)))
    return {key: tuple(sentences) for key, sentences in found.items()}


def grade(score: float, pieces: int, against: int, book: Book) -> Grade:
    """Certain only where enough witnesses agree and none speaks for the booked area."""
    if score >= book.certain and pieces >= book.pieces and not against:
        return Grade.CERTAIN
    return Grade.LIKELY if score >= book.likely else Grade.POSSIBLE


def _suspect(
    row: dict[str, object], titles: Mapping[str, str], told: Mapping[str, tuple[str, ...]], names: Mapping[str, str], book: Book
) -> Suspect:
    link, key, area, should = Link(str(row["link"])), str(row["key"]), str(row["area_no"]), str(row["should"])
    score, pieces, against = float(str(row["score"])), int(str(row["pieces"])), int(str(row["against"]))
    sure, evidence, title = grade(score, pieces, against, book), told.get(key, ()), titles.get(key, "")
    what = "计量箱" if link is Link.BOX_AREA else "用户"
    here, there = names.get(area, area), names.get(should, should)
    called = f"{what} {key}（{title}）" if title else f"{what} {key}"
    said = f"{called}的{LINK_TITLES[link]}{GRADE_TITLES[sure]}有误，台账在 {here}，应在 {there}：{'；'.join(evidence)}"
    return Suspect(link, _ENTITIES[link], key, title, area, here, should, there, round(score, 2), sure, said, evidence)
