"""One ledger row becomes linked records of each entity."""

import polars as pl

from lvdesk.ledger.splitting import split
from lvdesk.templates.dictionary import load_dictionary

DICTIONARY = load_dictionary()


def wide(**columns: list[str | None]) -> pl.DataFrame:
    count = len(next(iter(columns.values())))
    data = {name.replace("__", "."): pl.Series(values, dtype=pl.String) for name, values in columns.items()}
    return pl.DataFrame({"row": pl.Series(range(3, 3 + count), dtype=pl.Int64), **data})


def test_a_customer_row_gives_customer_point_meter_and_box_linked() -> None:
    frames, conflicts = split(
        wide(
            customer__customer_no=["4209747019"],
            customer__name=["张三"],
            metering_point__mp_no=["0974701901"],
            metering_point__area_no=["4231757328"],
            meter__bar_code=["4130001180546654915074"],
            meter_box__bar_code=["4130005152698467069774"],
        ),
        DICTIONARY,
    )
    assert conflicts == []
    assert frames["customer"].row(0, named=True)["initials"] == "zs"
    assert frames["metering_point"].select("mp_no", "customer_no", "area_no").row(0) == ("0974701901", "4209747019", "4231757328")
    assert frames["meter"].select("asset_no", "mp_no", "box_no").row(0) == ("18054665491507", "0974701901", "15269846706977")
    assert frames["meter_box"].select("asset_no", "bar_code", "area_no").row(0) == (
        "15269846706977",
        "4130005152698467069774",
        "4231757328",
    )


def test_a_barcode_that_is_not_22_digits_stands_for_itself() -> None:
    frames, _ = split(wide(meter_box__bar_code=["箱-0815"]), DICTIONARY)
    assert frames["meter_box"]["asset_no"].to_list() == ["箱-0815"]


def test_a_customer_without_point_number_gets_a_provisional_point() -> None:
    frames, _ = split(wide(customer__customer_no=["1"], meter__bar_code=["4130001180546654915074"]), DICTIONARY)
    assert frames["metering_point"]["mp_no"].to_list() == ["@1"]
    assert frames["meter"]["mp_no"].to_list() == ["@1"]


def test_rows_of_one_box_make_one_record_and_disagreement_is_said() -> None:
    frames, conflicts = split(
        wide(
            meter_box__bar_code=["4130005152072149821957"] * 3,
            meter_box__material=["02", "01", None],
            meter_box__slot_rows=["2.0", None, "2"],
            meter__asset_no=["18221094960799", "18514918448356", "18088678155888"],
        ),
        DICTIONARY,
    )
    assert frames["meter_box"].height == 1
    assert frames["meter_box"].select("row", "material", "slot_rows").row(0) == (3, "02", 2)
    assert frames["meter"].height == 3
    assert [(c.row, c.field, c.first, c.other) for c in conflicts if c.field == "material"] == [(4, "material", "02", "01")]


def test_a_parent_known_only_by_name_gives_no_record_but_a_named_link() -> None:
    frames, _ = split(
        wide(transformer_area__area_no=["1"], feeder__feeder_no=["9"], feeder__name=["10kV甲线"], substation__name=["110kV甲站"]),
        DICTIONARY,
    )
    assert "substation" not in frames
    assert frames["feeder"].select("feeder_no", "substation_name").row(0) == ("9", "110kV甲站")
    assert frames["transformer_area"]["feeder_no"].to_list() == ["9"]
