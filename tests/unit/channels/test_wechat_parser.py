"""Every kind of message and event WeChat sends, and what becomes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Inbound, Location
from channels.base import Refused
from channels.wechat.parser import read_inbound
from channels.wechat.xml import read_fields
from tests.fakes.wechat import NOW, USER, event, text_message, xml_of


def said(xml: str | bytes) -> Inbound | None:
    body = xml if isinstance(xml, bytes) else xml.encode()
    return read_inbound(read_fields(body), channel="wechat", account="main")


def heard(xml: str | bytes) -> Inbound:
    inbound = said(xml)
    assert inbound is not None
    return inbound


def test_a_text() -> None:
    assert heard(text_message("身份证丢了")) == Inbound(
        "wechat", "main", USER, "wechat:main:7001", text="身份证丢了"
    )


def test_a_voice_is_read_as_what_wechat_heard() -> None:
    inbound = heard(xml_of(MsgType="voice", MsgId="7002", MediaId="m", Recognition="补办身份证"))

    assert (inbound.kind, inbound.text) == ("voice", "补办身份证")


def test_a_voice_nobody_understood_has_no_text() -> None:
    inbound = heard(xml_of(MsgType="voice", MsgId="7003", MediaId="m", Recognition=""))

    assert (inbound.kind, inbound.text) == ("voice", "")


@pytest.mark.parametrize(
    ("message_type", "kind"),
    [
        ("image", "image"),
        ("video", "other"),
        ("shortvideo", "other"),
        ("link", "other"),
        ("file", "other"),
        ("miniprogrampage", "other"),
        ("invented_tomorrow", "other"),
    ],
)
def test_what_is_not_words_is_named(message_type: str, kind: str) -> None:
    inbound = heard(xml_of(MsgType=message_type, MsgId="7004", Title="标题", Url="https://x"))

    assert (inbound.kind, inbound.text, inbound.action) == (kind, "", None)


def test_a_sticker_wechat_does_not_forward_is_no_question() -> None:
    assert heard(text_message("【收到不支持的消息类型，暂无法显示】")).kind == "other"


def test_a_location() -> None:
    inbound = heard(
        xml_of(
            MsgType="location",
            MsgId="7005",
            Location_X="30.572816",
            Location_Y="104.066801",
            Scale="16",
            Label="成都市武侯区",
        )
    )

    assert inbound.kind == "location"
    assert inbound.location == Location(30.572816, 104.066801, "成都市武侯区")


@pytest.mark.parametrize("degrees", ["", "north", "nan", "inf", "91", "1e400", "30,5"])
def test_a_location_that_is_nowhere_is_refused(degrees: str) -> None:
    with pytest.raises(Refused, match="location"):
        said(xml_of(MsgType="location", MsgId="1", Location_X=degrees, Location_Y="104"))


def test_a_place_picked_from_the_menu() -> None:
    picked = "<SendLocationInfo><Location_X>23</Location_X><Location_Y>113</Location_Y><Label>广州</Label></SendLocationInfo>"
    xml = event("location_select", EventKey="6").replace("</xml>", f"{picked}</xml>")

    assert heard(xml).location == Location(23.0, 113.0, "广州")


def test_a_new_follower() -> None:
    inbound = heard(event("subscribe", EventKey=""))

    assert (inbound.kind, inbound.action) == ("subscribe", None)


def test_a_new_follower_who_scanned_a_code_in_the_hall() -> None:
    inbound = heard(event("subscribe", EventKey="qrscene_guide:idcard-lost", Ticket="t"))

    assert (inbound.kind, inbound.action) == ("subscribe", "guide:idcard-lost")


def test_a_follower_who_scanned_a_code() -> None:
    inbound = heard(event("SCAN", EventKey="guide:idcard-lost", Ticket="t"))

    assert (inbound.kind, inbound.action) == ("scan", "guide:idcard-lost")


def test_a_tapped_menu_entry() -> None:
    inbound = heard(event("CLICK", EventKey="guide:idcard-lost"))

    assert (inbound.kind, inbound.action) == ("menu", "guide:idcard-lost")


@pytest.mark.parametrize(
    "name",
    ["unsubscribe", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "subscribe_msg_sent_event", "new"],
)
def test_an_event_that_asks_nothing_is_only_acknowledged(name: str) -> None:
    assert said(event(name, EventKey="https://x", Latitude="23.1", Longitude="113.3")) is None


def test_retries_have_the_same_key_and_other_messages_another() -> None:
    first, retry = heard(text_message(message_id="1")), heard(text_message(message_id="1"))

    assert first.dedupe_key == retry.dedupe_key
    assert heard(text_message(message_id="2")).dedupe_key != first.dedupe_key


def test_events_are_told_apart_by_who_when_which_and_what() -> None:
    keys = {
        heard(xml).dedupe_key
        for xml in (
            event("CLICK", EventKey="a"),
            event("CLICK", EventKey="a"),  # a retry
            event("CLICK", EventKey="b"),
            event("SCAN", EventKey="a"),
            event("CLICK", EventKey="a", CreateTime=str(NOW + 1)),
            event("CLICK", EventKey="a", FromUserName="somebody-else"),
        )
    }

    assert len(keys) == 5
    assert not any(USER in key for key in keys)


@pytest.mark.parametrize("message_id", ["", "0", "abc", "-1"])
def test_a_message_without_a_usable_id_still_has_a_key_of_its_own(message_id: str) -> None:
    one = heard(text_message("甲", message_id=message_id))

    assert one.dedupe_key == heard(text_message("甲", message_id=message_id)).dedupe_key
    assert one.dedupe_key != heard(text_message("乙", message_id=message_id)).dedupe_key


@pytest.mark.parametrize("name", ["MsgType", "FromUserName"])
def test_a_message_from_nobody_or_of_no_type_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        said(text_message().replace(f"{name}>", "Other>"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "bad_xml"),
        (b"<xml>", "bad_xml"),
        (b"{}", "bad_xml"),
        (b"<html><body/></html>", "not_a_message"),
        (b"<xml><MsgType>text</MsgType><MsgType>event</MsgType></xml>", "element_twice"),
        ("<xml><Content>身份证</Content></xml>".encode("gbk"), "not_utf8"),
        (b"\xff\xfe<\x00x\x00", "not_utf8"),
        (b'<?xml version="1.0" encoding="latin-9"?><xml/>', "bad_msgtype"),
        (
            b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>',
            "xml_with_document_type",
        ),
        (
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>',
            "xml_with_document_type",
        ),
        (b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><xml/>', "xml_with_document_type"),
        (b"<xml><Content>&undefined;</Content></xml>", "bad_xml"),
    ],
)
def test_xml_that_is_broken_or_malicious_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        said(body)


def test_deep_nesting_does_no_harm() -> None:
    with pytest.raises(Refused):
        said(b"<xml>" + b"<a>" * 8000 + b"</a>" * 8000 + b"</xml>")


def test_control_characters_people_paste_are_dropped() -> None:
    assert heard(text_message("身份证\x00\x08\x1f丢了\x7f")).text == "身份证丢了"


def test_a_byte_order_mark_is_no_reason_to_refuse() -> None:
    assert heard(b"\xef\xbb\xbf" + text_message("好").encode()).text == "好"


@given(st.binary(max_size=400))
def test_no_body_does_more_than_be_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        said(body)


FIELD_NAMES = ["MsgType", "Event", "EventKey", "Content", "MsgId", "Location_X", "CreateTime"]
MESSAGE_TYPES = st.sampled_from(["text", "event", "voice", "location", "image", "device_text"])
EVENT_NAMES = st.sampled_from(["subscribe", "CLICK", "SCAN", "LOCATION", "location_select", "x"])


@given(MESSAGE_TYPES, EVENT_NAMES, st.dictionaries(st.sampled_from(FIELD_NAMES), st.text()))
def test_no_fields_do_more_than_be_refused(
    message_type: str, name: str, fields: dict[str, str]
) -> None:
    everything = {"MsgType": message_type, "Event": name} | fields
    fields_with_people = {"FromUserName": "u", "ToUserName": "g"} | everything
    try:
        inbound = read_inbound(fields_with_people, channel="wechat", account="main")
    except Refused:
        return
    assert inbound is None or inbound.user == "u"
