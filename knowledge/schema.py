"""The service guide (办事指南): every element of GB/T 39046-2020 table 4 and the C0109 item lists.

A `Guide` is frozen and validated: what you hold is complete and self-consistent. Facts that differ
from place to place carry `local = true`; the bot then says so and names whom to ask
(`Guide.ask_locally`) instead of inventing a value.

`situations` on a fact lists the situation ids it holds for; empty means all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from knowledge.codes import (
    Audience,
    ChannelKind,
    Confidence,
    CrossRegion,
    DeliveryKind,
    FourWay,
    HandlingType,
    ItemStatus,
    ItemType,
    Level,
    LimitKind,
    LimitUnit,
    MaterialForm,
    MaterialSource,
    MaterialType,
    Necessity,
    OnlineDepth,
    OnlineFunction,
    PowerSource,
    ResultKind,
    ReviewType,
    SpecialProcedureKind,
    SubjectKind,
    WaiverKind,
    catalog_code_problem,
    handle_code_problem,
    task_code_problem,
)

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
ServiceId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
SituationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=500)]


class Element(BaseModel):
    """A part of a guide. Unknown keys are refused: a typing error is reported, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SituationalFact(Element):
    """A fact that may hold for some situations only, and may differ from place to place."""

    situations: tuple[SituationId, ...] = ()
    local: bool = False  # differs locally: answered as such, never as a fact
    basis: Short | None = None  # legal basis of this very fact, e.g. 居民身份证法第十二条

    def holds_for(self, situation_id: str | None) -> bool:
        """Whether this fact concerns a citizen in that situation; with None: in every situation."""
        return not self.situations or situation_id in self.situations


class LegalBasis(Element):
    """设定依据, one of several."""

    title: Short  # 《…》 without the marks
    document_no: Short | None = None
    article: Short | None = None
    text: Prose | None = None
    url: Url | None = None


class SituationOption(Element):
    """情形: one answer to the group's question. `aliases` are words citizens use for it."""

    situation_id: SituationId
    label: Short
    aliases: tuple[Short, ...] = ()
    usual: bool = False  # assumed, and said so, when a citizen does not tell
    note: Prose | None = None


class SituationGroup(Element):
    """情形组: a question whose answer changes materials, fees, time or conditions."""

    question: Short
    multiple: bool = False
    options: Annotated[tuple[SituationOption, ...], Field(min_length=1)]


class Condition(SituationalFact):
    """受理条件; `accepts=False` is a ground for refusal (不予受理)."""

    text: Prose
    accepts: bool = True


class Waiver(Element):
    """减证便民: how the citizen can be spared this material."""

    kind: WaiverKind
    note: Short | None = None
    local: bool = False


class Material(SituationalFact):
    """申请材料 (up_task_general_material)."""

    name: Short
    type: MaterialType = MaterialType.ORIGINAL
    form: MaterialForm = MaterialForm.PAPER
    necessity: Necessity = Necessity.REQUIRED
    original_count: Annotated[int, Field(ge=0, le=99)] = 1
    copy_count: Annotated[int, Field(ge=0, le=99)] = 0
    page_format: Short | None = None
    source: MaterialSource = MaterialSource.APPLICANT
    source_note: Short | None = None
    filled_on_site: bool = False  # 须本人现场填
    blank_form_url: Url | None = None
    sample_url: Url | None = None
    fill_note: Prose | None = None  # 填报须知
    accept_standard: Prose | None = None  # 受理标准
    applies_when: Short | None = None  # 非必要时的适用情形, where no situation expresses it
    signature: Short | None = None  # 签章要求
    waiver: Waiver | None = None
    certificate_code: Short | None = None  # 可引用的电子证照
    note: Prose | None = None


class Fee(SituationalFact):
    """收费项目. Without `amount_fen` there is no fixed amount: `amount_text` says what is known."""

    name: Short
    amount_fen: Annotated[int, Field(ge=0)] | None = None
    unit: Short | None = None  # 本 / 证 / 副 / 件
    amount_text: Prose | None = None
    reducible: bool = False
    reduction: Prose | None = None
    collected_by_others: bool = False  # 市场价、代收，不是政务收费
    note: Prose | None = None

    @model_validator(mode="after")
    def _says_an_amount(self) -> Self:
        if self.amount_fen is None and self.amount_text is None:
            raise ValueError("收费项目要写 amount_fen（分）或 amount_text（说明）")
        return self


