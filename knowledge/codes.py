"""Official enumerations of a service item, as Chinese labels with their codes.

YAML and spreadsheets hold the label (a clerk reads it); other systems get the code. Sources:
GB/T 39046-2020 appendix A, C0109.1-2018 field tables, as collected in `docs/knowledge.md`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from stdnum.cn import uscc


class CodedLabel(StrEnum):
    """An enumeration: the value is the official Chinese label, `code` the official code."""

    code: str

    def __new__(cls, label: str, code: str) -> Self:
        member = str.__new__(cls, label)
        member._value_ = label
        member.code = code
        return member

    @classmethod
    def from_code(cls, code: str) -> Self:
        """The member with this official code; `ValueError` if there is none."""
        for member in cls:
            if member.code == code:
                return member
        raise ValueError(f"{cls.__name__}: no code {code!r}")


class ItemType(CodedLabel):
    """事项类型, GB/T 39046 A.1."""

    LICENSE = "行政许可", "01"
    PENALTY = "行政处罚", "02"
    COERCION = "行政强制", "03"
    LEVY = "行政征收", "04"
    PAYMENT = "行政给付", "05"
    INSPECTION = "行政检查", "06"
    CONFIRMATION = "行政确认", "07"
    REWARD = "行政奖励", "08"
    ADJUDICATION = "行政裁决", "09"
    OTHER = "其他行政权力", "10"
    PUBLIC_SERVICE = "公共服务", "20"


class Level(CodedLabel):
    """行使层级, GB/T 39046 A.2."""

    NATION = "国家级", "1"
    PROVINCE = "省级", "2"
    CITY = "市级", "3"
    COUNTY = "县级", "4"
    TOWN = "镇级", "5"
    VILLAGE = "村级", "6"
    SHARED = "分级管理", "7"


class SubjectKind(CodedLabel):
    """实施主体性质, GB/T 39046 A.3."""

    STATUTORY = "法定机关", "1"
    AUTHORISED = "授权组织", "2"
    ENTRUSTED = "受委托组织", "3"
    OTHER = "其他", "9"


class Audience(CodedLabel):
    """服务对象 as C0109 messages carry it (the national standard numbers 5 and 6 otherwise)."""

    PERSON = "自然人", "1"
    COMPANY = "企业法人", "2"
    INSTITUTION = "事业法人", "3"
    SOCIETY = "社会组织法人", "4"
    UNINCORPORATED = "非法人企业", "5"
    AUTHORITY = "行政机关", "6"
    OTHER = "其他组织", "9"


class PowerSource(CodedLabel):
    """权力来源."""

    OWN = "法定本级行使", "1"
    DELEGATED_DOWN = "上级下放", "2"
    AUTHORISED_BY_SUPERIOR = "上级授权", "3"
    AUTHORISED_BY_PEER = "同级授权", "4"
    ENTRUSTED_BY_SUPERIOR = "上级委托", "5"
    ENTRUSTED_BY_PEER = "同级委托", "6"


class ChannelKind(CodedLabel):
    """办理形式, GB/T 39046 A.5."""

    WINDOW = "窗口", "1"
    WEB = "电脑端网办", "2"
    MOBILE = "移动端", "3"
    COURIER = "快递申请", "4"
    OTHER = "其他", "9"


class HandlingType(CodedLabel):
    """办件类型, GB/T 39046 A.6."""

    INSTANT = "即办件", "1"
    PROMISED = "承诺件", "2"
    OTHER = "其他", "9"


class ReviewType(CodedLabel):
    """事项审查类型."""

    INSTANT = "即审即办", "1"
    STAGED = "前审后批", "2"


class SpecialProcedureKind(CodedLabel):
    """特别程序种类, GB/T 39046 A.7."""

    EXTENSION = "延长审批", "1"
    OTHER = "延长审批以外", "2"


class LimitUnit(CodedLabel):
    """时限单位. 当场 (on the spot) has value 0. Codes past 1 are ours: provinces differ."""

    WORK_DAY = "工作日", "1"
    DAY = "自然日", "2"
    MONTH = "月", "3"
    YEAR = "年", "4"
    HOUR = "小时", "5"
    ON_THE_SPOT = "当场", "0"


class LimitKind(CodedLabel):
    """法定办结时限 or 承诺办结时限."""

    STATUTORY = "法定", "1"
    PROMISED = "承诺", "2"


class MaterialType(CodedLabel):
    """材料类型."""

    ORIGINAL = "原件", "1"
    COPY = "复印件", "2"
    BOTH = "原件和复印件", "3"


class MaterialForm(CodedLabel):
    """材料形式."""

    PAPER = "纸质", "1"
    ELECTRONIC = "电子", "2"
    EITHER = "纸质和电子均可", "3"


class Necessity(CodedLabel):
    """材料必要性."""

    REQUIRED = "必要", "1"
    OPTIONAL = "非必要", "2"
    LATER = "容缺后补", "3"


class MaterialSource(CodedLabel):
    """来源渠道."""

    APPLICANT = "申请人自备", "10"
    GOVERNMENT = "政府部门核发", "20"
    INTERMEDIARY = "中介机构", "30"
    OTHER = "其他", "99"


class WaiverKind(CodedLabel):
    """减证便民方式. Codes are ours."""

    SHARED_DATA = "数据共享", "1"
    COMMITMENT = "告知承诺", "2"
    ELECTRONIC_CERTIFICATE = "电子证照", "3"


class ResultKind(CodedLabel):
    """审批结果类型."""

    CERTIFICATE = "证照", "10"
    DOCUMENT = "批文", "20"
    OTHER = "其他", "99"


class DeliveryKind(CodedLabel):
    """送达方式. Codes are ours."""

    WINDOW = "窗口领取", "1"
    POST = "邮寄", "2"
    ELECTRONIC = "电子证照", "3"
    ONLINE = "网上查看", "4"


class ItemStatus(CodedLabel):
    """事项状态."""

    DRAFT = "草稿", "0"
    ACTIVE = "在用", "1"
    SUSPENDED = "暂停", "2"
    CANCELLED = "取消", "3"


class CrossRegion(CodedLabel):
    """通办范围."""

    NATION = "全国", "1"
    PROVINCES = "跨省", "2"
    CITIES = "跨市", "3"
    COUNTIES = "跨县", "4"


class OnlineFunction(CodedLabel):
    """网上办理深度 (多选)."""

    CONSULT = "互联网咨询", "1"
    COLLECT = "互联网收件", "2"
    PRECHECK = "互联网预审", "3"
    ACCEPT = "互联网受理", "4"
    HANDLE = "互联网办理", "5"
    FEEDBACK = "办理结果信息反馈", "6"
    OTHER = "其他", "7"


class OnlineDepth(CodedLabel):
    """网办深度等级: Ⅳ means the citizen never has to come."""

    INFORMATION = "Ⅰ", "1"
    FORMS = "Ⅱ", "2"
    PRECHECK = "Ⅲ", "3"
    FULL = "Ⅳ", "4"


class FourWay(CodedLabel):
    """“四办”."""

    AT_ONCE = "马上办", "1"
    ONLINE = "网上办", "2"
    NEARBY = "就近办", "3"
    ONE_VISIT = "一次办", "4"


class Confidence(CodedLabel):
    """How well a guide was checked against law or an official page. Codes are ours."""

    HIGH = "高", "1"
    MEDIUM = "中", "2"
    LOW = "低", "3"


ITEM_TYPE_CODES = frozenset(member.code for member in ItemType)


def catalog_code_problem(code: str) -> str | None:
    """Why this is no 基本编码; None if it is one.

    GB/T 39554.1-2020: 区划 2 + 类型 2 + 部门 2 + 主项 3 + 子项 3.
    """
    if len(code) != 12 or not code.isdigit():
        return "基本编码应为 12 位数字"
    # 11–19 and 21–99 are provincial extensions of 10 (其他) and 20 (公共服务).
    if not ("01" <= code[2:4] <= "99"):
        return f"基本编码第 3–4 位“{code[2:4]}”不是事项类型代码"
    return None


def task_code_problem(code: str) -> str | None:
    """Why this is no 实施编码 (USCC 18 + 行使层级 1 + 基本编码 12); None if it is one."""
    if len(code) != 31:
        return f"实施编码应为 31 位，现为 {len(code)} 位"
    if not uscc.is_valid(code[:18]):
        return f"实施编码前 18 位“{code[:18]}”未通过统一社会信用代码校验（GB 32100）"
    if code[18] not in "1234567":
        return f"实施编码第 19 位“{code[18]}”不是行使层级代码（1–7）"
    return catalog_code_problem(code[19:])


def handle_code_problem(code: str) -> str | None:
    """Why this is no 业务办理项编码 (实施编码 31 + 顺序号 2); None if it is one."""
    if len(code) != 33 or not code[31:].isdigit():
        return "业务办理项编码应为 33 位：31 位实施编码加 2 位顺序号"
    return task_code_problem(code[:31])
