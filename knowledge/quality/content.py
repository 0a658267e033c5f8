"""Rules about results, audiences, phones, steps and materials (清单质量规则 6–11)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from knowledge.codes import Audience, ItemType, MaterialSource, ResultKind
from knowledge.quality.finding import Finding
from knowledge.schema import Guide

NO_CERTIFICATES = ("公证", "认证", "验证", "论证", "见证", "凭证")  # acts and receipts
# Themes of the national catalogue that concern only persons, or only organisations.
PERSONAL_THEMES = frozenset(
    ("生育收养", "户籍办理", "入伍服役", "婚姻登记", "优待抚恤", "离职退休", "死亡殡葬", "失业")
)
CORPORATE_THEMES = frozenset(
    ("年检年审", "税收财务", "投资审批", "融资信贷", "招标拍卖", "海关口岸", "法人注销", "检验检疫")
)
PHONE = re.compile(
    r"(?:\(0\d{2,3}\)\s?|0\d{2,3}[-—–\s])\d{3,4}\s?\d{1,5}(?:[-转]\d{1,6})*"  # with area code
    r"|1\d{4}|9[56]\d{3,4}|(?:400|800)-?\d{3}-?\d{4}|1[3-9]\d{9}"  # national numbers
)
PHONE_SEPARATORS = re.compile(r"[、，,；;/或 ]+(?=[\d(])")
CATCH_ALL = re.compile(
    r"^(?:其他|其它|相关|有关|必要的?|所需)(?:相关|有关|的|应当|应|需要?|必要|要求|规定|提交|提供|证明|申请|补充|辅助|办理)*"
    r"(?:材料|资料|文件|证件|证明)$"
    r"|(?:其他|其它)(?:应当?|需要?|有关|相关|必要|要求|规定|证明|辅助|支撑|申请)[^，。；、（(]{0,12}(?:材料|资料|文件)"
    r"|(?:部门|机关|单位|窗口|法律|法规|规章)[^，。；、（(]{0,6}(?:要求|规定|认为|需要)[^，。；、（(]{0,10}"
    r"(?:其他|其它|相关|有关|的)(?:证明)?(?:材料|资料|文件)$"
)  # fmt: skip
MIN_STEPS = 5


def result_kind_fits_its_name(guide: Guide, _: date) -> Iterator[Finding]:
    """6: …证 is a certificate, …批复 and …批文 is a document."""
    for row, result in enumerate(guide.results):
        name = unicodedata.normalize("NFKC", result.name).split("(")[0].strip()
        wanted = None
        if name.endswith("证") and not name.endswith(NO_CERTIFICATES):
            wanted = ResultKind.CERTIFICATE
        elif name.endswith(("批复", "批文")):
            wanted = ResultKind.DOCUMENT
        if wanted and result.kind is not wanted:
            yield Finding(("results", row), f"结果“{result.name}”的类型应为“{wanted}”")


def results_have_samples(guide: Guide, _: date) -> Iterator[Finding]:
    """6: a result shows a sample."""
    if any(result.sample_url is None for result in guide.results):
        yield Finding(("results",), "审批结果没有样本 sample_url")


def themes_fit_the_audience(guide: Guide, _: date) -> Iterator[Finding]:
    """7: personal themes need persons among the audience, corporate ones organisations."""
    persons = Audience.PERSON in guide.audience
    organisations = set(guide.audience) != {Audience.PERSON}
    for row, theme in enumerate(guide.themes):
        if theme in PERSONAL_THEMES and not persons:
            yield Finding(("themes", row), f"主题“{theme}”面向自然人，服务对象里却没有自然人")
        if theme in CORPORATE_THEMES and not organisations:
            yield Finding(("themes", row), f"主题“{theme}”面向法人，服务对象里却只有自然人")


def has_a_theme(guide: Guide, _: date) -> Iterator[Finding]:
    """7: every guide stands under a theme."""
    if not guide.themes:
        yield Finding(("service_id",), "没有写主题 themes")


def phones_are_complete(guide: Guide, _: date) -> Iterator[Finding]:
    """8: both phones, with area code, and not the same."""
    consult, complain = guide.consult_phone, guide.complain_phone
    if consult is None and complain is None:
        return
    for field, phone, label in (
        ("consult_phone", consult, "咨询"),
        ("complain_phone", complain, "投诉"),
    ):
        if phone is None:
            yield Finding(("service_id",), f"没有写{label}电话 {field}")
        elif not is_phone(phone):
            yield Finding((field,), f"{label}电话“{phone}”没有区号，或者不是电话号码")
    if consult and consult == complain:
        yield Finding(("complain_phone",), f"投诉电话与咨询电话相同（{consult}）")


def is_phone(text: str) -> bool:
    """Whether this is one phone number or several, each with area code or a national number."""
    parts = PHONE_SEPARATORS.split(unicodedata.normalize("NFKC", text).strip())
    return all(PHONE.fullmatch(part.strip()) for part in parts)


def has_phones(guide: Guide, _: date) -> Iterator[Finding]:
    """8, for a guide without any phone: usual for a national one, a hall adds its own."""
    if guide.consult_phone is None and guide.complain_phone is None:
        yield Finding(("service_id",), "没有咨询、投诉电话（全国通用的指南属正常，本地使用时补上）")


def licence_has_five_steps(guide: Guide, _: date) -> Iterator[Finding]:
    """9: 受理、审核、审批、办结、送达."""
    if guide.item_type is ItemType.LICENSE and len(guide.steps) < MIN_STEPS:
        wanted = f"行政许可至少 {MIN_STEPS} 个环节（受理、审核、审批、办结、送达）"
        where = ("steps",) if guide.steps else ("item_type",)
        yield Finding(where, f"{wanted}，现有 {len(guide.steps)} 个")


def licence_has_a_faq(guide: Guide, _: date) -> Iterator[Finding]:
    """9: at least one question and answer."""
    if guide.item_type is ItemType.LICENSE and not guide.faqs:
        yield Finding(("item_type",), "行政许可至少要有 1 条常见问题 faqs")


def shareable_materials_are_waived(guide: Guide, _: date) -> Iterator[Finding]:
    """10: what the government itself issued is shared, not asked for again."""
    for row, material in enumerate(guide.materials):
        if material.source is MaterialSource.GOVERNMENT and material.waiver is None:
            yield Finding(
                ("materials", row),
                f"“{material.name}”由政府部门核发，能共享的应标明免提交方式 waiver",
            )


def no_catch_all_materials(guide: Guide, _: date) -> Iterator[Finding]:
    """11: 其他材料, and whatever some office may want, is no list of materials."""
    for row, material in enumerate(guide.materials):
        if CATCH_ALL.search(unicodedata.normalize("NFKC", material.name).replace(" ", "")):
            yield Finding(("materials", row), f"“{material.name}”是兜底条款，要写明具体是什么材料")
