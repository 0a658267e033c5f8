"""How a reply looks on a terminal."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from bot.messages import Card, Choices, Handoff, Reply, Segment, Text
from channels.wording import sentence


def show(reply: Reply, screen: Console) -> None:
    """Print the whole reply, its sources last, with a blank line after each part.

    Text is left to the terminal to wrap: rich breaks lines at spaces, of which Chinese has few.
    """
    parts: list[RenderableType] = [_picture(segment) for segment in reply.segments]
    if reply.citation:
        parts.append(Styled(reply.citation, style="dim"))
    for part in parts:
        screen.print(part, soft_wrap=not isinstance(part, Panel))
        screen.print()


def _picture(segment: Segment) -> RenderableType:
    match segment:
        case Text():
            return Styled(segment.text)
        case Choices():
            return _numbered(segment)
        case Card():
            return _card(segment)
        case Handoff():
            return _handoff(segment)


def _numbered(choices: Choices) -> RenderableType:
    rows = Table.grid(padding=(0, 1))
    for number, option in enumerate(choices.options, start=1):
        rows.add_row(Styled(f"{number}.", style="bold cyan"), Styled(option.label))
    return Group(Styled(choices.prompt), rows)


def _card(card: Card) -> RenderableType:
    rows = Table.grid(padding=(0, 2))
    for name, value in card.fields:
        rows.add_row(Styled(name, style="bold"), Styled(value))
    return Panel(rows, title=Styled(card.title), subtitle=card.url and Styled(card.url))


def _handoff(handoff: Handoff) -> RenderableType:
    if handoff.queue_position is None:
        return Styled(handoff.text)
    queue = sentence("console", "queue", position=handoff.queue_position)
    return Group(Styled(handoff.text), Styled(queue, style="bold"))
