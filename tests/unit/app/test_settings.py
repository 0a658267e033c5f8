"""Settings are read once and complain about everything at once."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from backend.settings import BadSettings, Mode, Settings, read_settings

GOOD_KEY = "q8Zr-3kVw_5tYb1nMx7cLs9dFg2hJp4A"
OFFICIAL = """
[[wechat.official_account]]
name = "main"
app_id = "wx1"
app_secret = "s"
token = "tk-5cA"
encoding_aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
"""
EVERYTHING = (
    OFFICIAL
    + """
[[wechat.official_account]]
name = "east"
app_id = "wx2"
token = "tk-9dB"
api_base = "http://127.0.0.1:9000"
[[wechat.mini_program]]
name = "main"
app_id = "wx3"
app_secret = "s"
token = "t"
[[alipay.mini_program]]
name = "main"
app_id = "2021"
private_key_file = "a.pem"
alipay_public_key_file = "b.pem"
[payments.wechatpay]
mch_id = "19"
api_v3_key = "0123456789abcdef0123456789abcdef"
serial_no = "7A"
private_key_file = "c.pem"
public_key_id = "PUB_KEY_ID_1"
public_key_file = "d.pem"
[payments.alipay]
app_id = "2021"
private_key_file = "a.pem"
alipay_public_key_file = "b.pem"
seller_id = "2088"
[[exchange.system]]
app_id = "hr-bureau"
secret = "a-long-enough-secret"
departments = ["人力资源和社会保障局"]
"""
)


def settings(tmp_path: Path, toml: str = "", **given: str) -> Settings:
    environ = {f"BANSHITONG_{name.upper()}": value for name, value in given.items()}
    environ.setdefault("BANSHITONG_VAR_DIR", str(tmp_path / "var"))
    if toml:
        path = tmp_path / "accounts.toml"
        path.write_text(toml, encoding="utf-8")
        environ["BANSHITONG_CONFIG"] = str(path)
    return read_settings(environ)


def complaints(tmp_path: Path, toml: str = "", **given: str) -> tuple[str, ...]:
    with pytest.raises(BadSettings) as refused:
        settings(tmp_path, toml, **given)
    return refused.value.problems


def test_a_demo_needs_nothing(tmp_path: Path) -> None:
    found = settings(tmp_path)

    assert found.mode is Mode.DEMO
    assert found.database_url == "sqlite://var/banshitong.db"
    assert found.redis_url == ""
    assert found.public_url == "http://127.0.0.1:8000"


def test_a_demo_makes_its_key_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    first, second = settings(tmp_path), settings(tmp_path)

    kept = tmp_path / "var" / "secret.key"
    assert len(first.secret_key) >= 32
    assert first.secret_key == second.secret_key == kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret.key"]


def test_every_account_of_the_contract_is_read(tmp_path: Path) -> None:
    found = settings(tmp_path, EVERYTHING)

    assert [account.name for account in found.wechat.official_account] == ["main", "east"]
    assert found.wechat.official_account[1].api_base == "http://127.0.0.1:9000"
    assert found.wechat.mini_program[0].app_id == "wx3"
    assert found.alipay.mini_program[0].gateway == "https://openapi.alipay.com/gateway.do"
    assert found.payments.wechatpay is not None
    assert found.payments.wechatpay.public_key_id == "PUB_KEY_ID_1"
    assert found.payments.alipay is not None
    assert found.payments.alipay.seller_id == "2088"
    assert found.exchange.system[0].departments == ("人力资源和社会保障局",)


def test_printed_settings_hold_no_secret(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        EVERYTHING,
        secret_key=GOOD_KEY,
        database_url="postgres://bst:pw-77@db/bst",
        redis_url="redis://:pw-88@cache/0",
    )

    printed = repr(found)
    for secret in (GOOD_KEY, "pw-77", "pw-88", "tk-5cA", "tk-9dB", "0123456789abcdef", "ABCDEFG"):
        assert secret not in printed
    assert "a-long-enough-secret" not in printed


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    found = complaints(
        tmp_path,
        OFFICIAL.replace("wx1", "") + 'nickname = "x"\n[weather]\ncity = "x"\n',
        mode="prod",
        databse_url="sqlite://x",
        proxies_count="many",
    )

    said = "\n".join(found)
    assert "不认识环境变量 BANSHITONG_DATABSE_URL" in said
    assert "没有“weather”这一段" in said
    assert "BANSHITONG_MODE：只能是：demo、production" in said
    assert "BANSHITONG_PROXIES_COUNT：应为整数" in said
    assert "wechat.official_account.0.app_id：至少 1 个字" in said
    assert "wechat.official_account.0.nickname：没有这个栏目，请检查拼写" in said


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("[[wechat", "不是正确的 TOML"),
        (OFFICIAL.replace('token = "tk-5cA"', ""), "token：必填，没有填写"),
        (OFFICIAL.replace("EFG", "EF"), "encoding_aes_key：格式不对"),
        (OFFICIAL.replace('"main"', '"a/b"'), "name：格式不对"),
        (OFFICIAL + OFFICIAL, "名称 main 用了两次"),
        (
            '[[wechat.official_account]]\nname="m"\napp_id="w"\ntoken="t"\nmode="safe"\n',
            "必须填写 encoding_aes_key",
        ),
    ],
    ids=["broken", "no token", "short key", "odd name", "twice", "safe without key"],
)
def test_an_account_that_cannot_work_is_refused(tmp_path: Path, toml: str, complaint: str) -> None:
    assert any(complaint in said for said in complaints(tmp_path, toml))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    (said,) = complaints(tmp_path, config=str(tmp_path / "none.toml"))

    assert "none.toml" in said


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"database_url": "mysql://x/y"}, "sqlite:// 或 postgres://"),
        ({"redis_url": "localhost:6379"}, "redis:// 或 rediss://"),
    ],
)
def test_an_address_of_the_wrong_kind_is_refused(
    tmp_path: Path, given: dict[str, str], complaint: str
) -> None:
    assert any(complaint in said for said in complaints(tmp_path, **given))


def in_production(tmp_path: Path, toml: str = "", **given: str) -> Settings:
    return settings(tmp_path, toml, **({"mode": "production", "secret_key": GOOD_KEY} | given))


def test_a_sound_production_starts(tmp_path: Path) -> None:
    found = in_production(tmp_path, EVERYTHING, database_url="postgres://bst:pw-77@db/bst")

    assert found.is_production
    assert found.secret_key == GOOD_KEY
    assert not (tmp_path / "var").exists()  # the demo's key is no business of production


SANDBOX = "https://openapi-sandbox.dl.alipaydev.com/gateway.do"


@pytest.mark.parametrize(
    ("toml", "given", "complaint"),
    [
        ("", {"secret_key": ""}, "SECRET_KEY：正式环境必填"),
        ("", {"secret_key": "short"}, "SECRET_KEY：太短或太简单"),
        ("", {"secret_key": "a" * 64}, "SECRET_KEY：太短或太简单"),
        ("", {"database_url": "postgres://postgres:postgres@db/x"}, "不能使用默认密码"),
        ("", {"redis_url": "redis://:123456@cache/0"}, "不能使用默认密码"),
        (OFFICIAL.replace("tk-5cA", "changeme"), {}, "不能使用默认口令"),
    ],
    ids=["no key", "short key", "simple key", "database", "redis", "token"],
)
def test_production_refuses_what_belongs_to_a_demo(
    tmp_path: Path, toml: str, given: dict[str, str], complaint: str
) -> None:
    with pytest.raises(BadSettings, match=complaint):
        in_production(tmp_path, toml, **given)


@pytest.mark.parametrize(
    "gateway", [SANDBOX, "http://openapi.alipay.com/gateway.do", "https://127.0.0.1:8000/gateway"]
)
@pytest.mark.parametrize("place", ["[payments.alipay]", '[[alipay.mini_program]]\nname = "main"'])
def test_production_refuses_a_sandbox_gateway(tmp_path: Path, place: str, gateway: str) -> None:
    toml = f'{place}\napp_id = "1"\nprivate_key_file = "a"\nalipay_public_key_file = "b"\ngateway = "{gateway}"\n'

    with pytest.raises(BadSettings, match="沙箱网关"):
        in_production(tmp_path, toml)
    assert settings(tmp_path, toml).mode is Mode.DEMO


def test_limits_hold_in_production_and_not_in_a_demo_unless_set(tmp_path: Path) -> None:
    demo, office = settings(tmp_path), in_production(tmp_path)

    assert demo.limit_for(demo.bot_messages_per_minute, production=600) == 0
    assert office.limit_for(office.bot_messages_per_minute, production=600) == 600
    set_by_hand = settings(tmp_path, bot_messages_per_minute="7")
    assert set_by_hand.limit_for(set_by_hand.bot_messages_per_minute, production=600) == 7


def test_every_setting_is_explained_in_the_example() -> None:
    example = (Path(__file__).parents[3] / ".env.example").read_text(encoding="utf-8")

    tables = {"wechat", "alipay", "payments", "exchange"}
    names = [
        f"BANSHITONG_{field.upper()}" for field in Settings.model_fields if field not in tables
    ]
    assert [name for name in [*names, "BANSHITONG_CONFIG"] if name not in example] == []
