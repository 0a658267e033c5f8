"""Reading a platform's XML without becoming its victim.

No document types, no entities, no external references; UTF-8 only; flat, every element once.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from channels.base import Refused, without_control_characters


def read_text(body: bytes) -> str:
    """The body as text, without the control characters people paste into chats.

    Raises:
        Refused: not UTF-8.
    """
    try:
        return without_control_characters(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("not_utf8") from None


def read_fields(body: bytes) -> Mapping[str, str]:
    """The elements of `<xml>…</xml>` by name; those of a nested element as "Outer.Inner".

    Raises:
        Refused: not well-formed, not `<xml>`, an element twice, or a document type.
    """
    root = _parse(read_text(body))
    if root.tag != "xml":
        raise Refused("not_a_message")
    fields: dict[str, str] = {}
    for element in root:
        _add(fields, element.tag, element)
        for inner in element:
            fields.setdefault(f"{element.tag}.{inner.tag}", (inner.text or "").strip())
    return fields


def _add(fields: dict[str, str], name: str, element: Element) -> None:
    if name in fields:
        raise Refused("element_twice")
    fields[name] = (element.text or "").strip()


def _parse(text: str) -> Element:
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException:
        raise Refused("xml_with_document_type") from None
    except (ParseError, ValueError):
        raise Refused("bad_xml") from None
    if not isinstance(root, Element):
        raise Refused("bad_xml")
    return root
