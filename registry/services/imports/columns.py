"""What a layout is made of: columns, each with all the header texts it is known under."""

from dataclasses import dataclass

IGNORED = (
    "序号",
    "错误原因",
    "提示",
    "原行号",
    "数据导出时间",
    "标识",
    "id",
    "BMBM",
    "BMMC",
    "TGRQ",
    "RWBH",
    "信息提供部门编码",
    "信息提供部门名称",
    "提供日期",
    "任务编号",
    "数据更新时间戳",
    "DATASOURCE",
    "RKSJ",
    "入库时间",
)
"""Columns that programs add and nobody needs; 错误原因, 提示 and 原行号 are those of our own file of refused rows."""


@dataclass(frozen=True)
class Column:
    """One column: its key here, its header texts with the official one first, whether a file must have it."""

    key: str
    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, eq=False)
class Layout:
    """A set of columns; `one_of` are groups of keys of which a file must have at least one column each."""

    name: str
    kind: str
    columns: tuple[Column, ...]
    one_of: tuple[tuple[str, ...], ...] = ()

    def column(self, key: str) -> Column:
        """The column of this key."""
        return next(column for column in self.columns if column.key == key)


def column(key: str, *names: str, required: bool = False) -> Column:
    """A column in one line of a layout."""
    return Column(key, names, required)
