"""What the citizen sees in WeChat."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Card, Choices, Handoff, Option, Reply
from channels.wechat.renderer import render_customer_service, render_passive
from tests.fakes.channel import a_reply
from tests.fakes.wechat import NOW, OURS, USER, read_answer

HOME = "https://bst.example.gov.cn"
CARD = Card("身份证补领", (("费用", "40 元"), ("时限", "20 个工作日")), url="/#/guide?id=1&x=<2>")


def passive(reply: Reply, home: str | None = HOME) -> dict[str, str]:
    xml = render_passive(reply, to_user=USER, from_account=OURS, at=NOW, home_url=home)
    return read_answer(xml)


def test_a_text_goes_back_to_whom_it_came_from() -> None:
    assert passive(a_reply("需要户口簿。")) == {
        "ToUserName": USER,
        "FromUserName": OURS,
        "CreateTime": str(NOW),
        "MsgType": "text",
        "Content": "需要户口簿。",
    }


def test_choices_are_numbered() -> None:
    choices = Choices("您是哪种情况？", (Option("补领", "a"), Option("换领", "b")))

    assert passive(a_reply("有两种情况。", choices))["Content"] == (
        "有两种情况。\n\n您是哪种情况？\n1. 补领\n2. 换领\n回复数字即可选择。"
    )


def test_a_single_card_with_an_address_becomes_a_news_card() -> None:
    answer = passive(a_reply(CARD))

    assert (answer["MsgType"], answer["ArticleCount"]) == ("news", "1")
    assert (answer["Title"], answer["Url"]) == ("身份证补领", f"{HOME}/#/guide?id=1&x=<2>")
    assert answer["Description"] == "费用：40 元\n时限：20 个工作日"


def test_an_answer_and_a_card_say_what_they_rest_on() -> None:
    text = passive(replace(a_reply("需要户口簿。"), citation="依据：甲"))
    card = passive(replace(a_reply(CARD), citation="依据：甲"))

    assert text["Content"] == "需要户口簿。\n\n依据：甲"
    assert card["Description"].endswith("\n依据：甲")


def test_a_card_that_would_lose_something_stays_text() -> None:
    long = Card("身份证补领", (("说明", "很长" * 80),), url="/g")

    assert passive(a_reply(long))["MsgType"] == "text"


def test_a_card_among_other_things_is_text_with_its_address() -> None:
    content = passive(a_reply("请看：", CARD))["Content"]

    assert "【身份证补领】\n费用：40 元" in content
    assert f"查看：{HOME}/#/guide" in content


def test_a_card_without_an_address_outside_is_text() -> None:
    assert passive(a_reply(CARD), home=None)["MsgType"] == "text"


def test_a_handoff_is_its_sentence() -> None:
    assert passive(a_reply(Handoff("已为您转接人工。", 2)))["Content"] == "已为您转接人工。"


@given(st.text())
def test_no_text_breaks_out_of_its_element(text: str) -> None:
    answer = passive(a_reply(f"x{text}]]><MsgType>evil</MsgType><![CDATA["))

    assert answer["MsgType"] == "text"
    assert len(answer["Content"].encode()) <= 2048


def test_no_card_breaks_out_of_its_element() -> None:
    answer = passive(a_reply(Card("a]]><b>", (("c]]>", "d]]>"),), url="https://x/]]>")))

    assert (answer["Title"], answer["Description"]) == ("a]]><b>", "c]]>：d]]>")
    assert answer["Url"] == "https://x/]]>"


def test_a_very_long_answer_fits_and_says_where_the_rest_is() -> None:
    content = passive(a_reply("请准备以下材料。" * 400))["Content"]

    assert len(content.encode()) <= 2048
    assert content.endswith(f"…（内容较多，完整办事指南：{HOME}）")


def test_the_customer_service_form_of_a_text() -> None:
    message = render_customer_service(a_reply("好。"), to_user=USER, home_url=HOME)

    assert message == {"touser": USER, "msgtype": "text", "text": {"content": "好。"}}


def test_the_customer_service_form_of_a_card() -> None:
    message = render_customer_service(a_reply(CARD), to_user=USER, home_url=HOME)

    assert message["msgtype"] == "news"
    assert message["news"]["articles"] == [
        {
            "title": "身份证补领",
            "description": "费用：40 元\n时限：20 个工作日",
            "url": f"{HOME}/#/guide?id=1&x=<2>",
            "picurl": "",
        }
    ]
