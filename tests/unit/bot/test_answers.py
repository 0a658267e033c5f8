"""A citizen asks; the right guide answers, with its source."""

from __future__ import annotations

import pytest

from bot.messages import Aspect, Choices, Decision
from tests.unit.bot.conftest import Say


@pytest.mark.parametrize(
    ("text", "service_id", "aspect"),
    [
        ("身份证丢了怎么补办要带什么", "idcard-lost", Aspect.MATERIALS),
        ("护照换新多少钱", "passport-renew", Aspect.FEE),
        ("刚出生的娃上户口去哪办要几天", "birth-hukou", Aspect.PLACE),
        ("公积金租房咋提", "gjj-rent", Aspect.PROCESS),
        ("驾使证过期了咋换", "dl-renew", Aspect.PROCESS),
        ("身份證丟了怎麼補辦", "idcard-lost", Aspect.PROCESS),
        ("公基金租房能网上提吗", "gjj-rent", Aspect.ONLINE),
    ],
)
def test_a_question_is_answered_from_its_guide(
    say: Say, text: str, service_id: str, aspect: Aspect
) -> None:
    understood = say(text).understanding

    assert (understood.service_id, understood.aspect) == (service_id, aspect)
    assert understood.decision in (Decision.ANSWER, Decision.CLARIFY)


def test_every_answer_cites_guide_version_section_and_date(say: Say) -> None:
    reply = say("护照换新多少钱")

    (source,) = reply.sources
    assert (source.service_id, source.version, source.section) == ("passport-renew", 1, "fee")
    assert source.checked_on == "2026-11-22"
    assert "办事指南第 1 版（收费），核对日期 2026-11-22" in reply.plain()


def test_two_aspects_of_one_service_are_answered_together(say: Say) -> None:
    reply = say("刚出生的娃上户口去哪办要几天")

    assert [source.section for source in reply.sources] == ["place", "time"]


def test_two_services_in_one_message_are_both_answered(say: Say) -> None:
    reply = say("护照换新多少钱？另外身份证丢了补办要多久？")

    assert {source.service_id for source in reply.sources} == {"passport-renew", "idcard-lost"}


def test_what_differs_locally_is_said_to_and_by_whom_to_be_answered(say: Say) -> None:
    text = say("身份证丢了补办要多久").plain()

    assert "各地不同" in text
    assert "就近派出所户籍窗口或 12345 热线" in text


def test_a_typing_error_is_mended_and_said(say: Say) -> None:
    assert "按“驾驶证”理解" in say("驾使证到期换证多少钱").plain()


class TestSituations:
    def test_the_question_names_the_situation(self, say: Say) -> None:
        understood = say("人在外地身份证丢了补办要带什么").understanding

        assert (understood.service_id, understood.situation_id) == ("idcard-lost", "b")
        assert understood.decision is Decision.ANSWER

    def test_an_age_is_a_situation(self, say: Say) -> None:
        assert say("孩子8岁办身份证要带什么").understanding.situation_id == "b"
        assert say("十七岁第一次办身份证要带什么").understanding.situation_id == "a"

    def test_materials_that_depend_on_the_situation_are_asked_for_once(self, say: Say) -> None:
        first = say("身份证丢了补办要带什么")
        again = say("要带什么")

        assert first.understanding.decision is Decision.CLARIFY
        assert isinstance(first.segments[-1], Choices)
        assert again.understanding.decision is Decision.ANSWER

    @pytest.mark.parametrize("reply_with", ["2", "第二个", "２", "选2", "异地", "我在外地"])
    def test_numbers_and_free_words_answer_the_question(self, say: Say, reply_with: str) -> None:
        say("身份证丢了补办要带什么")

        understood = say(reply_with).understanding

        assert (understood.service_id, understood.situation_id) == ("idcard-lost", "b")
        assert understood.aspect is Aspect.MATERIALS

    def test_a_button_answers_the_question_even_later(self, say: Say) -> None:
        choices = say("身份证丢了补办要带什么").segments[-1]
        assert isinstance(choices, Choices)
        say("你好")

        understood = say(action=choices.options[0].action).understanding

        assert (understood.service_id, understood.situation_id) == ("idcard-lost", "a")

    def test_the_chosen_situation_is_remembered(self, say: Say) -> None:
        say("人在外地身份证丢了补办要带什么")

        understood = say("那多少钱").understanding

        assert (understood.situation_id, understood.aspect) == ("b", Aspect.FEE)


