"""Paper forms into PDF: pages a second, memory over many pages."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from lvdesk.fieldwork.forms.layout import lay_out
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.model import Content
from lvdesk.kit.page import Page
from lvdesk.kit.progress import Progress
from tests.bench.apart import measure, memory, tell
from tests.helpers.figures import Figure
from tests.helpers.sheets import box, face, meter, sheets

if TYPE_CHECKING:
    from tests.bench.plan import Bench

_PAGES = 500
_FEW = 100


def printing(bench: "Bench") -> Iterator[Figure]:
    """Five hundred box sheets, each with its own boxes, meters and codes; the growth of memory from the hundredth page on."""
    run = measure("printing.sheets", bench.fresh() / "forms.pdf")
    seconds, grown = run.said["seconds"], run.said["grown"]
    value = f"{seconds:.1f} s, {run.said['bytes'] / 2**20:.1f} MB (processor {run.said['cpu']:.1f} s)"
    yield bench.figure(f"forms: {_PAGES} pages to PDF, laid out and painted", value, "< 60 s", met=seconds < 60)
    value = f"+{grown:.0f} MB from page {_FEW} to {_PAGES}; peak {run.peak:.0f} MB"
    yield bench.figure("forms: memory while printing", value, "flat: ≤ 20 MB", met=grown <= 20)


def _contents() -> Iterator[Content]:
    chance = Random(4)
    while True:
        rows, columns = chance.choice([(1, 1), (1, 2), (2, 2), (2, 3), (3, 4)])
        meters = [meter(chance.randrange(10**6), 1 + place // columns, 1 + place % columns) for place in range(rows * columns)]
        yield box(rows, columns, meters, **{"meter_box.bar_code": f"41300051{chance.randrange(10**14):014}"})


def _pages(seen: dict[str, float]) -> Iterator[Page]:
    form, contents = load_forms(None)["box_collection"], _contents()
    number = 0
    while True:
        here = [next(contents) for _ in range(30)]
        for shapes, parts in sheets(form, here):
            if number == _PAGES:
                return
            number += 1
            if number == _FEW:
                seen["before"] = memory()
            yield lay_out(form, face(number, _PAGES, f"CL261123-01-{number:03}"), shapes, parts)


def measured(path: str) -> dict[str, Any]:
    """Writes the pages in this process."""
    from ui.printing.pdf import write_pdf

    before, seen = memory(), {"before": 0.0}
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    started, own = time.perf_counter(), time.process_time()
    count = write_pdf(_pages(seen), Path(path), Progress(), title="bench")
    seconds, own = time.perf_counter() - started, time.process_time() - own
    assert count == _PAGES, count
    return {"seconds": seconds, "cpu": own, "before": before, "grown": memory() - seen["before"], "bytes": Path(path).stat().st_size}


if __name__ == "__main__":
    tell({"sheets": measured}[sys.argv[1]](sys.argv[2]))
