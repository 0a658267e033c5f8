"""The table of all rules. 清单质量规则 1–11 are those of the local list inspections."""

from __future__ import annotations

from knowledge.quality import content, handling, upkeep
from knowledge.quality.finding import FolderRule, Rule, Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING
LIST = "清单质检规则"
LICENSING_LAW = "行政许可法"
MONEY_LAW = f"{LIST}、{LICENSING_LAW}第五十八、五十九条"

RULES: tuple[Rule, ...] = (
    Rule("1 即办", ERROR, LIST, handling.on_the_spot_means_instant),
    Rule("2 时限", ERROR, LIST, handling.promise_within_statutory),
    Rule("3 跑动", ERROR, LIST, handling.visits_have_a_reason),
    Rule("4 网办", ERROR, LIST, handling.full_online_needs_no_visit),
    Rule("5 收费", ERROR, MONEY_LAW, handling.charges_are_complete),
    Rule("5 收费依据", WARNING, LIST, handling.local_charges_have_a_basis),
    Rule("6 结果", ERROR, LIST, content.result_kind_fits_its_name),
    Rule("6 样本", WARNING, LIST, content.results_have_samples, once=True),
    Rule("7 对象", ERROR, LIST, content.themes_fit_the_audience),
    Rule("7 主题", WARNING, LIST, content.has_a_theme),
    Rule("8 电话", ERROR, LIST, content.phones_are_complete),
    Rule("8 无电话", WARNING, LIST, content.has_phones, once=True),
    Rule("9 环节", ERROR, LIST, content.licence_has_five_steps),
    Rule("9 问答", ERROR, LIST, content.licence_has_a_faq),
    Rule("10 共享", WARNING, "国令第 716 号第七条", content.shareable_materials_are_waived),
    Rule("11 兜底", ERROR, "优化营商环境条例", content.no_catch_all_materials),
    Rule("12 依据", ERROR, f"{LICENSING_LAW}第四条", upkeep.licence_has_a_legal_basis),
    Rule("13 失效", WARNING, "GB/T 39046", upkeep.is_in_force),
    Rule("14 核对", WARNING, "知识库每年核查", upkeep.was_checked_lately),
    Rule("15 未来", ERROR, "常理", upkeep.was_not_checked_in_the_future),
    Rule("16 主体", ERROR, "GB 32100", upkeep.department_code_is_valid),
    Rule("17 情形", WARNING, "机器人要听懂", upkeep.situations_have_aliases),
    Rule("18 问答", ERROR, "机器人要听懂", upkeep.faqs_are_distinct),
)  # fmt: skip

FOLDER_RULES: tuple[FolderRule, ...] = (
    FolderRule("19 相关", ERROR, "常理", upkeep.related_guides_exist),
    FolderRule("20 别名", ERROR, "机器人要听懂", upkeep.aliases_belong_to_one_guide),
    FolderRule("21 问答", WARNING, "机器人要听懂", upkeep.questions_belong_to_one_guide),
)
