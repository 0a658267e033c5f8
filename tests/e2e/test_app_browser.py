"""Citizens use the web app on a phone: by touch, by keyboard, with large type, without network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.browser import (
    APP,
    AXE,
    BUILT,
    PAGES,
    Citizen,
    a_browser,
    a_citizen,
    demo_server,
    need,
)

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

SMALLEST = (320, 640)
GUIDE = "/pages/guide/index?id=idcard-lost"
LARGER_BY = 1.4
PAGE_IDS = [path.split("/")[2] for path in PAGES.values()]
FINGER = 44


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    need("H5 构建结果（npm run build:h5）", (BUILT / "index.html").is_file())
    with demo_server(tmp_path_factory.mktemp("var")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture
def citizen(browser: Browser, base: str) -> Iterator[Citizen]:
    with a_citizen(browser, base) as somebody:
        yield somebody


def ask(base: str, path: str) -> Any:
    with urlopen(f"{base}{quote(path, safe='/?&=')}", timeout=5) as answer:
        return json.load(answer)


def visible_texts(page: Page) -> dict[str, float]:
    """Every text on the page with the size it is set in."""
    return page.evaluate(
        """() => {
          const sizes = {}
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
          while (texts.nextNode()) {
            const words = texts.currentNode.textContent.trim()
            const holder = texts.currentNode.parentElement
            if (!words || !holder.checkVisibility() || holder.closest('script, style, noscript')) continue
            sizes[words] = parseFloat(getComputedStyle(holder).fontSize)
          }
          return sizes
        }"""
    )


def serious_violations(page: Page) -> list[str]:
    """What axe-core finds that keeps people out."""
    need("axe-core（npm ci）", AXE.is_file())
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


class TestFindingAGuide:
    def test_a_citizen_searches_chooses_a_situation_and_ticks_what_is_ready(
        self, citizen: Citizen
    ) -> None:
        page = citizen.page
        citizen.visit(PAGES["首页"])
        page.get_by_label("查办事事项").fill("身份证丢了")
        page.get_by_role("option", name="居民身份证丢失补领").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("居民身份证丢失补领")

        page.get_by_role("radio", name=re.compile("异地")).click()
        page.get_by_role("checkbox").first.click()

        expect(page.get_by_text("已备齐 1/2")).to_be_visible()
        assert "situation=b" in page.url
        citizen.reload()
        expect(page.get_by_role("radio", name=re.compile("异地"))).to_be_checked()
        expect(page.get_by_role("checkbox").first).to_be_checked()
        expect(page.get_by_text("已备齐 1/2")).to_be_visible()

    def test_ticks_belong_to_their_situation(self, citizen: Citizen) -> None:
        page = citizen.page
        citizen.visit(f"{GUIDE}&situation=b")
        page.get_by_role("checkbox", name=re.compile("申领登记表")).click()

        page.get_by_role("radio", name="在户籍地补领").click()

        expect(page.get_by_role("checkbox", name=re.compile("申领登记表"))).not_to_be_checked()

    def test_the_initials_of_a_name_are_enough(self, citizen: Citizen) -> None:
        citizen.visit(PAGES["首页"])
        citizen.page.get_by_label("查办事事项").fill("sfz")

        expect(citizen.page.get_by_role("option").first).to_contain_text("身份证")

    def test_the_fee_and_the_time_are_said_as_the_api_says_them(
        self, citizen: Citizen, base: str
    ) -> None:
        rows = ask(base, "/api/v1/services?page_size=100")["items"]
        for service_id in [row["service_id"] for row in rows[::15]]:
            guide = ask(base, f"/api/v1/services/{service_id}")
            for situation in [s["situation_id"] for s in guide["situations"]][:2]:
                wanted = ask(base, f"/api/v1/services/{service_id}/checklist?situation={situation}")
                citizen.visit(f"/pages/guide/index?id={service_id}&situation={situation}")

                facts = citizen.page.locator("dl").first
                expect(facts).to_contain_text(wanted["fee_summary"])
                expect(facts).to_contain_text(wanted["promised_time"])
                expect(citizen.page.get_by_role("checkbox")).to_have_count(
                    len({material["name"] for material in wanted["materials"]})
                )

    def test_a_long_list_is_read_page_by_page(self, citizen: Citizen, base: str) -> None:
        total = ask(base, "/api/v1/services?audience=person&page_size=1")["total"]
        citizen.visit("/pages/search/index?audience=person")
        rows = citizen.page.locator("main li")
        expect(rows).to_have_count(20)

        # Reaching the end of the list asks for more, too: whoever is first, no row comes twice.
        citizen.press("加载更多")

        expect(rows.nth(min(40, total) - 1)).to_be_attached()
        names = rows.get_by_role("heading").all_text_contents()
        assert len(names) == len(set(names))

    def test_nothing_found_says_what_else_to_do(self, citizen: Citizen) -> None:
        citizen.visit("/pages/search/index?q=qqqzzzxxx")

        expect(citizen.page.get_by_text("没有找到这个事项")).to_be_visible()
        expect(citizen.page.get_by_role("button", name="问一问")).to_be_visible()

    def test_everything_the_first_page_offers_exists(self, citizen: Citizen, base: str) -> None:
        citizen.visit(PAGES["首页"])
        links = [a.get_attribute("href") or "" for a in citizen.page.locator("main a").all()]
        ids = [m[1] for href in links if (m := re.search(r"guide/index\?id=([\w.-]+)", href))]
        citizen.page.get_by_role("radio", name="企业").click()
        links += [a.get_attribute("href") or "" for a in citizen.page.locator("main a").all()]
        themes = {m[1] for href in links if (m := re.search(r"search/index\?(.*theme=.+)", href))}

        assert len(ids) == 8
        assert len(themes) >= 12
        assert [i for i in ids if not ask(base, f"/api/v1/services/{i}")["name"]] == []
        empty = [
            t for t in themes if json.load(urlopen(f"{base}/api/v1/services?{t}"))["total"] == 0
        ]
        assert empty == []

    def test_a_guide_that_is_gone_says_so(self, browser: Browser, base: str) -> None:
        with a_citizen(browser, base, expects_failures=True) as citizen:
            citizen.visit("/pages/guide/index?id=no-such-service")

            expect(citizen.page.get_by_role("alert")).to_contain_text("没有")
            expect(citizen.page.get_by_role("link", name="回首页")).to_be_visible()


class TestAsking:
    def test_an_answer_names_its_source_and_the_source_can_be_opened(
        self, citizen: Citizen
    ) -> None:
        page = citizen.page
        citizen.visit(PAGES["问一问"])
        page.get_by_label("请输入您的问题").fill("补身份证要多少钱")
        citizen.press("发送")

        source = page.get_by_role(
            "link", name=re.compile("依据：办事指南《居民身份证丢失补领》第 1 版")
        )
        expect(source).to_be_visible()
        expect(page.locator("[role=log]")).to_contain_text("40 元")
        citizen.press("有用")
        expect(page.get_by_text("谢谢，已经记下")).to_be_visible()
        source.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("居民身份证丢失补领")

    def test_a_conversation_goes_on_after_a_reload(self, citizen: Citizen) -> None:
        page = citizen.page
        citizen.visit(PAGES["问一问"])
        page.get_by_role("button", name="身份证丢了怎么补？").click()
        expect(page.get_by_text("这个回答有用吗？")).to_be_visible()

        with page.expect_request("**/bot/messages") as first:
            page.get_by_label("请输入您的问题").fill("要多少钱")
            citizen.press("发送")
        citizen.reload()

        expect(page.get_by_text("身份证丢了怎么补？")).to_be_visible()
        assert first.value.post_data_json["conversation_id"]

    def test_a_question_lost_on_the_way_is_sent_again(self, browser: Browser, base: str) -> None:
        with a_citizen(browser, base, expects_failures=True) as citizen:
            page = citizen.page
            citizen.visit(PAGES["问一问"])
            page.route("**/bot/messages", lambda route: route.abort())
            page.get_by_label("请输入您的问题").fill("结婚登记要多少钱")
            citizen.press("发送")
            expect(page.get_by_text("没有发送成功")).to_be_visible()

            page.unroute("**/bot/messages")
            citizen.press("重新发送")

            expect(page.locator("[role=log]")).to_contain_text("不收费")
            expect(page.get_by_text("没有发送成功")).to_have_count(0)

    def test_choices_are_buttons_and_what_was_tapped_is_sent_as_action(
        self, citizen: Citizen
    ) -> None:
        page = citizen.page
        sent: list[dict[str, Any]] = []

        def answer(route: Route) -> None:
            sent.append(route.request.post_data_json)
            route.fulfill(json=_a_question_back())

        page.route("**/bot/messages", answer)
        citizen.visit(PAGES["问一问"])
        page.get_by_label("请输入您的问题").fill("补身份证")
        citizen.press("发送")

        page.get_by_role("button", name="在异地补领").click()

        expect(page.locator("[role=log]")).to_contain_text("您在哪里补领？")
        assert sent[1] == {"text": "在异地补领", "conversation_id": "c1", "action": "situation:b"}

    def test_somebody_who_wants_a_person_is_told_how(self, citizen: Citizen) -> None:
        citizen.visit(PAGES["问一问"])
        citizen.press("转人工")

        expect(citizen.page.locator("[role=log]")).to_contain_text("12345")

    def test_a_new_answer_is_read_aloud(self, citizen: Citizen) -> None:
        citizen.visit(PAGES["问一问"])
        citizen.page.get_by_role("button", name="结婚登记要多少钱？").click()

        live = citizen.page.locator("main [aria-live=polite]")
        expect(live.filter(has_text="不收费")).to_have_count(1)

    def test_a_guide_can_be_asked_about(self, citizen: Citizen) -> None:
        citizen.visit(f"{GUIDE}&situation=b")
        citizen.press("问一问")

        expect(citizen.page.locator("[role=log]")).to_contain_text("居民身份证丢失补领")
        expect(citizen.page.get_by_role("link", name=re.compile("依据：")).first).to_be_visible()


class TestComfort:
    @pytest.mark.parametrize("path", PAGES.values(), ids=PAGE_IDS)
    def test_large_type_enlarges_every_word_and_lasts(self, citizen: Citizen, path: str) -> None:
        citizen.visit(path)
        ordinary = visible_texts(citizen.page)
        citizen.press("切换到大字")
        citizen.reload()
        large = visible_texts(citizen.page)

        kept = set(ordinary) & set(large)
        assert len(kept) > 5
        assert {t: large[t] for t in kept if large[t] < LARGER_BY * ordinary[t]} == {}

    @pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
    def test_nothing_scrolls_sideways_on_the_smallest_phone(
        self, browser: Browser, base: str, large: bool
    ) -> None:
        with a_citizen(browser, base, size=SMALLEST) as citizen:
            citizen.visit(PAGES["我的"])
            if large:
                citizen.press("切换到大字")
            wide = []
            for name, path in PAGES.items():
                citizen.visit(path)
                wide += [name] if citizen.has_sideways_scroll() else []

            assert wide == []

    @pytest.mark.parametrize("path", PAGES.values(), ids=PAGE_IDS)
    def test_a_finger_hits_every_button(self, citizen: Citizen, path: str) -> None:
        citizen.visit(path)
        small = citizen.page.evaluate(
            """(finger) => [...document.querySelectorAll('button, a[href], [role=option]')]
              .filter((target) => target.checkVisibility() && !target.classList.contains('skip'))
              .map((target) => [target.textContent.trim(), target.getBoundingClientRect()])
              .filter(([, box]) => box.height < finger - 0.5 || box.width < finger - 0.5)
              .map(([words, box]) => `${words} ${box.width}×${box.height}`)""",
            FINGER,
        )

        assert small == []

    @pytest.mark.parametrize("contrast", [False, True], ids=["ordinary", "contrast"])
    @pytest.mark.parametrize("path", PAGES.values(), ids=PAGE_IDS)
    def test_nobody_is_kept_out(self, citizen: Citizen, path: str, contrast: bool) -> None:
        if contrast:
            citizen.visit(PAGES["我的"])
            citizen.page.get_by_role("switch", name="高对比模式").click()
        citizen.visit(path)

        assert serious_violations(citizen.page) == []

    def test_nobody_is_kept_out_of_a_conversation(self, citizen: Citizen) -> None:
        citizen.visit(PAGES["问一问"])
        citizen.page.get_by_role("button", name="身份证丢了怎么补？").click()
        expect(citizen.page.get_by_text("这个回答有用吗？")).to_be_visible()

        assert serious_violations(citizen.page) == []

    def test_the_keyboard_alone_is_enough(self, citizen: Citizen) -> None:
        page = citizen.page
        citizen.visit(PAGES["首页"])
        tab_to(page, "查办事事项")
        page.keyboard.type("身份证丢了")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("居民身份证丢失补领")
        expect(page.get_by_role("heading", level=1)).to_be_focused()

        tab_to(page, "在异地补领")
        page.keyboard.press("Space")
        expect(page.get_by_role("radio", name=re.compile("异地"))).to_be_checked()
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("radio", name="在户籍地补领")).to_be_checked()
        tab_to(page, "申领登记表")
        page.keyboard.press("Space")

        expect(page.get_by_text("已备齐 1/2")).to_be_visible()

    @pytest.mark.parametrize(("name", "path"), PAGES.items(), ids=PAGE_IDS)
    def test_every_page_has_a_title_a_heading_and_a_language(
        self, citizen: Citizen, name: str, path: str
    ) -> None:
        citizen.visit(path)

        assert name in citizen.page.title()
        assert citizen.page.locator("html").get_attribute("lang") == "zh-CN"
        expect(citizen.page.get_by_role("heading", level=1)).to_have_count(1)


class TestBadDays:
    def test_without_network_the_page_says_so_and_recovers(
        self, browser: Browser, base: str
    ) -> None:
        with a_citizen(browser, base, expects_failures=True) as citizen:
            citizen.visit(PAGES["首页"])
            citizen.context.set_offline(True)
            expect(citizen.page.get_by_text("网络已断开")).to_be_visible()

            citizen.context.set_offline(False)

            expect(citizen.page.get_by_text("网络已断开")).to_have_count(0)

    def test_a_failed_page_can_be_tried_again(self, browser: Browser, base: str) -> None:
        with a_citizen(browser, base, expects_failures=True) as citizen:
            page = citizen.page
            page.route("**/api/v1/services/idcard-lost", lambda route: route.fulfill(status=502))
            citizen.visit(GUIDE)
            expect(page.get_by_text("系统出了点问题")).to_be_visible()

            page.unroute("**/api/v1/services/idcard-lost")
            citizen.press("再试一次")

            expect(page.get_by_role("heading", level=1)).to_have_text("居民身份证丢失补领")

    def test_an_answer_is_never_read_as_markup(self, citizen: Citizen) -> None:
        page = citizen.page
        reply = {
            **_a_question_back(),
            "segments": [{"type": "text", "text": "<img src=x onerror=1>"}],
        }
        page.route("**/bot/messages", lambda route: route.fulfill(json=reply))
        citizen.visit(PAGES["问一问"])
        citizen.press("转人工")

        expect(page.locator("[role=log]")).to_contain_text("<img src=x onerror=1>")
        assert page.locator("[role=log] img").count() == 0


class TestWhatWasBuilt:
    def test_styles_load_nothing_from_elsewhere(self) -> None:
        need("H5 构建结果（npm run build:h5）", BUILT.is_dir())
        outside = re.compile(r"url\(\s*[\"']?(?:https?:)?//", re.IGNORECASE)

        assert [p.name for p in BUILT.rglob("*.css") if outside.search(p.read_text())] == []

    def test_the_lock_file_names_no_registry(self) -> None:
        lock = Path(APP / "package-lock.json").read_text(encoding="utf-8")

        assert '"resolved"' not in lock


def tab_to(page: Page, name: str, *, within: int = 60) -> None:
    """Press Tab until the focus is on what a screen reader would call so."""
    for _ in range(within):
        page.keyboard.press("Tab")
        called = page.evaluate(
            "() => document.activeElement.ariaLabel || document.activeElement.textContent"
        )
        if name in called:
            return
    raise AssertionError(f"the keyboard never reaches {name}")


def _a_question_back() -> dict[str, Any]:
    options = [
        {"label": "在户籍地补领", "action": "situation:a"},
        {"label": "在异地补领", "action": "situation:b"},
    ]
    return {
        "conversation_id": "c1",
        "message_id": "m1",
        "segments": [{"type": "choices", "prompt": "您在哪里补领？", "options": options}],
        "plain": "您在哪里补领？",
        "understanding": {"decision": "clarify", "aspect": "materials"},
        "sources": [],
    }
