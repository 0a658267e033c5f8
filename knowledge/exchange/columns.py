# ruff: noqa: E501 (a table is read by column, not wrapped)
"""Every sheet and column, and the schema field it stands for.

The only place where this is said: import, export, the template and the handbook derive from it.
"""

from __future__ import annotations

from collections.abc import Mapping

from knowledge import schema
from knowledge.exchange.fields import ID_HEADING, Column, Kind, Sheet, SituationRow, Told, sheet_of

GUIDE = (
    Told("service_id", ID_HEADING, "字母、数字、点和短横，一经使用不再改变；其他各表靠它对应", "idcard-lost", Kind.CODE),
    Told("version", "版本", "不填为 1；内容有变化时系统自动加 1", "1"),
    Told("status", "事项状态", "不填为“在用”", "在用"),
    Told("name", "事项名称", "正式名称", "居民身份证丢失补领"),
    Told("aliases", "群众叫法", "群众平时的说法，越多越容易被找到；不能与别的事项重复", "身份证丢了、补办身份证"),
    Told("phrasings", "群众问法", "群众会怎么问、怎么说，只用来查找，不显示", "身份证弄丢了咋整、补身份证去哪"),
    Told("summary", "一句话说明", "群众一看就懂的一两句话", "身份证丢失后，向公安机关声明丢失并重新申领一张。"),
    Told("catalog_code", "基本编码", "12 位数字；单元格设为文本格式，否则前面的 0 会丢", "", Kind.CODE),
    Told("task_code", "实施编码", "31 位：统一社会信用代码 18 + 层级 1 + 基本编码 12", "", Kind.CODE),
    Told("handle_code", "业务办理项编码", "33 位：实施编码 31 + 顺序号 2", "", Kind.CODE),
    Told("local_catalog_code", "地方基本编码", "地方旧编码，照原样", "", Kind.CODE),
    Told("local_task_code", "地方实施编码", "地方旧编码，照原样", "", Kind.CODE),
    Told("effective_from", "生效日期", "如 2026-01-01", "2026-01-01"),
    Told("effective_to", "失效日期", "过了这一天，检查时会提醒", ""),
    Told("department", "实施主体", "负责的部门", "某某县公安局"),
    Told("department_uscc", "实施主体信用代码", "18 位统一社会信用代码", "", Kind.CODE),
    Told("department_kind", "实施主体性质", "", "法定机关"),
    Told("delegating_department", "委托部门", "受委托办理时填", ""),
    Told("joint_departments", "联办机构", "", ""),
    Told("handling_agency", "承办机构", "", ""),
    Told("level", "行使层级", "", "县级"),
    Told("level_division", "权限划分", "", ""),
    Told("exercise_scope", "行使内容", "", ""),
    Told("power_source", "权力来源", "", "法定本级行使"),
    Told("item_type", "事项类型", "", "行政确认"),
    Told("handling_type", "办件类型", "当场办结的是“即办件”；不填为“承诺件”", "承诺件"),
    Told("review_type", "审查类型", "即办件填“即审即办”；不填为“前审后批”", "前审后批"),
    Told("audience", "服务对象", "可多选", "自然人"),
    Told("themes", "主题", "", "户籍办理、证件办理"),
    Told("quantity_limit", "数量限制", "", ""),
    Told("prohibitions", "禁止性要求", "", "", Kind.LINES),
    Told("charged", "是否收费", "各地不同或不清楚就空着", "是"),
    Told("fee_note", "收费说明", "为什么免费、按哪个文件", ""),
    Told("online.depth", "网办深度", "Ⅳ 级表示不用到现场", "Ⅱ"),
    Told("online.functions", "网办功能", "可多选", ""),
    Told("online.single_sign_on", "单点登录", "", "否"),
    Told("online.local", "网办各地不同", "", "是"),
    Told("online.note", "网办说明", "", ""),
    Told("onsite_visits", "到现场次数", "全程网办填 0；不清楚空着", "1"),
    Told("onsite_reason", "到现场原因", "次数不是 0 时必填；是 0 时不要填", "需要现场采集人像、核验指纹"),
    Told("in_hall", "进驻大厅", "不填为“是”", "是"),
    Told("bookable", "支持预约", "不填为“是”", "是"),
    Told("payable_online", "支持网上支付", "不填为“否”", "否"),
    Told("courier", "支持物流快递", "不填为“否”", "否"),
    Told("self_service", "支持自助终端", "不填为“否”", "否"),
    Told("cross_region", "通办范围", "", "全国"),
    Told("four_ways", "四办", "可多选", ""),
    Told("flowchart_url", "流程图网址", "以 http:// 或 https:// 开头", ""),
    Told("consult_phone", "咨询电话", "带区号；与投诉电话不能相同", "", Kind.CODE),
    Told("complain_phone", "投诉电话", "带区号", "", Kind.CODE),
    Told("consult_note", "咨询说明", "", ""),
    Told("progress_query", "进度查询方式", "", ""),
    Told("remedies.reconsideration", "行政复议", "不填用通用规定", ""),
    Told("remedies.litigation", "行政诉讼", "不填用通用规定", ""),
    Told("intermediary_services", "中介服务", "", ""),
    Told("related", "相关事项", "相关事项的编号", ""),
    Told("ask_locally", "各地不同时问谁", "不填为“当地政务服务中心或 12345 热线”", "户籍地派出所或 12345 热线"),
    Told("checked_on", "最后核对日期", "内容最后一次由部门核对的日期", "2026-11-22"),
    Told("confidence", "可信度", "不填为“中”", "高"),
)  # fmt: skip

