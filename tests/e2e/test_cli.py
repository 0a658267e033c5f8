"""`banshitong` on the terminal: what it does, and how it says what went wrong."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backend import cli
from backend.app.seeding import PASSWORD_FILE
from tests.e2e.office import environment

pytestmark = pytest.mark.e2e

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["banshitong", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said, complained = capfd.readouterr()
        assert "Traceback" not in complained
        code = ended.value.code
        assert isinstance(code, int)
        return code, said, complained

    return run


def test_without_a_command_it_shows_what_there_is(run: Run) -> None:
    code, said, complained = run()

    assert (code, complained) == (2, "")
    for command in ("serve", "worker", "migrate", "seed", "check", "user", "outbox", "knowledge"):
        assert command in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "没有这个命令"),
        (["serve", "--prot", "1"], "没有这个选项"),
        (["serve", "--port", "99999"], "这个参数的值不对"),
        (["user", "add"], "缺少参数"),
        (["seed"], "banshitong seed --demo"),
        (["ask", "  "], "请写上要问的话"),
        (["outbox", "replay"], "--all"),
    ],
)
def test_a_wrong_call_is_explained_in_chinese(run: Run, arguments: list[str], words: str) -> None:
    code, _, complained = run(*arguments)

    assert code == 2
    assert words in complained


def test_migrating_twice_changes_nothing_the_second_time(run: Run) -> None:
    first, second = run("migrate"), run("migrate")

    assert first[0] == second[0] == 0
    assert "catalogue.0001_initial" in first[1]
    assert "本次更新 0 项" in second[1]


def test_seeding_twice_keeps_the_password_which_nobody_else_can_read(
    run: Run, tmp_path: Path
) -> None:
    run("migrate")
    first, second = run("seed", "--demo"), run("seed", "--demo")

    kept = tmp_path / "var" / PASSWORD_FILE
    passwords = [re.search(r"密码 (\S+?)（", said)[1] for _, said, _ in (first, second)]  # type: ignore[index]
    assert passwords[0] == passwords[1] == kept.read_text().strip()
    assert len(passwords[0]) >= 12
    assert kept.stat().st_mode & 0o777 == 0o600


def test_production_is_not_seeded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANSHITONG_MODE", "production")
    monkeypatch.setenv("BANSHITONG_SECRET_KEY", "q8Zr-3kVw_5tYb1nMx7cLs9dFg2hJp4A")

    code, _, complained = run("seed", "--demo")

    assert code == 1
    assert "banshitong user add" in complained


def test_accounts_are_made_with_a_password_from_the_keyboard(run: Run) -> None:
    run("migrate")
    made = run("user", "add", "wang", "--role", "editor", typed="correct horse battery\n")
    again = run("user", "add", "wang", typed="correct horse battery\n")
    weak = run("user", "add", "li", typed="12345678901\n")
    generated = run("user", "add", "zhao", "--generate")
    changed = run("user", "password", "nobody", typed="correct horse battery\n")

    assert made[0] == generated[0] == 0
    assert "只显示这一次" in generated[1]
    assert (again[0], weak[0], changed[0]) == (1, 1, 1)
    assert "登录名 wang 已有账号" in again[2]
    assert "密码太容易被猜到" in weak[2]
    assert "没有账号 nobody" in changed[2]


def test_the_check_names_what_must_be_mended(run: Run) -> None:
    before = run("check")
    run("migrate")
    after = run("check")

    assert (before[0], after[0]) == (1, 0)
    assert "请运行 banshitong migrate" in before[1]
    assert "需要处理：数据库" in before[2]
    assert "全部正常" in after[1]


def test_the_check_asks_wechat_whether_it_knows_us(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = tmp_path / "accounts.toml"
    accounts.write_text(
        '[[wechat.official_account]]\nname = "main"\napp_id = "wx1"\napp_secret = "s"\n'
        'token = "t"\napi_base = "http://127.0.0.1:1"\n'
    )
    monkeypatch.setenv("BANSHITONG_CONFIG", str(accounts))
    run("migrate")

    code, said, complained = run("check")

    assert code == 1
    assert "连不上微信接口" in said
    assert "微信公众号 main" in complained


def test_broken_guides_are_listed_with_file_and_row(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "guides"
    good = (folder / "idcard-lost.yaml").read_text()
    (folder / "idcard-lost.yaml").write_text(good.replace("item_type: 行政确认", "item_type: 快"))

    check, serve = run("knowledge", "check", str(folder)), run("serve", "--port", "39999")
    asked = run("ask", "身份证丢了")

    assert check[0] == serve[0] == asked[0] == 1
    assert re.search(r"idcard-lost\.yaml:\d+", check[1])
    for complained in (serve[2], asked[2]):
        assert re.search(r"idcard-lost\.yaml:\d+: item_type", complained)


def test_a_question_is_answered_on_the_terminal(run: Run) -> None:
    said = run("ask", "身份证丢了要多少钱")
    as_json = run("ask", "身份证丢了要多少钱", "--json")

    assert said[0] == as_json[0] == 0
    assert "40 元" in said[1]
    assert json.loads(as_json[1])["understanding"]["service_id"] == "idcard-lost"


def test_guides_go_out_and_come_in_again(run: Run, tmp_path: Path) -> None:
    sheet, into = tmp_path / "guides.xlsx", tmp_path / "new"
    out = run("knowledge", "export", str(sheet))
    back = run("knowledge", "import", str(sheet), "--into", str(into))
    odd = run("knowledge", "export", str(tmp_path / "guides.pdf"))
    absent = run("knowledge", "import", str(tmp_path / "none.xlsx"), "--into", str(into))
    template = run("knowledge", "template", str(tmp_path / "template.xlsx"))

    assert out[0] == back[0] == template[0] == 0
    assert "新增 5 份" in back[1]
    assert len(list(into.glob("*.yaml"))) == 5
    assert odd[0] == absent[0] == 1


def test_evaluating_prints_the_object_of_the_contract_and_nothing_else(
    run: Run, tmp_path: Path
) -> None:
    questions = tmp_path / "questions.jsonl"
    lines = [
        {"query": "身份证丢了怎么补", "expect": ["idcard-lost"], "aspect": "process"},
        {"query": "今天天气怎么样", "expect": [], "answerable": False},
    ]
    questions.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))

    code, said, _ = run("evaluate", "--questions", str(questions), "--json")
    table = run("evaluate", "--questions", str(questions))
    absent = run("evaluate", "--questions", str(tmp_path / "none.jsonl"))

    figures = json.loads(said)
    assert code == table[0] == 0
    assert {
        *("n", "r_at_1", "r_at_3", "r_at_10", "mrr", "aspect_accuracy", "situation_accuracy"),
        *("refusal", "wrong_confident_rate", "latency_ms", "misses"),
    } <= set(figures)
    assert (figures["n"], figures["r_at_1"]) == (2, 1.0)
    assert "r_at_1" in table[1]
    assert (absent[0], "没有这个文件" in absent[2]) == (1, True)
