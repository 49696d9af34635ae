"""The picture as people walk it: tree, tables, search, one record with its place and its relations."""

import pytest

from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.table import Condition, Filter, Query
from lvdesk.network.browsing import Node, children, entities, table
from lvdesk.network.counting import absent, counts, loop
from lvdesk.network.records import show
from lvdesk.network.searching import search
from lvdesk.sample import SampleStation
from lvdesk.workspace import Workspace


def test_the_tree_leads_to_every_customer(stocked: Workspace, station: SampleStation) -> None:
    found: list[Node] = []
    waiting = children(stocked, None)
    while waiting:
        node = waiting.pop()
        below = children(stocked, node)
        assert node.leaf or node.entity == "customer" or len(below) == node.count
        found.append(node)
        waiting += below
    kinds = {entity: {node.key for node in found if node.entity == entity} for entity, _ in entities(stocked)}
    assert kinds["feeder"] == {feeder.feeder_no for feeder in station.station.feeders}
    assert kinds["transformer_area"] == {area.area_no for area in station.station.areas}
    assert kinds["customer"] == {customer.customer_no for customer in station.station.customers}
    assert "" not in {node.key for node in found}


def test_a_table_below_a_feeder_shows_its_customers_only(stocked: Workspace, station: SampleStation) -> None:
    feeder = station.station.feeders[0]
    node = next(node for top in children(stocked, None) for node in children(stocked, top) if node.key == feeder.feeder_no)
    source = table(stocked, "customer", node)
    rows = source.rows(source.ids(Query(order=(("customer_no", False),))))
    assert [row.values[0] for row in rows] == sorted(c.customer_no for c in station.station.customers if c.box.area.feeder is feeder)


@pytest.mark.parametrize(
    "entity", ["substation", "feeder", "transformer_area", "transformer", "meter_box", "meter", "metering_point", "customer"]
)
def test_every_table_shows_all_its_records(stocked: Workspace, entity: str) -> None:
    source = table(stocked, entity)
    ids = source.ids(Query())
    rows = source.rows(ids)
    assert len(ids) == len(rows) == counts(stocked)[entity]
    assert all(len(row.values) == len(source.columns) for row in rows)


def test_a_table_is_filtered_by_words_and_ordered(stocked: Workspace, station: SampleStation) -> None:
    source = table(stocked, "customer")
    customer = station.station.customers[7]
    assert [row.values[0] for row in source.rows(source.ids(Query(words=customer.customer_no)))] == [customer.customer_no]
    down = source.rows(source.ids(Query(order=(("contract_capacity", True),))))
    place = [column.key for column in source.columns].index("contract_capacity")
    capacities = [float(row.values[place]) for row in down if row.values[place]]
    assert capacities == sorted(capacities, reverse=True)
    kinds = source.values("sort", Query())
    assert sum(count for _, count in kinds) == len(down)
    assert "低压居民" in dict(kinds)


@pytest.mark.parametrize("condition", [Condition.AT_LEAST, Condition.AT_MOST, Condition.BETWEEN])
@pytest.mark.parametrize("operands", [("abc",), ("1", "abc"), ()])
def test_a_word_is_no_limit_for_numbers(stocked: Workspace, condition: Condition, operands: tuple[str, ...]) -> None:
    source = table(stocked, "transformer_area")
    assert len(source.ids(Query((Filter("capacity_kva", condition, operands),)))) == 0


def test_more_rows_than_a_statement_takes_parameters(stocked: Workspace) -> None:
    assert len(table(stocked, "customer").rows(range(1, 400_000))) == counts(stocked)["customer"]


def test_search_finds_by_number_barcode_name_and_initials(stocked: Workspace, station: SampleStation) -> None:
    customer = station.station.customers[3]
    assert (search(stocked, customer.customer_no)[0].entity, search(stocked, customer.customer_no)[0].key) == (
        "customer",
        customer.customer_no,
    )
    assert search(stocked, customer.meter_bar)[0].entity == "meter"
    assert search(stocked, customer.box.bar_code)[0].entity == "meter_box"
    assert customer.customer_no in {hit.key for hit in search(stocked, customer.name, 100)}
    assert customer.box.area.area_no in {hit.key for hit in search(stocked, customer.box.area.name)}
    assert search(stocked, customer.customer_no[-5:])
    assert search(stocked, "  ") == []
    assert search(stocked, "%") == []
    assert search(stocked, "没有这样的东西") == []


def test_one_record_knows_its_place(stocked: Workspace, station: SampleStation) -> None:
    customer = station.station.customers[0]
    area = customer.box.area
    found = show(stocked, "customer", customer.customer_no)
    keys = [
        area.feeder.substation.substation_no,
        area.feeder.feeder_no,
        area.area_no,
        customer.box.bar_code[7:21],
        customer.meter_bar[7:21],
        customer.customer_no,
    ]
    assert [link.key for link in found.path] == keys
    assert {(entity, count) for entity, _, count in found.children} == {("metering_point", 1), ("meter", 1), ("meter_box", 1)}
    by_name = show(stocked, "transformer_area", area.name)
    assert by_name.key == area.area_no
    assert show(stocked, "meter_box", customer.box.bar_code).key == customer.box.bar_code[7:21]
    below = {entity: count for entity, _, count in by_name.children}
    assert below["customer"] == sum(1 for other in station.station.customers if other.box.area is area)


def test_what_does_not_exist_is_said(stocked: Workspace) -> None:
    with pytest.raises(KnownError) as missing:
        show(stocked, "customer", "404")
    assert missing.value.code == "show.missing"
    with pytest.raises(RefusedError) as unknown:
        show(stocked, "house", "1")
    assert unknown.value.code == "show.entity"


def test_the_loop_counts_what_is_there(stocked: Workspace, station: SampleStation) -> None:
    steps = {step.key: step for step in loop(stocked)}
    assert (steps["import"].count, steps["export"].count) == (len(station.files), 0)
    assert absent(stocked) == 0