SITUATIONS = (
    Told("group", "组号", "同一个问题的各个选项写同一个号：1、2……", "1"),
    Told("question", "问题", "同一组写一样的问题", "您在哪里补领？"),
    Told("multiple", "可多选", "不填为“否”", "否"),
    Told("situation_id", "情形编号", "字母或数字，同一事项内不重复", "a", Kind.CODE),
    Told("label", "情形名称", "", "在户籍地补领"),
    Told("aliases", "情形说法", "能看出是这种情形的词", "户口所在地、回老家补"),
    Told("usual", "最常见", "群众没说是哪种情形时，按这一种回答；一个事项最多一种", "否"),
    Told("note", "情形说明", "", ""),
)  # fmt: skip

# The end of every sheet whose facts may depend on the situation and on the place.
WHEN = (
    Told("situations", "适用情形", "情形编号；空着表示所有情形", "a"),
    Told("local", "各地不同", "“是”表示各地不同，机器人会提醒群众向当地核实", "否"),
    Told("basis", "这一条的依据", "法规名称和条款", "居民身份证法第十一条"),
)  # fmt: skip

MATERIALS = (
    Told("name", "材料名称", "不能写“其他材料”之类兜底的话", "居民户口簿"),
    Told("type", "材料类型", "不填为“原件”", "原件"),
    Told("form", "材料形式", "不填为“纸质”", "纸质"),
    Told("necessity", "必要性", "不填为“必要”", "必要"),
    Told("original_count", "原件份数", "不填为 1", "1"),
    Told("copy_count", "复印件份数", "不填为 0", "0"),
    Told("page_format", "纸张规格", "", "A4"),
    Told("source", "来源渠道", "不填为“申请人自备”", "政府部门核发"),
    Told("source_note", "来源说明", "", ""),
    Told("filled_on_site", "现场填写", "须本人到现场填", "否"),
    Told("blank_form_url", "空白表网址", "", ""),
    Told("sample_url", "样表网址", "", ""),
    Told("fill_note", "填报须知", "", ""),
    Told("accept_standard", "受理标准", "", ""),
    Told("applies_when", "什么时候需要", "“非必要”材料的适用情况", ""),
    Told("signature", "签章要求", "", ""),
    Told("waiver.kind", "免提交方式", "政府部门核发又能共享的，应免提交", "数据共享"),
    Told("waiver.note", "免提交说明", "", "窗口可联网核验的免带"),
    Told("waiver.local", "免提交各地不同", "", "是"),
    Told("certificate_code", "电子证照编码", "", "", Kind.CODE),
    Told("note", "材料备注", "", ""),
    *WHEN,
)  # fmt: skip

FEES = (
    Told("name", "收费项目", "", "居民身份证补领工本费"),
    Told("amount_fen", "金额（元）", "最多两位小数；没有固定金额就空着，写金额说明", "40.00", Kind.MONEY),
    Told("unit", "计费单位", "", "证"),
    Told("amount_text", "金额说明", "没有固定金额时必填", ""),
    Told("reducible", "可减免", "不填为“否”", "否"),
    Told("reduction", "减免规定", "", ""),
    Told("collected_by_others", "他人代收", "市场价、代收，不是政务收费", "否"),
    Told("note", "收费备注", "", ""),
    *WHEN,
)  # fmt: skip

LIMITS = (
    Told("kind", "时限种类", "", "法定"),
    Told("value", "时限数值", "当场办结写 0", "60"),
    Told("unit", "时限单位", "与数值同时填", "自然日"),
    Told("note", "时限说明", "没有数值时必填", ""),
    *WHEN,
)  # fmt: skip

SPECIAL_PROCEDURES = (
    Told("name", "程序名称", "如听证、鉴定、专家评审；不计入办结时限", "专家评审"),
    Told("kind", "程序种类", "", "延长审批以外"),
    Told("limit", "程序时限", "", "10 个工作日"),
    Told("department", "程序部门", "", ""),
    Told("phone", "程序电话", "", "", Kind.CODE),
    Told("basis", "程序依据", "", ""),
)  # fmt: skip

PLACES = (
    Told("name", "地点名称", "", "县政务服务中心公安窗口"),
    Told("address", "地址", "", ""),
    Told("window", "窗口号", "", "3 号"),
    Told("phone", "窗口电话", "", "", Kind.CODE),
    Told("hours", "办公时间", "", "工作日 9:00–17:00"),
    Told("transit", "交通指引", "", ""),
    Told("map_url", "地图网址", "", ""),
    Told("region_code", "区划代码", "", "", Kind.CODE),
    Told("note", "地点备注", "", ""),
    *WHEN,
)  # fmt: skip

