"""Writes the invented station's files as its people would hand them over."""

from collections import Counter
from pathlib import Path

from lvdesk.kit.progress import Progress
from lvdesk.sample import field_results, ledgers, survey
from lvdesk.sample.inventing import invent
from lvdesk.sample.model import COMPANY, SampleStation, Station
from lvdesk.sample.sheets import Book


def build(folder: Path, customers: int = 3000, seed: int = 1, dirt: bool = True, progress: Progress | None = None) -> SampleStation:  # noqa: FBT001, FBT002 - clean or dirty, always named
    """Writes the sample station into ``folder``; the same arguments give the same files, byte for byte.

    Args:
        folder: created when missing; files of the same names are replaced.
        customers: how many, at least 1.
        seed: another seed, another station.
        dirt: whether the files carry the dirt of real ones.
        progress: counts files.
    """
    progress = progress or Progress()
    station = invent(customers, seed)
    progress.start("生成样例供电所", len(station.feeders) + 3, "个文件")
    files, counts = [folder / "01_站线清单.xlsx"], _truth(station)
    _lists(files[0], station)
    progress.step()
    for feeder in station.feeders:
        files.append(folder / "02_按线路导出" / f"{feeder.name}.xlsx")
        counts.update(ledgers.write(files[-1], station, feeder, dirt=dirt))
        progress.step()
    files.append(folder / "03_计量箱普查表.csv")
    counts.update(survey.write(files[-1], station, dirt=dirt))
    progress.step()
    files.append(folder / "04_现场采录" / "外勤一班.xlsx")
    counts.update(field_results.write(files[-1], station, seed, dirt=dirt))
    progress.step()
    return SampleStation(tuple(files), dict(counts), station)


def _truth(station: Station) -> Counter[str]:
    customers = len(station.customers)
    return Counter(
        {
            "substations": len(station.substations),
            "feeders": len(station.feeders),
            "areas": len(station.areas),
            "transformers": len(station.areas),
            "boxes": len(station.boxes),
            "customers": customers,
            "metering_points": customers,
            "meters": customers,
        },
    )


def _lists(path: Path, station: Station) -> None:
    with Book(path) as book:
        book.sheet(
            "变电站",
            ("变电站编号", "变电站名称", "电压等级", "管理单位"),
            [(s.substation_no, s.name, s.voltage, COMPANY) for s in station.substations],
        )
        book.sheet(
            "线路",
            ("线路编号", "线路名称", "电压", "所属变电站编号", "所属变电站", "线路长度(km)", "公专线标志"),
            [(f.feeder_no, f.name, "AC00101", f.substation.substation_no, f.substation.name, f.length_km, "公线") for f in station.feeders],
        )
