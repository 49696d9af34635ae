from dataclasses import replace

import pytest

from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.payload import Payload, decode, encode, form_of
from lvdesk.fieldwork.forms.spots import spots, spots_of
from lvdesk.kit.errors import KnownError

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
USUAL = Payload("AB12CD34", "CL261123-01-007", "B", 1, 7, 53, ("1X2", "1X2", "2X2"))
LARGEST = Payload("ZZ99ZZ99", "CL261123-99-999", "B", 12, 999, 999, ("12X8-",))
FULLEST = replace(LARGEST, shapes=("1X2+1", "1X1", "1X2+2", "2X2+1"))


@pytest.mark.parametrize("payload", [USUAL, LARGEST, FULLEST, replace(USUAL, shapes=()), replace(USUAL, shapes=("N",) * 7)])
def test_what_goes_in_comes_out_in_few_letters_of_a_qr(payload: Payload) -> None:
    text = encode(payload)
    assert decode(text) == payload
    assert set(text) <= set(LETTERS)
    assert len(text) <= 120


def test_equal_blocks_are_counted() -> None:
    assert ":3*1X2$N:" in encode(replace(USUAL, shapes=("1X2", "1X2", "1X2", "N")))


def test_every_single_wrong_letter_is_noticed() -> None:
    text = encode(USUAL)
    for position, right in enumerate(text):
        for wrong in set(LETTERS + "abz\n，") - {right}:
            with pytest.raises(KnownError) as raised:
                decode(text[:position] + wrong + text[position + 1 :])
            assert raised.value.code == "form.code"


@pytest.mark.parametrize("cut", range(1, 60))
def test_a_code_cut_short_is_noticed(cut: int) -> None:
    with pytest.raises(KnownError) as raised:
        decode(encode(USUAL)[:-cut])
    assert raised.value.code == "form.code"


@pytest.mark.parametrize("text", ["", ":", "https://example.org/x", "LV1:::::", "CL261123-01-007", "4130005152698467069774", "二维码"])
def test_other_codes_are_refused(text: str) -> None:
    with pytest.raises(KnownError) as raised:
        decode(text)
    assert raised.value.code == "form.code"
    assert raised.value.hint


@pytest.mark.parametrize(
    "wrong",
    [{"station": "ab"}, {"station": ""}, {"sheet_no": "A:B"}, {"form_code": "BB"}, {"form_version": 0}, {"page": 0}],
)
def test_what_no_qr_of_ours_can_say_is_not_printed(wrong: dict[str, str | int]) -> None:
    with pytest.raises(ValueError):
        encode(replace(USUAL, **wrong))  # type: ignore[arg-type]


def test_the_code_alone_gives_the_places() -> None:
    forms = load_forms()
    read = decode(encode(USUAL))
    assert form_of(forms, read).key == "box_collection"
    assert spots_of(forms, read) == spots(forms["box_collection"], USUAL.shapes)


@pytest.mark.parametrize(
    "wrong, code, told",
    [({"form_version": 99}, "form.version", "第 99 版"), ({"form_code": "Z"}, "form.unknown", "“Z”")],
)
def test_a_sheet_of_another_edition_is_not_read_by_guess(wrong: dict[str, str | int], code: str, told: str) -> None:
    with pytest.raises(KnownError) as raised:
        spots_of(load_forms(), replace(USUAL, **wrong))  # type: ignore[arg-type]
    assert raised.value.code == code
    assert told in raised.value.message
    assert raised.value.hint


@pytest.mark.parametrize("shapes", [("99X99",), ("1X2",) * 40, ("L900",)])
def test_more_than_a_page_holds_cannot_have_been_printed(shapes: tuple[str, ...]) -> None:
    with pytest.raises(KnownError) as raised:
        spots(load_forms()["cover" if shapes[0].startswith("L") else "box_collection"], shapes)
    assert raised.value.code == "form.code"
