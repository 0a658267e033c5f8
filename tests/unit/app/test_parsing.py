"""What a client sent wrongly is said in Chinese, field by field."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, field_validator

from backend.core.errors import InvalidInput
from backend.core.parsing import parse


class Inner(BaseModel, extra="forbid"):
    name: Annotated[str, Field(min_length=2, max_length=4, pattern="^[a-z]+$")]


class Order(BaseModel):
    count: Annotated[int, Field(ge=1, lt=10)]
    colour: Literal["red", "blue"] = "red"
    items: Annotated[list[Inner], Field(min_length=1, max_length=2)]

    @field_validator("count")
    @classmethod
    def _is_no_five(cls, value: int) -> int:
        if value == 5:
            raise ValueError("不能是五")
        return value


GOOD = {"count": 3, "items": [{"name": "abc"}]}


def said(change: dict[str, object]) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        parse(Order, GOOD | change)
    return dict(refused.value.errors)


def test_what_is_right_becomes_a_value() -> None:
    assert parse(Order, GOOD).items[0].name == "abc"


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"count": "x"}, "count", "应为整数"),
        ({"count": 1.5}, "count", "应为整数，不能有小数"),
        ({"count": 0}, "count", "不能小于 1"),
        ({"count": 10}, "count", "应小于 10"),
        ({"count": 5}, "count", "不能是五"),
        ({"count": None}, "count", "应为整数"),
        ({"colour": "green"}, "colour", "只能是：red、blue"),
        ({"items": "x"}, "items", "应为列表"),
        ({"items": []}, "items", "至少要有 1 项"),
        ({"items": [{"name": "ab"}] * 3}, "items", "最多 2 项"),
        ({"items": [{}]}, "items.0.name", "必填，没有填写"),
        ({"items": [{"name": "a"}]}, "items.0.name", "至少 2 个字"),
        ({"items": [{"name": "abcde"}]}, "items.0.name", "最多 4 个字"),
        ({"items": [{"name": "AB"}]}, "items.0.name", "格式不对"),
        ({"items": [{"name": "ab", "x": 1}]}, "items.0.x", "没有这个栏目，请检查拼写"),
        ({"items": [7]}, "items.0", "应为一组“名称：内容”"),
    ],
)
def test_each_complaint_has_its_sentence(
    change: dict[str, object], field: str, sentence: str
) -> None:
    assert said(change) == {field: sentence}


def test_all_complaints_come_at_once() -> None:
    assert set(said({"count": 0, "colour": "x", "items": []})) == {"count", "colour", "items"}


def test_what_is_no_object_at_all_is_the_body_s_fault() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(Order, None)

    assert [field for field, _ in refused.value.errors] == ["body"]
