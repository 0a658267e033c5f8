"""A `Reply` in WeChat's two forms: the passive XML answer, and the customer-service JSON.

Both carry one text of at most 2,048 bytes, or one picture-less news card. A reply that is a single
card with an address, short enough to lose nothing, becomes the news card; everything else becomes
text with numbered choices.
"""

from __future__ import annotations

from typing import Any

from wechatpy.replies import ArticlesReply, TextReply

from bot.messages import Card, Reply
from channels.base import Capabilities, absolute, as_text, without_control_characters

WECHAT_CAN = Capabilities(max_text_bytes=2048, max_body_bytes=64 * 1024, cards=True)
_MAX_TITLE_CHARACTERS = 32
_MAX_DESCRIPTION_CHARACTERS = 120


def render_passive(
    reply: Reply, *, to_user: str, from_account: str, at: int, home_url: str | None
) -> str:
    """The XML WeChat reads as our answer to the call it just made."""
    addresses = {"source": _cdata(from_account), "target": _cdata(to_user), "time": at}
    article = _news_article(reply, home_url)
    if article:
        escaped = {name: _cdata(value) for name, value in article.items()}
        return str(ArticlesReply(**addresses, articles=[escaped | {"image": ""}]).render())
    return str(TextReply(**addresses, content=_cdata(_text(reply, home_url))).render())


def render_customer_service(reply: Reply, *, to_user: str, home_url: str | None) -> dict[str, Any]:
    """The JSON of `message/custom/send`."""
    article = _news_article(reply, home_url)
    if article:
        news = {"articles": [article | {"picurl": ""}]}
        return {"touser": to_user, "msgtype": "news", "news": news}
    return {"touser": to_user, "msgtype": "text", "text": {"content": _text(reply, home_url)}}


def _text(reply: Reply, home_url: str | None) -> str:
    return without_control_characters(as_text(reply, WECHAT_CAN, home_url=home_url))


def _news_article(reply: Reply, home_url: str | None) -> dict[str, str] | None:
    if len(reply.segments) != 1 or not isinstance(reply.segments[0], Card):
        return None
    card = reply.segments[0]
    url = absolute(card.url, home_url) if card.url else None
    fields = [f"{name}：{value}" for name, value in card.fields]
    lines = "\n".join(filter(None, [*fields, reply.citation]))
    if url is None or not _fits_a_card(card.title, lines):
        return None
    article = {"title": card.title, "description": lines, "url": url}
    return {name: without_control_characters(value) for name, value in article.items()}


def _fits_a_card(title: str, lines: str) -> bool:
    return len(title) <= _MAX_TITLE_CHARACTERS and len(lines) <= _MAX_DESCRIPTION_CHARACTERS


def _cdata(text: str) -> str:
    """Text that cannot break out of the CDATA section wechatpy puts around it."""
    return text.replace("]]>", "]]]]><![CDATA[>")