class TimeLimit(SituationalFact):
    """办结时限 in its own unit, never converted (行政许可法第八十二条 counts work days)."""

    kind: LimitKind
    value: Annotated[int, Field(ge=0, le=3650)] | None = None
    unit: LimitUnit | None = None
    note: Prose | None = None

    @model_validator(mode="after")
    def _is_a_time(self) -> Self:
        if (self.value is None) != (self.unit is None):
            raise ValueError("时限的 value 与 unit 要同时写或同时不写")
        if self.value is None and self.note is None:
            raise ValueError("没有数值的时限要用 note 说明")
        if self.unit is LimitUnit.ON_THE_SPOT and self.value != 0:
            raise ValueError("当场办结的时限 value 写 0")
        return self


class SpecialProcedure(Element):
    """特别程序: not counted in the time limit (行政许可法第四十五条)."""

    name: Short
    kind: SpecialProcedureKind = SpecialProcedureKind.OTHER
    limit: Short | None = None
    department: Short | None = None
    phone: Short | None = None
    basis: Short | None = None


class Channel(SituationalFact):
    """办理形式: one way to apply."""

    kind: ChannelKind
    name: Short | None = None  # e.g. 交管12123 App、自助终端
    url: Url | None = None
    note: Prose | None = None


class AgentRule(SituationalFact):
    """代办: whether somebody else may act for the citizen, and with what."""

    allowed: bool
    text: Prose


class Place(SituationalFact):
    """办理窗口. National guides name the kind of place; a hall adds address, phone and hours."""

    name: Short
    address: Short | None = None
    window: Short | None = None
    phone: Short | None = None
    hours: Short | None = None
    transit: Short | None = None
    map_url: Url | None = None
    region_code: Short | None = None
    note: Prose | None = None


class Step(SituationalFact):
    """办理环节."""

    name: Short
    text: Prose
    who: Short | None = None
    limit: Short | None = None
    standard: Short | None = None
    result: Short | None = None


class Result(SituationalFact):
    """审批结果."""

    name: Short
    kind: ResultKind = ResultKind.CERTIFICATE
    validity: Prose | None = None
    sample_url: Url | None = None
    note: Prose | None = None


class Delivery(SituationalFact):
    """送达方式."""

    kind: DeliveryKind
    note: Prose | None = None


class Faq(SituationalFact):
    """常见问题; `similar` are other wordings of the same question."""

    question: Short
    similar: tuple[Short, ...] = ()
    answer: Prose


class Note(SituationalFact):
    """A hint that belongs to no other element."""

    text: Prose


class SourceRef(Element):
    """Where the facts of this guide come from."""

    name: Short
    url: Url | None = None


class OnlineService(Element):
    """网上办理: depth, functions and what can be done without coming."""

    depth: OnlineDepth | None = None
    functions: tuple[OnlineFunction, ...] = ()
    single_sign_on: bool = False
    local: bool = False
    note: Prose | None = None


class Remedies(Element):
    """救济. The defaults are the general rule: 行政复议法第二十条、行政诉讼法第四十五、四十六条."""

    reconsideration: Prose = "对办理结果不服的，可以自知道之日起六十日内申请行政复议"
    litigation: Prose = (
        "也可以自知道之日起六个月内直接向人民法院起诉；"
        "对复议决定不服的，收到复议决定书之日起十五日内起诉"
    )


Fact = TypeVar("Fact", bound=SituationalFact)


