"""Finding guides: written forms, typing errors, pinyin, ranking, and the cache."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.base import KnowledgeBase
from knowledge.codes import Audience, ItemType
from knowledge.content import build_content
from knowledge.loader import BadKnowledge, FaqEntry, load_guides
from knowledge.normalize import INVISIBLE, normalize
from knowledge.schema import Guide, SourceRef


def guide(service_id: str, name: str, *aliases: str) -> Guide:
    return Guide(
        service_id=service_id,
        name=name,
        aliases=aliases,
        summary=name,
        department="某局",
        item_type=ItemType.PUBLIC_SERVICE,
        audience=(Audience.PERSON,),
        checked_on=date(2026, 11, 22),
        sources=(SourceRef(name="示例"),),
    )


@pytest.fixture(scope="module")
def small() -> KnowledgeBase:
    guides = [
        guide("id-lost", "居民身份证丢失补领", "身份证丢了"),
        guide("id-renew", "居民身份证换领", "身份证到期"),
        guide("passport", "普通护照首次申领", "办护照"),
        guide("book", "居民户口簿换领补领", "户口本丢了"),
    ]
    faq = [FaqEntry("q1", "大厅可以停车吗", None), FaqEntry("q2", "有没有母婴室", "一楼有。")]
    return KnowledgeBase(build_content(guides, faq))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("身份證遺失補辦", "身份证遗失补办"),
        ("护照\u200b办理\ufe0f😀", "护照办理"),
        ("  多   空 格 ", "多 空 格"),
    ],
)
def test_one_written_form(typed: str, read: str) -> None:
    assert normalize(typed) == read


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_read_and_nothing_invisible_is_left(text: str) -> None:
    assert INVISIBLE.search(normalize(text)) is None


@pytest.mark.parametrize("typed", ["身份正丢了", "身分证丢了", "身份证丢了"])
def test_a_word_that_sounds_alike_is_mended(small: KnowledgeBase, typed: str) -> None:
    top = small.rank(small.read(typed).terms).top

    assert top is not None
    assert top.id == "id-lost"


def test_ordinary_words_are_not_taken_for_errors(small: KnowledgeBase) -> None:
    assert small.read("新疆的哥哥").corrections == ()


@pytest.mark.parametrize(
    ("typed", "first"),
    [("sfz", "id-renew"), ("huzhao", "passport"), ("hkb", "book"), ("护照", "passport")],
)
def test_the_search_box_finds_by_name_pinyin_and_initials(
    small: KnowledgeBase, typed: str, first: str
) -> None:
    assert first in small.search_guides(typed)[:2]


def test_an_entry_without_an_answer_can_be_found(small: KnowledgeBase) -> None:
    top = small.rank(small.read("停车可以吗").terms).top

    assert top is not None
    assert top.id == "q1"


def test_nothing_in_common_is_nothing_found(small: KnowledgeBase) -> None:
    assert small.rank(small.read("zzz").terms).hits == ()


def test_the_cache_answers_the_same_and_a_changed_guide_is_read_anew(tmp_path: Path) -> None:
    folder, cache = tmp_path / "guides", tmp_path / "cache"
    folder.mkdir()
    shipped = Path("knowledge/guides/idcard-lost.yaml").read_text("utf-8")
    (folder / "a.yaml").write_text(shipped, "utf-8")
    first = KnowledgeBase.load(folder, cache=cache)
    again = KnowledgeBase.load(folder, cache=cache)

    assert again.guide("idcard-lost") == first.guide("idcard-lost")
    assert again.rank(again.read("身份证丢了").terms) == first.rank(first.read("身份证丢了").terms)

    (folder / "a.yaml").write_text(shipped.replace("居民身份证丢失补领", "身份证补领"), "utf-8")
    assert (
        KnowledgeBase.load(folder, cache=cache).guide("idcard-lost").name.startswith("身份证补领")
    )


def test_a_damaged_cache_is_made_again(tmp_path: Path) -> None:
    folder, cache = tmp_path / "guides", tmp_path / "cache"
    folder.mkdir()
    (folder / "a.yaml").write_bytes(Path("knowledge/guides/idcard-lost.yaml").read_bytes())
    KnowledgeBase.load(folder, cache=cache)
    (kept,) = cache.iterdir()
    (kept / "index.npz").write_bytes(b"broken")

    assert "idcard-lost" in KnowledgeBase.load(folder, cache=cache)


def test_every_problem_of_a_folder_is_told_at_once_with_its_row(tmp_path: Path) -> None:
    good = Path("knowledge/guides/idcard-lost.yaml").read_text("utf-8")
    (tmp_path / "a.yaml").write_text(good.replace("level: 县级", "level: 县区级"), "utf-8")
    (tmp_path / "b.yaml").write_text("name: [没有关上", "utf-8")
    (tmp_path / "c.yaml").write_bytes("name: 身份证".encode("gb18030"))
    (tmp_path / "d.yaml").write_text("&a name: *a", "utf-8")

    with pytest.raises(BadKnowledge) as caught:
        load_guides(tmp_path)

    files = {problem.file for problem in caught.value.problems}
    assert files == {"a.yaml", "b.yaml", "c.yaml", "d.yaml"}
    level = next(p for p in caught.value.problems if p.file == "a.yaml")
    assert "县区级" in level.message
    assert level.row > 1
