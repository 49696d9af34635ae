"""Invents the station: the same seed gives the same station, however often."""

from datetime import date, timedelta
from random import Random

from lvdesk.network.identifiers import METER, METER_BOX, reconstruct
from lvdesk.sample import words
from lvdesk.sample.model import COUNTY, Area, Box, Customer, Feeder, Station, Substation

CUSTOMERS_PER_AREA = 70
AREAS_PER_FEEDER = 9
FEEDERS_PER_SUBSTATION = 6
_PRIVATE_SHARE = 0.12
_SLOTS = (((1, 1), 3), ((1, 2), 3), ((2, 2), 3), ((2, 3), 1))  # (rows, columns), how often
_ORIGIN = (114.21, 33.18)
_FIRST_DAY = date(2008, 1, 1)


class Numbers:
    """Numbers that are never given twice."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._taken: set[str] = set()

    def digits(self, prefix: str, length: int) -> str:
        """A new number of ``length`` digits that begins with ``prefix``."""
        while True:
            rest = length - len(prefix)
            number = prefix + f"{self._random.randrange(10**rest):0{rest}d}"
            if number not in self._taken:
                self._taken.add(number)
                return number

    def barcode(self, asset_type: str, series: str) -> str:
        """A new asset barcode with its check digit; it does not end like a damaged one."""
        while True:
            code = reconstruct(f"41300{asset_type}", self.digits(series, 14))
            if code and code[-7:].strip("0"):
                return code


def invent(customers: int, seed: int) -> Station:
    """A station of ``customers`` customers, spread over areas of about 70 and feeders of about 9 areas."""
    random = Random(seed)  # noqa: S311 - invented names need no secrecy
    numbers = Numbers(random)
    station = Station()
    areas = max(1, -(-customers // CUSTOMERS_PER_AREA))
    _lines(station, max(1, -(-areas // AREAS_PER_FEEDER)), random, numbers)
    for place in range(areas):
        left = customers - len(station.customers)
        share = left // (areas - place)
        feeder = station.feeders[place * len(station.feeders) // areas]
        size = share if place == areas - 1 else max(1, min(left - (areas - place - 1), round(share * random.uniform(0.7, 1.3))))
        is_public = size == left or random.random() >= _PRIVATE_SHARE
        if not is_public:
            area = _area(station, feeder, False, random, numbers)
            _private_customer(station, area, random, numbers)
            size -= 1
        if size:
            _households(station, _area(station, feeder, True, random, numbers), size, random, numbers)
    return station


def _lines(station: Station, feeders: int, random: Random, numbers: Numbers) -> None:
    for place in range(-(-feeders // FEEDERS_PER_SUBSTATION)):
        name, voltage = (("110kV临江变电站", "AC01101"), ("35kV青石变电站", "AC00351"))[place % 2]
        name = name if place < 2 else name.replace("变电站", f"{place}号变电站")
        station.substations.append(Substation(numbers.digits("12", 8), name, voltage))
    for place in range(feeders):
        base, again = words.FEEDERS[place % len(words.FEEDERS)], place // len(words.FEEDERS)
        name = f"10kV{base}{again + 1}线" if again else f"10kV{base}线"
        substation = station.substations[place // FEEDERS_PER_SUBSTATION]
        station.feeders.append(Feeder(numbers.digits("13", 10), name, substation, round(random.uniform(2.5, 14), 2)))


def _area(station: Station, feeder: Feeder, is_public: bool, random: Random, numbers: Numbers) -> Area:  # noqa: FBT001 - 公变 or 专变, said at both calls
    number = len(station.areas)
    village = words.VILLAGES[number % len(words.VILLAGES)]
    town = words.TOWNS[number // 4 % len(words.TOWNS)]
    short = feeder.name.removeprefix("10kV").removesuffix("线")
    name = f"{short}{village.removesuffix('村')}{number + 1}#公变" if is_public else f"{random.choice(words.FIRMS)[:4]}{number + 1}#专变"
    area = Area(
        area_no=numbers.digits("000" if number % 5 == 0 else "4", 10),
        name=name,
        feeder=feeder,
        is_public=is_public,
        capacity_kva=random.choice((100, 200, 315, 400, 630)),
        manager=_MANAGERS[number // 6 % len(_MANAGERS)],
        place=f"{COUNTY}{town}{village}",
        road=words.ROADS[number % len(words.ROADS)],
        longitude=round(_ORIGIN[0] + random.uniform(0, 0.08), 7),
        latitude=round(_ORIGIN[1] + random.uniform(0, 0.06), 7),
        transformer_no=numbers.barcode("02", "25"),
        transformer_model=random.choice(("S11-M", "S13-M", "SBH15-M")),
        installed_on=_day(random),
    )
    station.areas.append(area)
    return area


_MANAGERS = ("王临川", "李望舒", "张青禾", "刘远山", "陈立夏", "杨知秋", "赵平野", "周若谷")


def _households(station: Station, area: Area, size: int, random: Random, numbers: Numbers) -> None:
    house, left = 0, size
    while left:
        (rows, columns), _ = random.choices(_SLOTS, weights=[weight for _, weight in _SLOTS])[0]
        used = min(left, rows * columns if random.random() < 0.75 else random.randint(1, rows * columns))
        box = _box(area, (rows, columns), house + 1, random, numbers)
        station.boxes.append(box)
        for slot in range(used):
            house += 1
            station.customers.append(_customer(box, slot, house, random, numbers))
        left -= used


def _box(area: Area, size: tuple[int, int], house: int, random: Random, numbers: Numbers) -> Box:
    surveyed = f"2026-03-{random.randint(1, 28):02d} {random.randint(8, 17):02d}:{random.randint(0, 59):02d}:{random.randint(0, 59):02d}"
    return Box(
        bar_code=numbers.barcode(METER_BOX, "15"),
        area=area,
        rows=size[0],
        columns=size[1],
        location=_address(area, house),
        material=random.choice(("金属", "非金属")),
        longitude=round(area.longitude + random.uniform(-0.002, 0.002), 7),
        latitude=round(area.latitude + random.uniform(-0.002, 0.002), 7),
        surveyed_at=surveyed,
    )


def _customer(box: Box, slot: int, house: int, random: Random, numbers: Numbers) -> Customer:
    is_business = random.random() < 0.12
    is_three_phase = is_business and random.random() < 0.5
    customer_no = numbers.digits("00" if random.random() < 0.1 else "42", 10)
    return Customer(
        customer_no=customer_no,
        name=words.business(random) if is_business else words.person(random),
        address=_address(box.area, house),
        sort="02" if is_business else "03",
        elec_type=random.choice(("400", "402", "300")) if is_business else random.choice(("201", "201", "202")),
        voltage="AC03802" if is_three_phase else "AC02202",
        capacity=random.choice((15, 20, 30)) if is_three_phase else random.choice((4, 6, 8)),
        opened_on=_day(random),
        mp_no=numbers.digits("7", 10),
        meter_bar=numbers.barcode(METER, "18"),
        wiring="3" if is_three_phase else "1",
        phase="ABC" if is_three_phase else "ABC"[house % 3],
        phone=words.masked_phone(random),
        box=box,
        row=slot // box.columns + 1,
        column=slot % box.columns + 1,
    )


def _private_customer(station: Station, area: Area, random: Random, numbers: Numbers) -> None:
    box = _box(area, (1, 1), 1, random, numbers)
    customer = Customer(
        customer_no=numbers.digits("42", 10),
        name=random.choice(words.FIRMS),
        address=_address(area, 1),
        sort="01",
        elec_type="100",
        voltage="AC00101",
        capacity=area.capacity_kva,
        opened_on=_day(random),
        mp_no=numbers.digits("7", 10),
        meter_bar=numbers.barcode(METER, "18"),
        wiring="2",
        phase="ABC",
        phone=words.masked_phone(random),
        box=box,
        row=1,
        column=1,
    )
    station.boxes.append(box)
    station.customers.append(customer)


def _address(area: Area, house: int) -> str:
    return f"{area.place}{house // 25 + 1}组{area.road}{house}号"


def _day(random: Random) -> date:
    return _FIRST_DAY + timedelta(days=random.randrange(6200))
