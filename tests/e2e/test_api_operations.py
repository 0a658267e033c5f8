"""Health, metrics, documentation and the web app."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from backend.app.docs import openapi
from backend.app.site import Site
from tests.e2e.office import Office, a_site, an_office

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with an_office(tmp_path_factory.mktemp("office")) as office:
        yield office


async def test_a_healthy_office_is_live_and_ready(office: Office) -> None:
    live = await office.http.get("/health/live")
    ready = await office.http.get("/health/ready")

    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert ready.status_code == 200
    assert ready.json()["status"] == "ready"
    checks = ready.json()["checks"]
    assert set(checks) == {"database", "cache", "knowledge"}
    assert all(check["state"] == "ok" and check["ms"] >= 0 for check in checks.values())


async def test_without_its_database_the_office_is_live_but_not_ready(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.program.database.close()
        ready = await office.http.get("/health/ready")
        live = await office.http.get("/health/live")
        halls = await office.http.get("/api/v1/halls")
        guide = await office.http.get("/api/v1/services/idcard-lost")
        await office.program.database.connect()
        again = await office.http.get("/health/ready")

    assert ready.status_code == 503
    assert ready.json()["checks"]["database"]["state"] == "down"
    assert live.status_code == 200
    assert (halls.status_code, halls.json()["code"]) == (503, "unavailable")
    assert guide.status_code == 200  # what lies in memory is still told
    assert again.status_code == 200


async def test_without_its_cache_the_office_goes_on(tmp_path: Path) -> None:
    async with an_office(
        tmp_path, redis_url="redis://127.0.0.1:1/0", bot_messages_per_minute="1"
    ) as office:
        ready = await office.http.get("/health/ready")
        asked = [
            await office.http.post("/api/v1/bot/messages", json={"text": "身份证丢了怎么补"})
            for _ in range(2)
        ]

    assert ready.status_code == 200
    assert ready.json()["status"] == "degraded"
    assert ready.json()["checks"]["cache"]["state"] == "down"
    assert [answer.status_code for answer in asked] == [200, 200]  # limits fail open
    assert asked[0].json()["understanding"]["service_id"] == "idcard-lost"


async def test_metrics_count_by_template_not_by_path(office: Office) -> None:
    await office.http.get("/api/v1/services/idcard-lost")
    await office.http.get("/api/v1/services/no-such-thing-4711")
    await office.http.post("/api/v1/bot/messages", json={"text": "身份证丢了怎么补"})

    text = (await office.http.get("/metrics")).text

    counted = r'banshitong_requests_total\{method="GET",route="/api/v1/services/<service_id:str>",status="(\d+)"\} (\d+)'
    assert dict(re.findall(counted, text)) == {"200": "1", "404": "1"}
    assert "4711" not in text
    assert re.search(r'banshitong_bot_replies_total\{channel="api",decision="\w+"\} 1\.0', text)
    assert "banshitong_request_seconds_bucket" in text


def routes_of(office: Office) -> set[tuple[str, str]]:
    """(method, path) of every route programs may call, as OpenAPI writes it."""
    site = {f"/{path}" for path in a_site().paths} | {"/"}
    return {
        (method, re.sub(r"<(\w+)(:\w+)?>", r"{\1}", f"/{route.path}"))
        for route in office.app.router.routes
        for method in route.methods
        if f"/{route.path}" not in site
    }


async def test_the_document_names_exactly_the_routes_there_are(office: Office) -> None:
    documented = {
        (method.upper(), path) for path, methods in openapi()["paths"].items() for method in methods
    }

    assert documented == routes_of(office) - {("GET", "/docs/problems")}


async def test_every_reference_of_the_document_leads_somewhere(office: Office) -> None:
    document = (await office.http.get("/docs/openapi.json")).json()

    references = set(re.findall(r'"\$ref": ?"#/([^"]+)"', str(document).replace("'", '"')))
    assert len(references) > 20
    for reference in references:
        found = document
        for step in reference.split("/"):
            found = found[step]


@pytest.mark.parametrize("mode", ["demo", "production"])
async def test_the_documentation_needs_nothing_from_elsewhere(tmp_path: Path, mode: str) -> None:
    key = "k-8F2nQ7vX1bR4tY9mZ3cL6wP0sD5hJ"
    async with an_office(tmp_path, mode=mode, secret_key=key + "a1") as office:
        page = await office.http.get("/docs")
        problems = await office.http.get("/docs/problems")

    assert page.status_code == problems.status_code == 200
    for text in (page.text, problems.text):
        assert not re.search(r"<(script|link|img|iframe)\b|@import|url\(", text)
    for path in openapi()["paths"]:
        assert path in page.text
    assert "catalogue.hall_not_found" in problems.text


async def test_a_browser_gets_the_web_app_and_a_program_gets_its_404(office: Office) -> None:
    page = await office.http.get("/", headers=BROWSER)
    inside = await office.http.get("/guide/idcard-lost", headers=BROWSER)
    api = await office.http.get("/api/v1/nothing", headers=BROWSER)
    program = await office.http.get("/guide/idcard-lost")

    assert page.status_code == inside.status_code == 200
    assert page.content == inside.content
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    assert api.status_code == program.status_code == 404
    assert api.headers["content-type"] == "application/problem+json"


def a_built_app(folder: Path) -> Path:
    (folder / "assets").mkdir(parents=True)
    (folder / "static").mkdir()
    inline = "<script>window.ready = 1</script>"
    (folder / "index.html").write_text(f'<html>{inline}<script src="/assets/a.js"></script></html>')
    (folder / "assets" / "index-D1GesT01.js").write_text("export const a = 1;\n" * 100)
    (folder / "static" / "icon.svg").write_text("<svg/>")
    return folder


async def test_hashed_files_are_kept_for_ever_and_the_page_is_asked_for_again(
    tmp_path: Path,
) -> None:
    site = Site(a_built_app(tmp_path / "h5"))

    async with an_office(tmp_path, site=site) as office:
        asset = await office.http.get("/assets/index-D1GesT01.js")
        icon = await office.http.get("/static/icon.svg")
        page = await office.http.get("/")
        head = await office.http.head("/")
        outside = await office.http.get("/static/../index.html/../../secret")

    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-encoding"] == "br"
    assert asset.headers["content-type"].startswith("text/javascript")
    assert icon.headers["cache-control"] == page.headers["cache-control"] == "no-cache"
    assert icon.headers["content-type"] == "image/svg+xml"
    assert (head.status_code, head.content) == (200, b"")
    assert outside.status_code == 404
    # echo -n 'window.ready = 1' | openssl dgst -sha256 -binary | base64
    assert "'sha256-" in page.headers["content-security-policy"]
    assert "script-src 'self' 'sha256-" in page.headers["content-security-policy"]


async def test_without_a_built_app_the_first_page_says_what_to_do(tmp_path: Path) -> None:
    async with an_office(tmp_path, site=Site(tmp_path / "nothing")) as office:
        page = await office.http.get("/")

    assert page.status_code == 200
    assert "make app" in page.text
