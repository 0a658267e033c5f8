"""The catalogue over HTTP (contract §3)."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import brotli
import pytest
import pytest_asyncio

from backend.domains.catalogue.schemas import ChecklistOut, HallList, HallOut, ServiceList
from knowledge.base import GUIDES_DIR
from knowledge.loader import read_file
from knowledge.schema import Guide
from tests.e2e.office import GUIDES, Office, an_office

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """One office for all: nothing here changes it."""
    async with an_office(tmp_path_factory.mktemp("office")) as office:
        yield office


async def ids(office: Office, **query: str) -> list[str]:
    answer = await office.http.get("/api/v1/services", params=query)
    assert answer.status_code == 200, answer.text
    return [item["service_id"] for item in answer.json()["items"]]


async def test_the_list_shows_a_row_for_every_service(office: Office) -> None:
    answer = await office.http.get("/api/v1/services")

    page = ServiceList.model_validate(answer.json())
    assert (page.total, page.page, page.page_size) == (len(GUIDES), 1, 20)
    assert {item.service_id for item in page.items} == set(GUIDES)
    row = next(item for item in answer.json()["items"] if item["service_id"] == "idcard-lost")
    assert row == {
        "service_id": "idcard-lost",
        "code": None,
        "name": "居民身份证丢失补领",
        "department": "公安机关（户政）",
        "promised_time": "法定 60 日内，承诺时间各地不同",
        "fee_summary": "40 元",
        "bookable": True,
        "payable": False,
        "online_depth": "Ⅱ",
    }


@pytest.mark.parametrize(
    "words",
    ["居民身份证丢失补领", "身份证丢了", "sfz", "shenfenzheng", "身份正丢了", "SFZ", "居民身分證"],
    ids=["name", "alias", "initials", "pinyin", "typing error", "capitals", "traditional"],
)
async def test_a_service_is_found_however_it_is_typed(office: Office, words: str) -> None:
    assert "idcard-lost" in (await ids(office, q=words))[:2]


async def test_what_matches_nothing_finds_nothing(office: Office) -> None:
    assert await ids(office, q="zzzzqqqq") == []


async def test_filters_narrow_the_list(office: Office) -> None:
    everything = set(await ids(office))

    companies = set(await ids(office, audience="company"))
    assert "annual-report" in companies
    assert "idcard-lost" not in companies
    assert "idcard-lost" in await ids(office, audience="person")
    assert set(await ids(office, department="户政")) == {"idcard-lost", "idcard-renew"}
    assert set(await ids(office, theme="户籍办理")) < everything
    assert await ids(office, q="身份证", audience="company", department="户政") == []


async def test_pages_divide_the_list_without_gaps(office: Office) -> None:
    pages = [await ids(office, page=str(n), page_size="2") for n in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert {one for page in pages for one in page} == set(GUIDES)


async def test_wrong_parameters_are_all_named_in_chinese(office: Office) -> None:
    answer = await office.http.get(
        "/api/v1/services", params={"page": "0", "page_size": "many", "audience": "dog"}
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "invalid_input"
    assert {error["field"]: error["message"] for error in problem["errors"]} == {
        "page": "不能小于 1",
        "page_size": "应为整数",
        "audience": "只能是：person、company",
    }


async def test_a_guide_is_shown_whole(office: Office) -> None:
    shown = (await office.http.get("/api/v1/services/idcard-lost")).json()

    path = GUIDES_DIR / "idcard-lost.yaml"
    ((guide, _),) = read_file(path, name=path.name, problems=[])
    assert set(Guide.model_fields) <= set(shown)
    assert shown["materials"] == [m.model_dump(mode="json") for m in guide.materials]
    assert shown["version"] == guide.version
    assert shown["checked_on"] == "2026-11-22"
    assert shown["item_type"] == "行政确认"
    assert shown["situations"] == [
        {
            "situation_id": "a",
            "label": "在户籍地补领",
            "group": "您在哪里补领？",
            "note": None,
        },
        {
            "situation_id": "b",
            "label": "在异地补领（不在户籍地）",
            "group": "您在哪里补领？",
            "note": None,
        },
    ]


async def test_an_unchanged_guide_is_not_sent_again(office: Office) -> None:
    first = await office.http.get("/api/v1/services/idcard-lost")

    again = await office.http.get(
        "/api/v1/services/idcard-lost", headers={"If-None-Match": first.headers["etag"]}
    )
    other = await office.http.get(
        "/api/v1/services/idcard-renew", headers={"If-None-Match": first.headers["etag"]}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"][1:33] == first.headers["etag"][1:33]
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.1, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("identity", None),
        ("*", "br"),
    ],
)
async def test_the_client_gets_an_encoding_it_takes(
    office: Office, accepts: str, encoding: str | None
) -> None:
    plain = await office.http.get(
        "/api/v1/services/idcard-lost", headers={"Accept-Encoding": "identity"}
    )
    async with office.http.stream(
        "GET", "/api/v1/services/idcard-lost", headers={"Accept-Encoding": accepts}
    ) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])

    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(raw) == plain.content


async def test_each_encoding_has_a_tag_of_its_own(office: Office) -> None:
    tags = [
        (
            await office.http.get(
                "/api/v1/services/idcard-lost", headers={"Accept-Encoding": accepts}
            )
        ).headers["etag"]
        for accepts in ("identity", "gzip", "br")
    ]

    assert len(set(tags)) == 3


async def test_a_checklist_holds_what_this_situation_needs(office: Office) -> None:
    here = (await office.http.get("/api/v1/services/idcard-lost/checklist?situation=a")).json()
    away = (await office.http.get("/api/v1/services/idcard-lost/checklist?situation=b")).json()
    anybody = (await office.http.get("/api/v1/services/idcard-lost/checklist")).json()

    for shown in (here, away, anybody):
        ChecklistOut.model_validate(shown)
    names = [[material["name"] for material in shown["materials"]] for shown in (here, away)]
    assert names[0] == ["居民户口簿", "居民身份证申领登记表（含丢失声明）"]
    assert names[1] == ["居民户口簿或居住证（任选一样）", "居民身份证申领登记表（含丢失声明）"]
    assert [m["name"] for m in anybody["materials"]] == ["居民身份证申领登记表（含丢失声明）"]
    assert here["situation"]["label"] == "在户籍地补领"
    assert here["fee_total_fen"] == 4000
    assert anybody["situation"] is None


async def test_an_unknown_situation_names_those_there_are(office: Office) -> None:
    answer = await office.http.get("/api/v1/services/idcard-lost/checklist?situation=zz")

    assert answer.status_code == 404
    assert answer.json()["code"] == "catalogue.situation_not_found"
    assert [error["field"] for error in answer.json()["errors"]] == ["a", "b"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/services/nothing",
        "/api/v1/services/nothing/checklist",
        "/api/v1/services/..%2f..%2fetc%2fpasswd",
        "/api/v1/services/%00",
        "/api/v1/services/身份证",
    ],
)
async def test_an_unknown_service_is_not_found(office: Office, path: str) -> None:
    answer = await office.http.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_halls_say_where_they_are_and_that_nobody_counts_the_queue(office: Office) -> None:
    listed = HallList.model_validate((await office.http.get("/api/v1/halls")).json())
    shown = HallOut.model_validate((await office.http.get("/api/v1/halls/demo-county")).json())

    assert [hall.hall_id for hall in listed.items] == ["demo-county", "demo-east", "demo-hexi"]
    assert listed.total == 3
    assert "示例" in shown.name
    assert shown.map.url.startswith("https://uri.amap.com/marker?position=106.6322%2C30.5728")
    assert len(shown.windows) == 9
    assert shown.queue.model_dump() == {
        "waiting": 0,
        "estimated_minutes": (0, 0),
        "live": False,
    }


async def test_an_unknown_hall_is_not_found(office: Office) -> None:
    answer = await office.http.get("/api/v1/halls/nowhere")

    assert (answer.status_code, answer.json()["code"]) == (404, "catalogue.hall_not_found")