class TestContext:
    def test_a_follow_up_keeps_the_service(self, say: Say) -> None:
        say("护照换新要带什么")

        understood = say("那多少钱").understanding

        assert (understood.service_id, understood.aspect) == ("passport-renew", Aspect.FEE)

    def test_a_question_about_persons_keeps_the_service(self, say: Say) -> None:
        say("身份证丢了怎么补办")

        understood = say("孩子也要去吗").understanding

        assert (understood.service_id, understood.aspect) == ("idcard-lost", Aspect.AGENT)

    def test_another_action_moves_to_the_neighbouring_service(self, say: Say) -> None:
        say("身份证到期换新多少钱")

        assert say("换成补办的").understanding.service_id == "idcard-lost"

    def test_a_new_thing_is_a_new_topic(self, say: Say) -> None:
        say("护照换新多少钱")

        assert say("结婚登记要带什么").understanding.service_id == "marriage-register"

    def test_starting_over_forgets_the_service(self, say: Say) -> None:
        say("护照换新多少钱")
        say("重新开始")

        assert say("那要多久").understanding.service_id is None


class TestNotKnowing:
    @pytest.mark.parametrize(
        "text", ["今天天气怎么样", "怎么做红烧肉", "火车票怎么退", "帮我写一首诗", "茅台股票能买吗"]
    )
    def test_what_no_guide_knows_is_declined(self, say: Say, text: str) -> None:
        reply = say(text)

        assert reply.understanding.decision is Decision.DECLINE
        assert reply.sources == ()

    def test_a_second_miss_offers_a_human(self, say: Say) -> None:
        for text in ("今天天气怎么样", "怎么做红烧肉", "火车票怎么退"):
            reply = say(text)

        assert "12345" in reply.plain()

    @pytest.mark.parametrize(
        "text",
        [
            "转人工",
            "人工",
            "我要找真人",
            "叫个活人来",
            "人工客服在吗",
            "能不能跟工作人员说话",
            "别用机器人糊弄我",
            "我要转人工服务！！！",
        ],
    )
    def test_a_human_is_called_in_any_wording_at_once(self, say: Say, text: str) -> None:
        assert say(text).understanding.decision is Decision.HANDOFF

    @pytest.mark.parametrize(
        "text", ["你好", "谢谢", "好的", "再见", "你是谁", "😀😀😀", "。。。", ""]
    )
    def test_small_talk_is_no_question(self, say: Say, text: str) -> None:
        assert say(text).understanding.decision is Decision.SMALLTALK

    def test_a_very_long_question_is_answered_by_its_beginning(self, say: Say) -> None:
        reply = say("身份证丢了怎么补办" + "我家住在河边每天都要走很远的路" * 130)

        assert "内容比较长" in reply.plain()

    @pytest.mark.parametrize("kind", ["image", "voice", "location", "subscribe", "other"])
    def test_what_is_no_text_gets_a_polite_sentence(self, say: Say, kind: str) -> None:
        reply = say(kind=kind)

        assert reply.understanding.decision is Decision.SMALLTALK
        assert reply.plain()


def test_an_outdated_or_foreign_button_is_read_as_text(say: Say) -> None:
    assert (
        say("护照换新多少钱", action="guide:gone:-:fee").understanding.service_id
        == "passport-renew"
    )


def test_a_bug_becomes_one_general_sentence(
    say: Say, knowledge: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("身份证 110105194912310021")

    monkeypatch.setattr("bot.engine.find_intent", broken)

    reply = say("护照换新多少钱")

    assert "系统刚才出了点问题" in reply.plain()
    assert "110105194912310021" not in reply.plain()
