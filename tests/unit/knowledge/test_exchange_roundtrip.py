"""What goes out comes in again unchanged, whatever a guide holds and whatever the format."""

from __future__ import annotations

import os
import string
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from knowledge import codes, schema
from knowledge.exchange.assemble import assemble
from knowledge.exchange.columns import GUIDE_SHEET, PART_SHEETS, SHEETS
from knowledge.exchange.exporting import export_folder
from knowledge.exchange.importing import import_files
from knowledge.exchange.lists import LINEWISE, join_items, split_items
from knowledge.exchange.sheets import (
    read_tables,
    render_csv_set,
    render_workbook,
    zip_bytes,
)
from knowledge.exchange.yaml_out import render_guides
from knowledge.loader import Problem, load_guides
from knowledge.schema import Guide

EXAMPLES = 50 if os.environ.get("CI") else 6  # a guide has two hundred fields; each example counts
ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "knowledge" / "guides"

# Everything a person can type, and much nobody should: formulas, quotes, separators, emoji.
LETTERS = st.one_of(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    st.sampled_from("、；;，,\"'=+-@#|>:{}[]&*!%\n 0123456789是否。"),
)
TRICKY = st.sampled_from(
    ["=1+1", "@cmd", "+86", "-1", "'=x", "''", '"', '"a', "true", "是", "2026-01-01", "007", "~",
     "null", "#N/A", "1e5", "社会保障（社会保险、社会救助）", "_x0041_", "a: b", "- a", "---"]
)  # fmt: skip


def _trim(text: str) -> str:
    """As the schema trims: white space of every kind; what remains may be nothing."""
    return text.strip()


SHORT = st.one_of(st.text(LETTERS, min_size=1, max_size=12), TRICKY).map(_trim).filter(bool)
IDS = st.text(string.ascii_letters + string.digits, min_size=1, max_size=6)
URLS = st.from_regex(r"https?://[a-z0-9./?=&#-]{1,20}", fullmatch=True)
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
SMALL = st.integers(0, 20)


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any], *, least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


