"""Personal data made harmless; the numbers are those of the standards' own examples."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.masking import (
    mask_address,
    mask_card,
    mask_id_number,
    mask_name,
    mask_phone,
    mask_text,
)


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "*三"), ("欧阳锋", "欧*锋"), ("欧阳小锋", "欧**锋"), ("张", "*"), ("", "")],
)
def test_a_name_keeps_what_its_bearer_needs_to_recognise_it(name: str, masked: str):
    assert mask_name(name) == masked


def test_numbers_keep_their_ends():
    assert mask_id_number("11010519491231002X") == "110105********002X"
    assert mask_phone("13812348000") == "138****8000"
    assert mask_card("6222021234567890128") == "622202*********0128"


def test_a_number_too_short_to_keep_its_ends_is_hidden_whole():
    assert mask_id_number("1101") == "****"


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("北京市东城区景山街道五四大街29号", "北京市东城区景山街道***"),
        ("四川省广安市武胜县沿口镇民主街8号", "四川省广安市武胜县沿口镇***"),
        ("广安区人民路12号3单元", "广安区人民路***"),
        ("某某县某小区5栋", "某某县某小区***"),
        ("5栋2单元", "***"),
    ],
)
def test_an_address_ends_at_the_street_or_village(address: str, masked: str):
    assert mask_address(address) == masked


@pytest.mark.parametrize(
    "secret",
    [
        "11010519491231002X",
        "11010519491231002x",
        "110105491231002",
        "13800138000",
        "138-0013-8000",
        "138 0013 8000",
        "+8613800138000",
        "6222021234567890128",
        "6222 0212 3456 7890 128",
        "2088102146225135",
        "oABCDEFGHIJKLMNOPQRSTUVWXYZ1",
    ],
)
@pytest.mark.parametrize("around", ["{}", "电话{}，急", 'x="{}"', "({}\n"])
def test_a_number_of_a_person_is_found_in_any_text(secret: str, around: str):
    assert secret not in mask_text(around.format(secret))


@pytest.mark.parametrize(
    "text",
    [
        "GET /cgi-bin/token?appid=wx1&secret=geheim",
        '{"session_key": "geheim", "expires_in": 7200}',
        "Authorization: Bearer geheim",
        "postgres://office:geheim@db:5432/hall",
        "access_token=geheim&openid=x",
        "1 validation error [type=int_parsing, input_value='geheim', input_type=str]",
        "DETAIL:  Key (name)=(geheim) already exists.",
        "DETAIL:  Failing row contains (1, geheim, null).",
    ],
)
def test_a_secret_is_found_by_the_words_before_it(text: str):
    assert "geheim" not in mask_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T08:00:00+08:00",
        "受理编号 20261122000123",
        "took_ms=1234",
        "订单 1234567890123456",
    ],
)
def test_ordinary_numbers_stay_readable(text: str):
    assert mask_text(text) == text


@given(st.text(), st.text(alphabet=st.characters(exclude_categories=["Nd"])))
def test_no_phone_survives_whatever_stands_around_it(before: str, after: str):
    text = f"{before}。13800138000{after}"

    assert not re.search(r"(?<!\d)13800138000(?!\d)", mask_text(text))
