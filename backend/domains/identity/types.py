"""Values of identity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do; one person may have several."""

    ADMIN = "admin"  # 系统管理: accounts and settings
    EDITOR = "editor"  # 办事指南维护
    WINDOW = "window"  # 窗口人员
    HOTLINE = "hotline"  # 12345 坐席
    SUPERVISOR = "supervisor"  # 值班主任


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff."""

    staff_id: str
    login: str
    name: str
    roles: frozenset[Role]
    active: bool = True
