import pytest

from lvdesk.fieldwork.forms.shapes import Shape
from lvdesk.kit.errors import KnownError


@pytest.mark.parametrize(
    "text, shape",
    [
        ("0", Shape()),
        ("N", Shape(blank=True)),
        ("2X4", Shape(2, 4)),
        ("1X2+3", Shape(1, 2, 3)),
        ("+3", Shape(loose=3)),
        ("L20-", Shape(lines=20, more=True)),
        ("L8/...20", Shape(lines=8, before=(0, 0, 0, 20))),
        ("3X8/9-", Shape(3, 8, before=(9, 0, 0, 0), more=True)),
        ("9X4+9/.8", Shape(9, 4, 9, before=(0, 8, 0, 0))),
        ("/.12.3", Shape(before=(0, 12, 3, 0))),
        ("0-", Shape(more=True)),
    ],
)
def test_a_shape_and_its_text(text: str, shape: Shape) -> None:
    assert str(shape) == text
    assert Shape.parse(text) == shape


@pytest.mark.parametrize("text", ["", "X", "2x4", "2X", "02X4", "0X0", "2X4/", "L0", "-", "NN", "2X4+", "1.2", "2X4/1.2.3.4.5", "２X4"])
def test_what_is_no_shape_is_refused(text: str) -> None:
    with pytest.raises(KnownError) as raised:
        Shape.parse(text)
    assert raised.value.code == "form.code"
