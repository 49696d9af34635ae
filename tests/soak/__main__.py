"""``python -m tests.soak [--kills 200] [--corpus DIR …]``: faults at length, kept in resources/docs/figures.md."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.helpers import hostile, review_machine
from tests.helpers.figures import Figure, keep
from tests.helpers.postgres import running
from tests.soak import export_kills, import_kills, kills, odd_files, return_kills, review_keys, review_kills, review_race
from tests.soak import photos as photographed
from tests.soak import scans as scanned
from tests.soak.odd_files import Outcome

_COMMAND = "python dev.py soak"
_STORE_FAULTS = ("lost", "half_done", "corrupt", "chain_broken")
_SHOWN = 20
_IDENTIFIED, _PAGE = 0.995, 0.7
_PRECISION = 0.999


def store(options: argparse.Namespace) -> Iterator[Figure]:
    """Kills during writes, undo, migration, backup and restore of the store."""
    found = kills.run(options.kills)
    yield _killed("store (write, undo, migration, backup, restore)", found, _STORE_FAULTS, "in_flight")
    controls = found["controls"]
    assert isinstance(controls, dict)
    for name, result in controls.items():
        yield Figure(f"control: {name.replace('_', ' ')}, kills with damage", result, _COMMAND, "≥ 1", not result.startswith("0"))


def imports(options: argparse.Namespace) -> Iterator[Figure]:
    """Kills of the program during import, undo, redo and backup."""
    found = import_kills.run(options.kills)
    yield _killed("program (import, undo, redo, backup)", found, import_kills.FAULTS, "died")
    value = f"{found['committing']} on its way to the disk, {found['unanswered']} between commit and answer"
    yield Figure("kills of the program that hit a transaction", value, _COMMAND)
    control = str(found["control"])
    yield Figure("control: the same import with journal off, kills with damage", control, _COMMAND, "≥ 1", not control.startswith("0"))


def returns(options: argparse.Namespace) -> Iterator[Figure]:
    """Kills of the program while field results come back."""
    found = return_kills.run(options.kills // 2)
    yield _killed("field return, the same files returned again", found, return_kills.FAULTS, "died")
    control = str(found["control"])
    yield Figure("control: the same return with journal off, kills with damage", control, _COMMAND, "≥ 1", not control.startswith("0"))


def exports(options: argparse.Namespace) -> Iterator[Figure]:
    """Kills of the program while packages leave, every format in turn."""
    found = export_kills.run(options.kills // 2)
    yield _killed("exports of all formats", found, export_kills.FAULTS, "died")
    control = str(found["control"])
    yield Figure("control: packages named before they are whole, kills with damage", control, _COMMAND, "≥ 1", not control.startswith("0"))


def _killed(what: str, found: dict[str, Any], faults: tuple[str, ...], died: str) -> Figure:
    counts = ", ".join(f"{found[name]} {name.replace('_', ' ')}" for name in faults)
    value = f"{counts} ({found[died]} died at work, {found['acknowledged']} steps acknowledged, {found['seconds']:.0f} s)"
    return Figure(f"{found['kills']} kills: {what}", value, _COMMAND, "all 0", not any(found[name] for name in faults))


def files(options: argparse.Namespace) -> Iterator[Figure]:
    """Hostile files of our own, then the corpora given."""
    with TemporaryDirectory(prefix="lvdesk-hostile-") as folder:
        made = hostile.make(Path(folder))
        outcomes = odd_files.run(list(made))
        strange = [each for each, wanted in zip(outcomes, made.values(), strict=True) if not each.expected(wanted)]
        yield from _table("hostile files made here", outcomes, strange)
    for corpus in options.corpus:
        paths = sorted(path for path in corpus.rglob("*") if path.is_file())
        yield from _table(f"corpus of {len(paths)} files", odd_files.run(paths), [])


def _table(what: str, outcomes: list[Outcome], strange: list[Outcome]) -> Iterator[Figure]:
    seen = odd_files.summary(outcomes)
    for each in (seen["unclear"] + seen["out_of_bounds"] + strange)[:_SHOWN]:
        print(f"  {each}")
    told = ", ".join(f"{count} {code}" for code, count in seen["outcomes"].items())
    bad = len(seen["unclear"]) + len(strange)
    value = f"{told}; {bad} otherwise"
    yield Figure(f"{what}: {seen['files']} imported or refused in one line, status 2", value, _COMMAND, "0 otherwise", not bad)
    slow, large = seen["slowest"], seen["largest"]
    value = f"slowest {slow.seconds:.1f} s ({slow.name}), largest {large.child:.0f} MB ({large.name}); main process {seen['own']:.0f} MB"
    yield Figure(f"{what}: time, memory of the reading process", value, _COMMAND, "≤ 20 s, ≤ 1,500 MB", not seen["out_of_bounds"])
    died = sum(each.status == -1 for each in outcomes)
    yield Figure(f"{what}: main process died", str(died), _COMMAND, "0", not died)


def scans(options: argparse.Namespace) -> Iterator[Figure]:
    """Sheets simulated with pen, scanner and phone, read back."""
    found = scanned.run(options.sheets)
    pages, what = max(found["pages"], 1), f"{options.sheets} simulated sheets"
    share = found["identified"] / pages
    value = f"{share:.1%} ({found['read']} read, {found['queued']} wait for a person)"
    yield Figure(f"{what}: identified", value, _COMMAND, "≥ 99.5 %", share >= _IDENTIFIED)
    value = f"{found['wrong ticks']} of {found['ticks']} ({found['ticked ticks']} ticked); {found['doubtful ticks']} wait for a person"
    yield Figure(f"{what}: wrong ticks", value, _COMMAND, "0", not found["wrong ticks"])
    value = f"{found['wrong writing']} of {found['writing']}"
    yield Figure(f"{what}: written cells taken for empty", value, _COMMAND, "0", not found["wrong writing"])
    seconds = found["milliseconds"] / 1000 / pages
    yield Figure(f"{what}: processor time of a page", f"{seconds:.2f} s", _COMMAND, "≤ 0.7 s", seconds <= _PAGE)
    wrong = found["control wrong ticks"]
    yield Figure("control: any ink taken for a tick, wrong ticks on every fifth sheet", str(wrong), _COMMAND, "≥ 1", bool(wrong))


def photos(options: argparse.Namespace) -> Iterator[Figure]:
    """Photos made up with what they show, taken in, stopped once on the way."""
    found = photographed.run(options.photos)
    what, made = f"{options.photos} made-up photos", found.judged
    wrong = f"; wrong: {found.wrong}" if made.wrong else ""
    value = f"{made.precision:.2%} of {made.bound} ({found.neighbours} without a code in the picture){wrong}"
    yield Figure(f"{what}: filed rightly by themselves", value, _COMMAND, "≥ 99.9 %", made.precision >= _PRECISION)
    value = f"{made.bound} of {made.able}, the rest wait for a person"
    yield Figure(f"{what}: filed by themselves of those that show a box", value, _COMMAND)
    value = f"{found.lost} ({found.files} files, stopped once, taken again, taken once more: {found.again.known} known)"
    yield Figure(f"{what}: files, rows or originals not accounted for", value, _COMMAND, "0", not found.lost)
    yield Figure(f"{what}: time of a photo", f"{found.seconds / found.files:.2f} s", _COMMAND)
    value = f"{found.loose.precision:.2%} of {found.loose.bound}"
    failed = found.loose.precision < _PRECISION
    yield Figure("control: photos filed to whatever is nearest, rightly", value, _COMMAND, "< 99.9 %", failed)


def review(options: argparse.Namespace) -> Iterator[Figure]:
    """Everybody at random; two processes on one server; kills; two thousand items by keyboard in the window."""
    yield from _at_random(options)
    killed = review_kills.run(options.kills // 2)
    yield _killed("review decide, hundreds of items each", killed, review_kills.FAULTS, "died")
    off = str(killed["control"])
    yield Figure("control: the same decision with journal off, kills with damage", off, _COMMAND, "≥ 1", not off.startswith("0"))
    with running() as server:
        for at_once in (10, 1):
            yield _raced(review_race.run(server.create(), options.items // 2, at_once), "ten by ten" if at_once > 1 else "one by one")
        control = review_race.run(server.create(), options.items // 20, careless=True)
    value = f"{control.double} of {control.items}"
    yield Figure("control: checked before the write instead of in it, decided twice", value, _COMMAND, "≥ 1", control.double > 0)
    keys = review_keys.run(options.items)
    longest, usual = (f"{keys[name]:.0f} ms" for name in ("longest", "p99"))
    value = f"longest {longest}, 99 % {usual}, {keys['over 100']} over 100 ms ({keys['decided']} in {keys['seconds']} s)"
    yield Figure(
        f"review: {keys['items']} items by keyboard, gaps of the event loop", value, _COMMAND, "0 over 100 ms", not keys["over 100"]
    )


def _raced(found: review_race.Race, how: str) -> Figure:
    told = " + ".join(map(str, found.told))
    value = f"{found.lost} lost, {found.double} double ({told} decided, {found.refused} times told who was faster)"
    met = not (found.lost or found.double) and sum(found.told) == found.items and min(found.told) > 0
    return Figure(f"two processes decide the same {found.items} items, {how}", value, _COMMAND, "0 lost, 0 double", met)


def _at_random(options: argparse.Namespace) -> Iterator[Figure]:
    """The machine of people, windows, returns, undo and deaths; then without the check of who may decide."""
    found, reached = review_machine.played(options.items // 20)
    steps = sum(count for what, count in reached.items() if " " in what and not what.startswith(("undo", "confirmed by")))
    value = found or f"none in {options.items // 20} plays ({steps} decisions, {reached['undo']} undone, {reached['redo']} redone)"
    yield Figure("review at random: ways past a stage, own entries confirmed, decisions lost", value, _COMMAND, "none", not found)
    found, _ = review_machine.played(options.items // 20, careless=True)
    yield Figure("control: nobody asked who may decide, found", found or "nothing", _COMMAND, "found", bool(found))


GROUPS: dict[str, Callable[[argparse.Namespace], Iterator[Figure]]] = {
    group.__name__: group for group in (store, imports, returns, exports, files, scans, photos, review)
}


def main(arguments: list[str]) -> int:
    """Runs what is asked for; exit status 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="faults at length")
    parser.add_argument("--kills", type=int, default=200, help="kills of the store, and as many of the program")
    parser.add_argument("--sheets", type=int, default=500, help="sheets to simulate and read")
    parser.add_argument("--photos", type=int, default=1000, help="photos to make and take in")
    parser.add_argument("--items", type=int, default=2000, help="items of the review to decide by keyboard, half as many by two processes")
    parser.add_argument("--corpus", type=Path, nargs="+", default=[], metavar="DIR", help="folders of odd files")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS), help="groups to run")
    parser.add_argument("--print-only", action="store_true", help="leaves figures.md alone")
    options = parser.parse_args(arguments)
    figures: list[Figure] = []
    for name in options.only:
        for figure in GROUPS[name](options):
            figures.append(figure)
            goal = f"   goal {figure.goal}: {'met' if figure.met else 'MISSED'}" if figure.goal else ""
            print(f"{figure.what}: {figure.value}{goal}", flush=True)
    if not options.print_only:
        keep("soak", "Faults", figures)
    return 1 if any(figure.met is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
