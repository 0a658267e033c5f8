"""What a file really is, before anything parses it. Names lie; first bytes seldom do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

MAX_FILE_BYTES = 32 * 1024 * 1024
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_RATIO = 200  # unpacked : packed; office files stay below 40
MAX_MEMBERS = 2_000
SMALL_ENOUGH = 4 * 1024 * 1024  # below this a high ratio harms nobody

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and also encrypted .xlsx
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
HTML_STARTS = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<?xml")
WORKBOOK_HINT = "像是 Excel 工作簿或压缩包，请把扩展名改回 .xlsx 或 .zip"


class Unsafe(ValueError):
    """A file that will not be opened. The message is for the clerk."""


def is_zip(content: bytes) -> bool:
    return content.startswith(ZIP)


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        Unsafe: too big, or not readable.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise Unsafe(f"文件超过 {MAX_FILE_BYTES // 1024 // 1024} MB，请分成几个文件")
        return path.read_bytes()
    except OSError as error:
        raise Unsafe(f"文件读不了：{error.strerror or error}") from None


def open_archive(content: bytes) -> zipfile.ZipFile:
    """A zip file that is no bomb.

    Raises:
        Unsafe: not a zip file, or one that unpacks to too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        raise Unsafe("文件已损坏，打不开") from None
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    bloated = unpacked > SMALL_ENOUGH and unpacked / packed > MAX_RATIO
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES or bloated:
        raise Unsafe("压缩内容展开后过大，不予打开")
    if any(member.flag_bits & 0x1 for member in members):
        raise Unsafe("文件有密码，请去掉密码后再导入")
    return archive


def ensure_workbook(content: bytes) -> None:
    """Refuse what is not a modern workbook, saying what it is instead.

    Raises:
        Unsafe: an .xls, an encrypted workbook, a web page, a damaged file …
    """
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise Unsafe("工作簿有密码，请去掉密码后再导入")
        raise Unsafe("这是旧格式 .xls，请另存为“Excel 工作簿（.xlsx）”")
    if content.lstrip()[:32].lower().startswith(HTML_STARTS):
        raise Unsafe("这是网页，不是 Excel 工作簿，请用表格软件打开后另存为 .xlsx")
    if not is_zip(content):
        raise Unsafe("这不是 Excel 工作簿（.xlsx）")
    with open_archive(content) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise Unsafe("这不是 Excel 工作簿（.xlsx），里面没有工作表")
