# ruff: noqa: E501 (a table is read by column, not wrapped)
"""The table of all rules. 清单质量规则 1–11 are those of the local list inspections."""

from __future__ import annotations

from knowledge.quality import content, handling, upkeep
from knowledge.quality.finding import FolderRule, Rule, Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING
LIST = "清单质检规则"
LICENSING_LAW = "行政许可法"
MONEY_LAW = f"{LIST}、{LICENSING_LAW}第五十八、五十九条"

RULES: tuple[Rule, ...] = (
    Rule("1 即办", ERROR, "承诺当场办结的是“即办件”加“即审即办”，反过来也是；其余是“承诺件”", LIST, handling.on_the_spot_means_instant),
    Rule("2 时限", ERROR, "承诺时限不超过同一情形的法定时限（单位不同时，只在肯定超过时报告）", LIST, handling.promise_within_statutory),
    Rule("3 跑动", ERROR, "到现场次数不是 0 要写原因；是 0 不写原因，并且要能网上办或快递申请", LIST, handling.visits_have_a_reason),
    Rule("4 网办", ERROR, "网办深度 Ⅳ 级，到现场次数是 0", LIST, handling.full_online_needs_no_visit),
    Rule("5 收费", ERROR, "收费的要有项目、标准、依据；不收费的不能有金额，也不能支持网上支付", MONEY_LAW, handling.charges_are_complete),
    Rule("5 收费依据", WARNING, "各地不同的收费也尽量写依据", LIST, handling.local_charges_have_a_basis),
    Rule("6 结果", ERROR, "名称以“证”结尾的结果是证照，以“批复”“批文”结尾的是批文", LIST, content.result_kind_fits_its_name),
    Rule("6 样本", WARNING, "审批结果要有样本", LIST, content.results_have_samples, once=True),
    Rule("7 对象", ERROR, "服务对象与主题一致：“婚姻登记”面向自然人，“法人注销”面向法人", LIST, content.themes_fit_the_audience),
    Rule("7 主题", WARNING, "至少有一个主题", LIST, content.has_a_theme),
    Rule("8 电话", ERROR, "咨询、投诉电话都要有，带区号（或全国短号），不能相同", LIST, content.phones_are_complete),
    Rule("8 无电话", WARNING, "两个电话都没有：全国通用的指南属正常，本地使用时补上", LIST, content.has_phones, once=True),
    Rule("9 环节", ERROR, "行政许可至少五个环节：受理、审核、审批、办结、送达", LIST, content.licence_has_five_steps),
    Rule("9 问答", ERROR, "行政许可至少一条常见问题", LIST, content.licence_has_a_faq),
    Rule("10 共享", WARNING, "政府部门核发、能共享的材料要标明免提交方式", "国令第 716 号第七条", content.shareable_materials_are_waived),
    Rule("11 兜底", ERROR, "不能写“其他材料”“有关部门要求的材料”", "优化营商环境条例", content.no_catch_all_materials),
    Rule("12 依据", ERROR, "行政许可必须写设定依据", f"{LICENSING_LAW}第四条", upkeep.licence_has_a_legal_basis),
    Rule("13 失效", WARNING, "没有过失效日期", "GB/T 39046", upkeep.is_in_force),
    Rule("14 核对", WARNING, "一年之内核对过", "知识库每年核查", upkeep.was_checked_lately),
    Rule("15 未来", ERROR, "核对日期不在今天之后", "常理", upkeep.was_not_checked_in_the_future),
    Rule("16 主体", ERROR, "实施主体的统一社会信用代码校验正确", "GB 32100", upkeep.department_code_is_valid),
    Rule("17 情形", WARNING, "每种情形都写群众的说法，机器人才听得出来", "机器人要听懂", upkeep.situations_have_aliases),
    Rule("18 问答", ERROR, "同一份指南里没有重复的问题", "机器人要听懂", upkeep.faqs_are_distinct),
)  # fmt: skip

FOLDER_RULES: tuple[FolderRule, ...] = (
    FolderRule("19 相关", ERROR, "相关事项都存在", "常理", upkeep.related_guides_exist),
    FolderRule(
        "20 别名",
        ERROR,
        "一个名称或别名只属于一个事项；省、市同名的事项除外",
        "机器人要听懂",
        upkeep.aliases_belong_to_one_guide,
    ),
    FolderRule(
        "21 问答",
        WARNING,
        "不同指南里没有一模一样的问题",
        "机器人要听懂",
        upkeep.questions_belong_to_one_guide,
    ),
)