STEPS = (
    Told("name", "环节名称", "许可类至少写受理、审核、审批、办结、送达五步", "采集与签字"),
    Told("text", "环节内容", "", "现场采集人像、核验指纹，核对申领登记表并签字。"),
    Told("who", "办理岗位", "", ""),
    Told("limit", "环节时限", "", ""),
    Told("standard", "审查标准", "", ""),
    Told("result", "环节结果", "", ""),
    *WHEN,
)  # fmt: skip

SHEETS: tuple[Sheet, ...] = (
    sheet_of("事项", field="", model=schema.Guide, told=GUIDE),
    sheet_of("情形", field="situation_groups", model=SituationRow, told=SITUATIONS),
    sheet_of("条件", field="conditions", model=schema.Condition, told=(
        Told("text", "条件内容", "", "已领取过居民身份证，现证件丢失"),
        Told("accepts", "予以受理", "“否”表示这是不予受理的情况；不填为“是”", "是"),
        *WHEN,
    )),
    sheet_of("材料", field="materials", model=schema.Material, told=MATERIALS),
    sheet_of("收费", field="fees", model=schema.Fee, told=FEES),
    sheet_of("时限", field="limits", model=schema.TimeLimit, told=LIMITS),
    sheet_of("特别程序", field="special_procedures", model=schema.SpecialProcedure, told=SPECIAL_PROCEDURES),
    sheet_of("渠道", field="channels", model=schema.Channel, told=(
        Told("kind", "办理形式", "", "窗口"),
        Told("name", "渠道名称", "", "派出所户籍窗口"),
        Told("url", "渠道网址", "", ""),
        Told("note", "渠道备注", "", ""),
        *WHEN,
    )),
    sheet_of("窗口地点", field="places", model=schema.Place, told=PLACES),
    sheet_of("环节", field="steps", model=schema.Step, told=STEPS),
    sheet_of("结果", field="results", model=schema.Result, told=(
        Told("name", "结果名称", "", "居民身份证"),
        Told("kind", "结果类型", "名称以“证”结尾的是证照，以“批复”“批文”结尾的是批文", "证照"),
        Told("validity", "有效期", "", ""),
        Told("sample_url", "结果样本网址", "", ""),
        Told("note", "结果备注", "", ""),
        *WHEN,
    )),
    sheet_of("送达", field="deliveries", model=schema.Delivery, told=(
        Told("kind", "送达方式", "", "窗口领取"),
        Told("note", "送达备注", "", ""),
        *WHEN,
    )),
    sheet_of("代办", field="agents", model=schema.AgentRule, told=(
        Told("allowed", "能否代办", "", "否"),
        Told("text", "代办说明", "", "补领申请要本人到场，不能请人代办"),
        *WHEN,
    )),
    sheet_of("常见问题", field="faqs", model=schema.Faq, told=(
        Told("question", "问题", "", "身份证丢了要登报吗？"),
        Told("similar", "相似问法", "", "补身份证用不用登报", Kind.LINES),
        Told("answer", "回答", "", "不用登报。补领时签字声明丢失即可。"),
        *WHEN,
    )),
    sheet_of("依据", field="legal_basis", model=schema.LegalBasis, told=(
        Told("title", "法规名称", "不加书名号", "中华人民共和国居民身份证法"),
        Told("document_no", "文号", "", ""),
        Told("article", "条款", "", "第十一条"),
        Told("text", "条款内容", "", "居民身份证丢失的，应当申请补领。"),
        Told("url", "法规网址", "", ""),
    )),
    sheet_of("提示", field="notes", model=schema.Note, told=(
        Told("text", "提示内容", "", "急用可以另外办理临时居民身份证。"),
        *WHEN,
    )),
    sheet_of("来源", field="sources", model=schema.SourceRef, told=(
        Told("name", "来源名称", "内容是从哪里来的", "某某县公安局 2026 年实施清单"),
        Told("url", "来源网址", "", ""),
    )),
)  # fmt: skip

GUIDE_SHEET = SHEETS[0]
PART_SHEETS = SHEETS[1:]
SHEETS_BY_TITLE: Mapping[str, Sheet] = {sheet.title: sheet for sheet in SHEETS}


def example_row(sheet: Sheet, *, service_id: str) -> tuple[str, ...]:
    """The row that shows a clerk what a filled-in row looks like."""
    values = tuple(service_id if c.heading == ID_HEADING else c.example for c in sheet.columns)
    return values if sheet is GUIDE_SHEET else (service_id, *values)


def explain(column: Column) -> str:
    """Everything a clerk should know about a column, for comments and the handbook."""
    lines = [f"{'必填；' if column.required else ''}{column.kind.value}", column.help]
    if column.choices:
        lines.append("可选：" + "、".join(column.choices))
    return "\n".join(line for line in lines if line)
