"""Contents of paper forms as the field has them, with the longest names people give, and what a laid-out page shows of them."""

from collections.abc import Iterator, Sequence

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.layout import lay_out
from lvdesk.fieldwork.forms.model import Content, Face, MapPlace, Slot
from lvdesk.fieldwork.forms.paging import paged, shape_of, split
from lvdesk.kit.page import Comb, Page, TextBox

ADDRESS = "某某自治州某某县经济技术开发区某某街道办事处某某社区居民委员会第三十六居民小组九号"
AREA = "某某供电所某某村委会某某自然村北头机井灌溉专用四号公用变压器"
COMPANY = "某某自治州某某县经济技术开发区某某农业科技发展有限责任公司第二分公司灌溉合作社"
REASONS = "从未采录；台账新旧两版条形码不一致；户变关系待核；坐标缺失"
ABOUT = {
    "供电所": "某某供电所",
    "线路": "10kV银岗线",
    "台区": AREA,
    "网格": "城东网格",
    "班组": "配电一班",
    "采录人": "张三、李四",
    "计划日期": "2026-11-24",
}
AREA_VALUES = {"transformer_area.name": AREA, "transformer_area.area_no": "4231757328"}


def face(page: int = 1, pages: int = 1, sheet_no: str = "CL261123-01-007") -> Face:
    """Head and foot of a sheet."""
    return Face("AB12CD34", "CL261123-01", sheet_no, page, pages, ABOUT, "王雅翔", "2026-11-23 09:15", "低压营配现场采录")


def meter(number: int, row: int = 0, column: int = 0) -> Slot:
    """A meter whose last six digits are its number."""
    return Slot(row, column, f"18123456{number:06}", f"413000118123456{number:06}7")


def box(rows: int, columns: int, slots: Sequence[Slot] = (), **values: str) -> Content:
    """A box with its meters."""
    said = {
        **AREA_VALUES,
        "position": "12",
        "reasons": REASONS,
        "customers": "2",
        "meters": str(len(slots)),
        "meter_box.asset_no": "15269846706977",
        "meter_box.bar_code": "4130005152698467069774",
        "meter_box.location": ADDRESS,
        "meter_box.longitude": "115.6820234",
        "meter_box.latitude": "34.4465000",
        "meter_box.slot_rows": str(rows or ""),
        "meter_box.slot_columns": str(columns or ""),
        "meter_box.device_type": "低压电缆分支箱",
        "meter_box.device_name": "10kV某某某某线某某支线四十七号杆西侧三号出线",
    }
    return Content("meter_box", "15269846706977", {**said, **values}, tuple(slots))


def line(number: int) -> dict[str, str]:
    """A line of a table, for any of the forms."""
    said = {"position": str(number), "number": f"152698467{number:05}", "address": ADDRESS, "reasons": REASONS}
    return {**said, "sheet_no": f"CL261123-01-{number:03}", "form_title": "计量箱现场采录表", "content": f"第 {number} 号箱"}


def listing(form: Form, lines: int) -> Content:
    """A content with so many lines, for the forms that have a table."""
    values = {**AREA_VALUES, "access_point.access_point_no": "JRD0001", "package_no": "CL261123-01", "title": AREA, "boxes": str(lines)}
    return Content(
        form.per, "1", values, rows=tuple(map(line, range(1, lines + 1))), places=(MapPlace("box", 115.68, 34.44, "1", visited=True),)
    )


def customer() -> Content:
    """A customer nobody knows the box of."""
    said = {"customer.customer_no": "4137271273", "customer.name": COMPANY, "customer.address": ADDRESS, "reasons": REASONS}
    return Content("customer", "4137271273", {**AREA_VALUES, **said, "position": "7", "meter.bar_code": "4130001180546654915074"})


def sheets(form: Form, contents: Sequence[Content]) -> Iterator[tuple[tuple[str, ...], list[Content]]]:
    """The pages of these contents: shapes and contents of each."""
    parts = [part for content in contents for part in split(form, content)]
    shapes = [shape_of(form, part) for part in parts]
    for place in paged(form, shapes):
        yield tuple(shapes[place.start : place.stop]), parts[place.start : place.stop]


def pages(form: Form, contents: Sequence[Content]) -> list[Page]:
    """The pages as they would be printed."""
    return [lay_out(form, face(), shapes, here) for shapes, here in sheets(form, contents)]


def texts(page: Page) -> list[str]:
    """All words on a page."""
    return [item.text for item in page.items if isinstance(item, TextBox | Comb)]
