"""The catalogue over HTTP (contract §3): no login, served from memory wherever nothing changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeAlias

import orjson
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, raw

from backend.core.access import Access, access
from backend.core.parsing import parse
from backend.core.prebuilt import Prebuilt
from backend.domains.catalogue.schemas import (
    ChecklistOut,
    ChecklistQuery,
    HallList,
    HallOut,
    ServiceList,
    ServiceSearch,
    guide_to_json,
)
from backend.domains.catalogue.service import CatalogueService

JSON = "application/json"
# A guide changes a few times a year; a client asks again with its ETag after a minute.
CACHE_CONTROL = "public, max-age=60"
MAX_KEPT = 4096


Send: TypeAlias = Callable[[Request, Prebuilt], HTTPResponse]


class Shelf:
    """Answers made once and given many times; the least recently used are dropped."""

    def __init__(self, *, max_kept: int = MAX_KEPT) -> None:
        self._kept: OrderedDict[Hashable, Prebuilt] = OrderedDict()
        self._max_kept = max_kept

    def take(self, key: Hashable, make: Callable[[], object]) -> Prebuilt:
        """The answer under this key, made now if nobody has asked for it yet."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = Prebuilt.of(
                orjson.dumps(make()), content_type=JSON, cache_control=CACHE_CONTROL
            )
            if len(self._kept) > self._max_kept:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found


def catalogue_routes(catalogue: CatalogueService, send: Send) -> Blueprint:
    """Services and halls for anybody; `send` gives out what is kept on the shelves."""
    bp = Blueprint("catalogue", url_prefix="/api/v1")
    guides, lists = Shelf(), Shelf(max_kept=512)

    @bp.get("/services")
    @access(Access.PUBLIC)
    async def list_services(request: Request) -> HTTPResponse:
        def find() -> object:
            query = parse(ServiceSearch, _first_values(request)).to_query()
            return ServiceList.of(catalogue.list_services(query)).model_dump(mode="json")

        # By the query as it was sent: who asks what was asked before is not even read.
        page = lists.take(request.query_string, find)
        return send(request, page)

    @bp.get("/services/<service_id:str>")
    @access(Access.PUBLIC)
    async def show_service(request: Request, service_id: str) -> HTTPResponse:
        page = guides.take(service_id, lambda: guide_to_json(catalogue.get_guide(service_id)))
        return send(request, page)

    @bp.get("/services/<service_id:str>/checklist")
    @access(Access.PUBLIC)
    async def show_checklist(request: Request, service_id: str) -> HTTPResponse:
        wish = parse(ChecklistQuery, _first_values(request)).situation
        page = guides.take(
            (service_id, wish),
            lambda: ChecklistOut.of(catalogue.get_checklist(service_id, wish)).model_dump(
                mode="json"
            ),
        )
        return send(request, page)

    @bp.get("/halls")
    @access(Access.PUBLIC)
    async def list_halls(request: Request) -> HTTPResponse:
        halls = await catalogue.list_halls()
        items = tuple(HallOut.of(hall, catalogue.queue_of(hall)) for hall in halls)
        found = HallList(items=items, total=len(items), page_size=max(len(items), 1))
        return raw(found.model_dump_json().encode(), content_type=JSON)

    @bp.get("/halls/<hall_id:str>")
    @access(Access.PUBLIC)
    async def show_hall(request: Request, hall_id: str) -> HTTPResponse:
        hall = await catalogue.get_hall(hall_id)
        shown = HallOut.of(hall, catalogue.queue_of(hall))
        return raw(shown.model_dump_json().encode(), content_type=JSON)

    return bp


def _first_values(request: Request) -> dict[str, str]:
    """The query string; of a repeated parameter the first value counts."""
    return {name: values[0] for name, values in request.args.items()}
