"""Why a file cannot be read, one line each with the next step: the only place where these sentences stand."""

from lvdesk.kit.errors import KnownError

_TEXTS: dict[str, tuple[str, str]] = {
    "file.missing": ("找不到文件", "请确认文件没有被移动或改名"),
    "file.locked": ("文件打不开，可能正被其他程序占用或没有权限", "请关闭占用它的程序，或把文件复制到桌面后再试"),
    "file.empty": ("文件是空的（0 字节）", "请重新导出或重新拷贝这个文件"),
    "file.no_sheets": ("文件里没有可读的工作表", "请在 WPS/Excel 中打开检查，另存为 .xlsx 后再导入"),
    "file.encrypted": ("文件设有打开密码", "请在 WPS/Excel 中取消密码，另存为 .xlsx 后再导入"),
    "file.not_table": ("这不是表格文件", "请选择 Excel、WPS、ODS 或 CSV 表格"),
    "file.damaged": ("文件已损坏或不完整", "请重新导出；或在 WPS/Excel 中打开修复，另存为 .xlsx 后再导入"),
    "file.bomb": ("压缩包异常：解压后的大小不合常理", "请核实文件来源，向对方重新索取；不要打开它"),
    "file.dtd": ("文件里含有不允许的外部定义（DTD）", "请核实文件来源；或在 WPS/Excel 中另存为 .xlsx 后再导入"),
    "file.absurd": ("表格范围异常", "请删除远处的多余单元格后另存，再导入"),
    "file.too_large": ("文件太大，超出读取内存上限", "请按线路或台区拆分成几个文件，或另存为 CSV 后再导入"),
    "file.too_slow": ("读取时间过长，已停止", "请在 WPS/Excel 中打开检查，另存为 .xlsx 后再导入"),
    "file.encoding": ("认不出文件的文字编码", "请在 WPS/Excel 中另存为 .xlsx，或存为 UTF-8 编码的 CSV"),
    "file.crashed": ("文件内容异常，读取程序已停止", "请在 WPS/Excel 中打开修复，另存为 .xlsx 后再导入"),
}


def problem(code: str, detail: str = "") -> KnownError:
    """The error for ``code``; ``detail`` (Chinese, one line) says where or what exactly."""
    message, hint = _TEXTS[code]
    return KnownError(code, f"{message}：{detail}" if detail else message, hint)