class Guide(Element):
    """A whole service guide. `service_id` is stable for ever; `version` only grows."""

    # 标识
    service_id: ServiceId
    version: Annotated[int, Field(ge=1)] = 1
    status: ItemStatus = ItemStatus.ACTIVE
    name: Short
    aliases: tuple[Short, ...] = ()  # everyday names and phrases, shown and searched
    phrasings: tuple[Short, ...] = ()  # how citizens put it: found by, never shown
    summary: Prose  # what this is, in one or two sentences a citizen understands
    catalog_code: str | None = None  # 基本编码 12
    task_code: str | None = None  # 实施编码 31
    handle_code: str | None = None  # 业务办理项编码 33
    local_catalog_code: Annotated[str, Field(max_length=50)] | None = None
    local_task_code: Annotated[str, Field(max_length=50)] | None = None
    effective_from: date | None = None
    effective_to: date | None = None

    # 主体
    department: Short
    department_uscc: str | None = None
    department_kind: SubjectKind | None = None
    delegating_department: Short | None = None
    joint_departments: tuple[Short, ...] = ()
    handling_agency: Short | None = None
    level: Level | None = None
    level_division: Prose | None = None  # 权限划分
    exercise_scope: Prose | None = None  # 行使内容
    power_source: PowerSource | None = None

    # 依据、类型、对象
    legal_basis: tuple[LegalBasis, ...] = ()
    item_type: ItemType
    handling_type: HandlingType = HandlingType.PROMISED
    review_type: ReviewType = ReviewType.STAGED
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    themes: tuple[Short, ...] = ()

    # 情形、条件、材料、收费、时限
    situation_groups: tuple[SituationGroup, ...] = ()
    conditions: tuple[Condition, ...] = ()
    quantity_limit: Prose | None = None
    prohibitions: tuple[Prose, ...] = ()
    materials: tuple[Material, ...] = ()
    charged: bool | None = None  # None: differs locally or is not known
    fees: tuple[Fee, ...] = ()
    fee_note: Prose | None = None  # e.g. why it is free, and by which document
    limits: tuple[TimeLimit, ...] = ()
    special_procedures: tuple[SpecialProcedure, ...] = ()

    # 渠道、跑动
    channels: tuple[Channel, ...] = ()
    online: OnlineService = OnlineService()
    onsite_visits: Annotated[int, Field(ge=0, le=20)] | None = None
    onsite_reason: Prose | None = None
    in_hall: bool = True  # 进驻大厅
    bookable: bool = True  # 支持预约
    payable_online: bool = False  # 支持网上支付
    courier: bool = False  # 支持物流快递
    self_service: bool = False  # 支持自助终端
    cross_region: CrossRegion | None = None
    four_ways: tuple[FourWay, ...] = ()
    agents: tuple[AgentRule, ...] = ()

    # 窗口、流程、结果、送达
    places: tuple[Place, ...] = ()
    steps: tuple[Step, ...] = ()
    flowchart_url: Url | None = None
    results: tuple[Result, ...] = ()
    deliveries: tuple[Delivery, ...] = ()

    # 咨询、监督、救济、中介
    consult_phone: Short | None = None
    complain_phone: Short | None = None
    consult_note: Prose | None = None
    progress_query: Prose | None = None
    remedies: Remedies = Remedies()
    intermediary_services: tuple[Short, ...] = ()

    # 问答、提示
    faqs: tuple[Faq, ...] = ()
    notes: tuple[Note, ...] = ()
    related: tuple[ServiceId, ...] = ()

    # 出处
    ask_locally: Short = "当地政务服务中心或 12345 热线"  # whom to ask about what differs locally
    checked_on: date
    sources: Annotated[tuple[SourceRef, ...], Field(min_length=1)]
    confidence: Confidence = Confidence.MEDIUM

    @property
    def situations(self) -> tuple[SituationOption, ...]:
        return tuple(option for group in self.situation_groups for option in group.options)

    @property
    def usual_situation(self) -> SituationOption | None:
        """What is assumed when a citizen does not tell; None where nothing may be assumed."""
        return next((option for option in self.situations if option.usual), None)

    def situation(self, situation_id: str | None) -> SituationOption | None:
        """The option with this id, or None."""
        return next((o for o in self.situations if o.situation_id == situation_id), None)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        problems = [*self._code_problems(), *self._situation_problems()]
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            problems.append("失效日期早于生效日期")
        if problems:
            raise ValueError("；".join(problems))
        return self

    def _code_problems(self) -> Iterable[str]:
        checks = (
            (self.catalog_code, catalog_code_problem),
            (self.task_code, task_code_problem),
            (self.handle_code, handle_code_problem),
        )
        for code, problem_of in checks:
            if code is not None and (problem := problem_of(code)):
                yield problem

    def _situation_problems(self) -> Iterable[str]:
        ids = [option.situation_id for option in self.situations]
        if repeated := sorted({i for i in ids if ids.count(i) > 1}):
            yield f"情形编号重复：{'、'.join(repeated)}"
        if sum(option.usual for option in self.situations) > 1:
            yield "常见情形（usual）只能有一个"
        for field_name in SITUATIONAL_FIELDS:
            facts: tuple[SituationalFact, ...] = getattr(self, field_name)
            for row, fact in enumerate(facts):
                if unknown := sorted(set(fact.situations) - set(ids)):
                    yield f"{field_name}[{row}] 提到没有定义的情形：{'、'.join(unknown)}"


SITUATIONAL_FIELDS: tuple[str, ...] = (
    "conditions",
    "materials",
    "fees",
    "limits",
    "channels",
    "agents",
    "places",
    "steps",
    "results",
    "deliveries",
    "faqs",
    "notes",
)


def facts_for(facts: Iterable[Fact], situation_id: str | None) -> tuple[Fact, ...]:
    """The facts for a citizen in this situation; with None: those that hold in every one."""
    return tuple(fact for fact in facts if fact.holds_for(situation_id))
