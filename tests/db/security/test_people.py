"""People: registered by whom, signed in with what, allowed which actions; on both databases, undoable."""

from pathlib import Path

import pytest

from lvdesk import history
from lvdesk.kit.errors import KnownError, LVDeskError, RefusedError
from lvdesk.security import people
from lvdesk.security.pins import Guard
from lvdesk.workspace import Workspace


def add(ws: Workspace, name: str, *roles: str, pin: str = "") -> None:
    people.register(ws.store, ws.overrides, name, roles, "内勤班", pin)


def allowed(ws: Workspace, name: str) -> set[str]:
    return set(people.actions(ws.store, ws.overrides, name))


def code_of(error: type[LVDeskError], call: object, *given: object, **more: object) -> str:
    with pytest.raises(error) as raised:
        call(*given, **more)  # type: ignore[operator]
    return raised.value.code


def test_the_first_run_asks_nothing_and_the_first_admin_closes_the_door(ws: Workspace) -> None:
    assert people.people(ws.store, ws.overrides) == []
    assert "people.manage" in allowed(ws, ws.person)
    add(ws, "赵管理", "admin")
    assert code_of(RefusedError, add, ws, "钱内勤", "clerk") == "people.not_allowed"
    ws.store.person = "赵管理"
    add(ws, "钱内勤", "clerk")
    assert [(each.name, each.role_titles, each.team) for each in people.people(ws.store, ws.overrides)] == [
        ("赵管理", ("管理员",), "内勤班"), ("钱内勤", ("内勤",), "内勤班"),
    ]  # fmt: skip


def test_who_is_not_registered_prepares_but_confirms_nothing(ws: Workspace) -> None:
    add(ws, "赵管理", "admin")
    found = allowed(ws, "路人")
    assert "review.prepare" in found
    assert found.isdisjoint({"review.marketing", "review.operations", "people.manage"})


@pytest.mark.parametrize(
    "roles, actions",
    [
        (["marketing"], {"review.marketing"}), (["operations"], {"review.operations"}),
        (["营销班组", "运检班组"], {"review.marketing", "review.operations"}),
        (["reader"], set()),
        (["grid_leader"], {"review.grid", "review.audit", "orders.dispatch", "orders.archive"}),
    ],
)  # fmt: skip
def test_roles_allow_their_actions_together(ws: Workspace, roles: list[str], actions: set[str]) -> None:
    add(ws, "赵管理", "admin")
    ws.store.person = "赵管理"
    add(ws, "张三", *roles)
    assert allowed(ws, "张三") == actions


@pytest.mark.parametrize(
    "name, roles, code",
    [("", ["clerk"], "people.name"), ("张三", ["king"], "people.role"), ("张三", [], "people.role"), ("李四", ["clerk"], "people.known")],
)
def test_what_cannot_be_registered_says_why(ws: Workspace, name: str, roles: list[str], code: str) -> None:
    add(ws, "李四", "clerk")
    assert code_of(RefusedError, add, ws, name, *roles) == code


def test_signing_in_asks_for_the_pin_of_who_has_one(ws: Workspace) -> None:
    add(ws, "孙七", "marketing", pin="2468")
    add(ws, "李四", "clerk")
    assert code_of(RefusedError, people.sign_in, ws.store, ws.overrides, "孙七", "1111") == "people.pin"
    assert ws.person != "孙七"
    assert people.sign_in(ws.store, ws.overrides, "孙七", "2468").has_pin
    assert ws.person == "孙七"
    assert people.sign_in(ws.store, ws.overrides, "李四").name == ws.person == "李四"
    assert code_of(KnownError, people.sign_in, ws.store, ws.overrides, "王五") == "people.unknown"


def test_spaces_around_a_name_give_no_further_tries(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "GUARD", Guard())
    add(ws, "周八", "marketing", pin="2468")
    tries = [code_of(RefusedError, people.check_pin, ws.store, "周八" + " " * more, "1111") for more in range(6)]
    assert tries == ["people.pin"] * 5 + ["people.pin_wait"]


def test_a_name_with_a_pin_is_not_had_by_saying_it(ws: Workspace) -> None:
    add(ws, "孙七", "marketing", pin="2468")
    add(ws, "李四", "clerk")
    for name, seated in (("孙七", False), ("李四", True)):
        again = Workspace.open(ws.folder, ws.store.url, person=name)
        assert (again.person == name) is seated
        again.close()


def test_taking_writes_back_gives_nobody_roles(ws: Workspace) -> None:
    add(ws, "赵管理", "admin")
    ws.store.person = "赵管理"
    add(ws, "张三", "marketing")
    people.change(ws.store, ws.overrides, "张三", roles=["clerk"])
    (entry,) = history.entries(ws, limit=1)
    ws.store.person = "张三"
    assert code_of(RefusedError, history.undo, ws, entry.id) == "people.not_allowed"
    assert people.find(ws.store, ws.overrides, "张三").roles == ("clerk",)
    ws.store.person = "赵管理"
    history.undo(ws)
    assert people.find(ws.store, ws.overrides, "张三").roles == ("marketing",)


def test_who_left_signs_in_no_more_and_may_nothing(ws: Workspace) -> None:
    add(ws, "赵管理", "admin")
    ws.store.person = "赵管理"
    add(ws, "张三", "marketing")
    people.change(ws.store, ws.overrides, "张三", active=False)
    assert code_of(RefusedError, people.sign_in, ws.store, ws.overrides, "张三") == "people.left"
    assert allowed(ws, "张三") == set()


def test_the_last_admin_stays(ws: Workspace) -> None:
    add(ws, "赵管理", "admin")
    ws.store.person = "赵管理"
    assert code_of(RefusedError, people.change, ws.store, ws.overrides, "赵管理", roles=["clerk"]) == "people.last_admin"
    assert code_of(RefusedError, people.change, ws.store, ws.overrides, "赵管理", active=False) == "people.last_admin"
    assert "people.manage" in allowed(ws, "赵管理")


def test_everybody_sets_his_own_pin_only(ws: Workspace) -> None:
    add(ws, "赵管理", "admin")
    ws.store.person = "赵管理"
    add(ws, "张三", "marketing")
    add(ws, "李四", "clerk")
    ws.store.person = "张三"
    people.set_pin(ws.store, ws.overrides, "张三", "13579")
    assert code_of(RefusedError, people.set_pin, ws.store, ws.overrides, "李四", "13579") == "people.not_allowed"
    people.check_pin(ws.store, "张三", "13579")
    people.set_pin(ws.store, ws.overrides, "张三", "")
    assert not people.find(ws.store, ws.overrides, "张三").has_pin


def test_history_tells_of_people_without_their_pins(ws: Workspace) -> None:
    add(ws, "张三", "marketing", pin="2468")
    (entry,) = history.entries(ws, limit=1)
    lines = history.detail(ws, entry.id)
    assert entry.label == "登记人员 张三"
    assert {line.field_title for line in lines} == {"姓名", "角色", "班组", "在岗"}
    assert not any("argon2" in line.after for line in lines)
    history.undo(ws)
    assert people.people(ws.store, ws.overrides) == []


def test_the_stations_own_roles_count(ws: Workspace) -> None:
    own = (Path(__file__).parents[3] / "resources" / "roles.toml").read_text(encoding="utf-8")
    ws.overrides.mkdir(exist_ok=True)
    changed = own.replace('actions = ["review.prepare", "review.audit", ', 'actions = ["review.prepare", "review.marketing", ')
    (ws.overrides / "roles.toml").write_text(changed, encoding="utf-8")
    add(ws, "张三", "clerk")
    assert "review.marketing" in allowed(ws, "张三")