def member(enumeration: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(list(enumeration))


def model(of: type[BaseModel], /, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The model with any of the optional parts present; a part that is None is left out."""
    return st.fixed_dictionaries(parts).map(
        lambda values: of(**{name: value for name, value in values.items() if value is not None})
    )


def fact(of: type[BaseModel], ids: list[str], /, **parts: Any) -> st.SearchStrategy[Any]:
    situations = st.lists(st.sampled_from(ids), unique=True, max_size=2) if ids else st.just([])
    return model(
        of, situations=situations.map(tuple), local=st.booleans(), basis=optional(SHORT), **parts
    )


def options(ids: list[str]) -> st.SearchStrategy[Any]:
    return st.tuples(*(
        model(schema.SituationOption, situation_id=st.just(i), label=SHORT, aliases=some(SHORT),
              note=optional(SHORT))
        for i in ids
    ))  # fmt: skip


def groups(ids: list[str]) -> st.SearchStrategy[Any]:
    """One group or two; two may ask the very same question."""
    parts = [part for part in (ids[:1], ids[1:]) if part] if len(ids) % 2 else [ids] if ids else []
    return st.tuples(*(
        model(schema.SituationGroup, question=st.sampled_from(["哪一种？", "在哪里？"]),
              multiple=st.booleans(), options=options(part))
        for part in parts
    ))  # fmt: skip


WAIVER = model(
    schema.Waiver, kind=member(codes.WaiverKind), note=optional(SHORT), local=st.booleans()
)
FEE_AMOUNTS = st.one_of(
    st.integers(0, 10**9).map(lambda fen: {"amount_fen": fen}),
    SHORT.map(lambda text: {"amount_text": text}),
)
LIMITS = st.one_of(
    st.just({"value": 0, "unit": codes.LimitUnit.ON_THE_SPOT}),
    st.integers(0, 3650).map(lambda n: {"value": n, "unit": codes.LimitUnit.WORK_DAY}),
    SHORT.map(lambda text: {"note": text}),
)


@st.composite
def guides(draw: st.DrawFn) -> Guide:
    ids = draw(st.lists(IDS, unique=True, max_size=3))
    yes = st.booleans()
    material = fact(
        schema.Material, ids, name=SHORT, type=member(codes.MaterialType),
        form=member(codes.MaterialForm), necessity=member(codes.Necessity), original_count=SMALL,
        copy_count=SMALL, source=member(codes.MaterialSource), filled_on_site=yes,
        blank_form_url=optional(URLS), fill_note=optional(SHORT), waiver=optional(WAIVER),
        certificate_code=optional(SHORT),
    )  # fmt: skip
    fee = FEE_AMOUNTS.flatmap(lambda amount: fact(
        schema.Fee, ids, name=SHORT, unit=optional(SHORT), reducible=yes, collected_by_others=yes,
        **{name: st.just(value) for name, value in amount.items()},
    ))  # fmt: skip
    limit = LIMITS.flatmap(lambda said: fact(
        schema.TimeLimit, ids, kind=member(codes.LimitKind),
        **{name: st.just(value) for name, value in said.items()},
    ))  # fmt: skip
    place = fact(schema.Place, ids, name=SHORT, address=optional(SHORT), phone=optional(SHORT),
                 map_url=optional(URLS), region_code=optional(SHORT))  # fmt: skip
    return draw(model(
        Guide,
        service_id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True),
        version=st.integers(1, 99), status=member(codes.ItemStatus), name=SHORT,
        aliases=some(SHORT), summary=SHORT,
        catalog_code=optional(st.just("000104002000")),
        task_code=optional(st.just("11450721MB155808114000104002000")),
        handle_code=optional(st.just("11450721MB15580811400010400200001")),
        local_task_code=optional(IDS), effective_from=optional(st.just(date(1980, 2, 29))),
        effective_to=optional(DAYS), department=SHORT, department_kind=optional(
            member(codes.SubjectKind)), joint_departments=some(SHORT),
        level=optional(member(codes.Level)), power_source=optional(member(codes.PowerSource)),
        legal_basis=some(model(schema.LegalBasis, title=SHORT, article=optional(SHORT))),
        item_type=member(codes.ItemType), handling_type=member(codes.HandlingType),
        review_type=member(codes.ReviewType), audience=some(member(codes.Audience), least=1),
        themes=some(SHORT), situation_groups=groups(ids),
        conditions=some(fact(schema.Condition, ids, text=SHORT, accepts=yes)),
        prohibitions=some(SHORT), materials=some(material), charged=optional(yes), fees=some(fee),
        limits=some(limit), special_procedures=some(model(schema.SpecialProcedure, name=SHORT)),
        channels=some(fact(schema.Channel, ids, kind=member(codes.ChannelKind))),
        online=model(schema.OnlineService, depth=optional(member(codes.OnlineDepth)),
                     functions=some(member(codes.OnlineFunction)), local=yes),
        onsite_visits=optional(SMALL), in_hall=yes, bookable=yes, payable_online=yes,
        cross_region=optional(member(codes.CrossRegion)), four_ways=some(member(codes.FourWay)),
        agents=some(fact(schema.AgentRule, ids, allowed=yes, text=SHORT)), places=some(place),
        steps=some(fact(schema.Step, ids, name=SHORT, text=SHORT)),
        results=some(fact(schema.Result, ids, name=SHORT, kind=member(codes.ResultKind))),
        deliveries=some(fact(schema.Delivery, ids, kind=member(codes.DeliveryKind))),
        consult_phone=optional(SHORT), remedies=model(schema.Remedies, litigation=optional(SHORT)),
        faqs=some(fact(schema.Faq, ids, question=SHORT, similar=some(SHORT), answer=SHORT)),
        notes=some(fact(schema.Note, ids, text=SHORT)), related=some(IDS), checked_on=DAYS,
        sources=some(model(schema.SourceRef, name=SHORT, url=optional(URLS)), least=1),
        confidence=member(codes.Confidence),
    ))  # fmt: skip


def collections() -> st.SearchStrategy[tuple[Guide, ...]]:
    return st.lists(guides(), min_size=1, max_size=2, unique_by=lambda g: g.service_id).map(tuple)


def there_and_back(given_guides: tuple[Guide, ...], form: str) -> tuple[Guide, ...]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        (folder / "in" / "all.yaml").write_bytes(render_guides(given_guides).encode())
        export_folder(folder / "in", folder / form)
        import_files([folder / form], folder / "back")
        return load_guides(folder / "back")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["out.xlsx", "out.zip", "out", "out.yaml"])
@given(written=collections())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_guide_survives_export_and_import(form, written):
    in_order = tuple(sorted(written, key=lambda guide: guide.service_id))

    assert there_and_back(written, form) == in_order


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "render"),
    [("all.xlsx", render_workbook), ("all.zip", lambda guides: zip_bytes(render_csv_set(guides)))],
)
def test_every_shipped_guide_survives_export_and_import(tmp_path, name, render):
    shipped = load_guides(SHIPPED)
    (tmp_path / name).write_bytes(render(shipped))
    problems: list[Problem] = []

    tables = read_tables(tmp_path / name, problems=problems, warnings=problems)
    back = assemble(tables, existing={}, problems=problems, warnings=problems)

    assert tuple(one.guide for one in back) == shipped
    assert problems == []


@given(items=some(SHORT), linewise=st.booleans())
def test_any_items_survive_sharing_a_cell(items, linewise):
    kind = {"separators": LINEWISE} if linewise else {}

    assert split_items(join_items(items, **kind), **kind) == items


def test_clerks_may_separate_items_as_they_like():
    assert split_items("身份证丢了、 补办；挂失;\n找不到\n") == (
        "身份证丢了",
        "补办",
        "挂失",
        "找不到",
    )
    assert split_items('"社会保障（保险、救助）"、公证') == ("社会保障（保险、救助）", "公证")


def test_every_field_of_the_schema_has_a_column():
    missing = set(Guide.model_fields) - {s.field for s in PART_SHEETS}

    assert [name for name in missing if GUIDE_SHEET.column_of(name) is None] == []
    for sheet in PART_SHEETS[1:]:  # 情形 stands for two levels at once
        element = Guide.model_fields[sheet.field].annotation.__args__[0]
        assert [n for n in element.model_fields if sheet.column_of(n) is None] == []


def test_no_two_columns_of_a_sheet_have_the_same_heading():
    for sheet in SHEETS:
        assert len(set(sheet.headings)) == len(sheet.headings)
