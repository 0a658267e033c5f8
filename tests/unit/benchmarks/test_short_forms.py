"""The benchmarks in short: that they ask the right things and measure what they say. No timings."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import bench_http, bench_startup, corpora, questions, server
from benchmarks.bench_bot import Result
from benchmarks.contenders import CONTENDERS, FINDER, PRODUCT, REFERENCE, SLOW, Birth
from benchmarks.corpora import Folder
from benchmarks.load import Requests, press
from benchmarks.measure import Spread, percentile
from benchmarks.questions import Asked
from knowledge.loader import load_guides

pytestmark = pytest.mark.slow
SIZE = 20


@pytest.fixture(scope="module")
def guides() -> tuple[corpora.Guide, ...]:
    return corpora.shipped()[:SIZE]


@pytest.fixture(scope="module")
def folder(guides: tuple[corpora.Guide, ...], tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return corpora.write("short", guides, under=tmp_path_factory.mktemp("corpus"))


def shortened(case: bench_http.Case) -> bench_http.Case:
    asked = case.requests
    return replace(case, requests=Requests(asked.paths[:2], asked.bodies[:2], asked.unique))


class TestCorpora:
    def test_what_is_written_is_what_the_product_reads(self, guides, folder):
        assert load_guides(folder.guides) == guides

    def test_the_references_get_one_document_for_every_guide(self, guides, folder):
        documents = dict(corpora.read_texts(folder))

        assert set(documents) == {guide.service_id for guide in guides}
        assert all(guide.name in documents[guide.service_id] for guide in guides)

    def test_copies_are_the_same_every_time_and_have_ids_of_their_own(self, guides):
        first, again = corpora.copies(guides, 50), corpora.copies(guides, 50)

        assert first == again
        assert len({copy.guide.service_id for copy in first}) == 50
        assert first[SIZE].original == first[0].original
        assert first[SIZE].town != first[0].town

    def test_no_town_is_named_twice(self):
        assert len(set(corpora.towns())) == len(corpora.towns())


class TestQuestions:
    def test_a_held_out_alias_is_in_no_guide_that_answers_it(self, guides):
        held = questions.hold_out(guides)

        for guide in held.guides:
            assert held.aliases.get(guide.service_id) not in guide.aliases

    def test_the_same_questions_are_asked_in_every_run(self, guides):
        held = questions.hold_out(guides)

        assert questions.about(held, limit=30) == questions.about(held, limit=30)

    def test_every_question_has_an_answer(self, guides):
        held = questions.hold_out(guides)
        copies = corpora.copies(held.guides, 60)
        ids = {copy.guide.service_id for copy in copies}
        asked = questions.about_copies(copies, held, limit=30)

        assert {question.kind for question in asked} <= {"alias", "typo", "dropped"}
        assert all(question.expect and question.expect <= ids for question in asked)
        assert all(any(q.text.startswith(t) for t in corpora.towns()) for q in asked)


class TestContenders:
    @pytest.mark.parametrize("name", CONTENDERS)
    def test_everybody_finds_a_guide_by_its_own_name(self, name, guides, folder, tmp_path):
        if name in (REFERENCE, SLOW):
            pytest.importorskip({REFERENCE: "bm25s", SLOW: "rank_bm25"}[name])
        ask = CONTENDERS[name](folder, tmp_path)

        found = [list(ask(guide.name))[:1] for guide in guides]

        assert found == [[guide.service_id] for guide in guides]

    def test_recall_and_percentiles_are_over_the_questions(self):
        asked = [Asked("甲", frozenset("a"), "alias"), Asked("乙", frozenset("b"), "typo")]
        result = Result(PRODUCT, Birth(0.0, 0.0))
        result.found = {0: ["a"], 1: ["x", "b"]}
        result.took_ms = {0: [1.0, 9.0, 1.0], 1: [3.0, 3.0, 3.0]}

        assert result.recall(asked, 1) == 0.5
        assert result.recall(asked, 3) == 1.0
        assert result.recall(asked, 1, "alias") == 1.0
        assert result.at(50) == 2.0
        assert result.worst_at(99) > result.at(99)

    def test_the_finder_alone_is_measured_as_well(self):
        assert {PRODUCT, FINDER, REFERENCE, SLOW} == set(CONTENDERS)


class TestFigures:
    def test_a_spread_says_median_and_both_ends(self):
        assert f"{Spread.of([3.0, 1.0, 2.0]):.0f}" == "2 (1–3)"

    def test_a_single_figure_is_its_own_percentile(self):
        assert percentile([7.0], 99) == 7.0


@pytest.mark.slow
class TestServers:
    def test_the_bare_server_gives_the_very_bytes_it_was_given(self, tmp_path: Path):
        body = tmp_path / "body"
        body.write_bytes('{"名称":"养犬登记"}'.encode())

        with server.bare(str(body), log=tmp_path / "log") as bare:
            assert server.get(bare.port, "/body")[:2] == (200, body.read_bytes())
            assert server.post(bare.port, "/body", b"{}")[:2] == (200, body.read_bytes())
            load = press(bare.port, Requests(["/body"]), seconds=1)

        assert load.errors == 0
        assert load.per_second > 0

    def test_the_product_answers_every_case_and_is_seen_to_use_memory(self, tmp_path: Path):
        with server.product(tmp_path / "var") as ours:
            answers = {case.name: shortened(case).answers(ours.port) for case in bench_http.cases()}
            bench_startup._ask(ours.port, ["养犬登记怎么办"])
            workers = ours.workers()

            assert len(workers) == 1
            assert ours.cpu_s() > 0

        assert all(itertools.chain.from_iterable(answers.values()))
        assert all(b"service_id" in body for body in answers["指南详情"])

    def test_loading_is_timed_in_a_process_of_its_own(self, folder: Folder, tmp_path: Path):
        assert bench_startup._seconds(bench_startup.READ, folder.guides) > 0
        assert bench_startup._seconds(bench_startup.LOAD, folder.guides, tmp_path) > 0
