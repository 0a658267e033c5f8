"""Genuine or refused: WeChat's published vectors, and everything a forger would try."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Incoming, Refused
from channels.wechat import signature
from channels.wechat.account import Mode, OfficialAccount
from channels.wechat.parser import read_inbound
from channels.wechat.signature import Seal, decrypt, encrypt, sign
from channels.wechat.xml import read_fields
from tests.fakes.wechat import (
    APP_ID,
    KEY,
    NOW,
    FakeWeChat,
    an_account,
    clock_at,
    text_message,
)

TENCENT_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TENCENT_CIPHERTEXT = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PG"
    "HQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6"
    "tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp"
    "3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhv"
    "Ql+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)


def a_seal(account: OfficialAccount | None = None, *, at: float = NOW) -> Seal:
    return Seal(account or an_account(), clock=clock_at(at))


def a_safe_seal() -> Seal:
    return a_seal(an_account(safe=True))


def changed(incoming: Incoming, **args: str) -> Incoming:
    return Incoming(incoming.method, {**incoming.args, **args}, {}, incoming.body)


# -- what WeChat publishes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("timestamp", "nonce", "expected"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_official_vector_1_plain_signature(timestamp: str, nonce: str, expected: str) -> None:
    assert sign("AAAAA", timestamp, nonce) == expected


def test_official_vector_2_a_whole_encrypted_push() -> None:
    account = OfficialAccount(
        "tencent", "wx2c2769f8efd9abc2", "spamtest", encoding_aes_key=TENCENT_KEY
    )
    push = Incoming(
        "POST",
        {
            "timestamp": "1409735669",
            "nonce": "1320562132",
            "msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
            "encrypt_type": "aes",
        },
        body=f"<xml><Encrypt>{TENCENT_CIPHERTEXT}</Encrypt></xml>".encode(),
    )

    opened = Seal(account, clock=clock_at(1409735669)).open(push)
    inbound = read_inbound(read_fields(opened.content), channel="wechat", account="tencent")

    assert opened.sealed
    assert inbound is not None
    assert (inbound.text, inbound.user) == ("abcdteT", "oyORnuP8q7ou2gfYjqLzSIWZf0rs")
    assert inbound.dedupe_key == "wechat:tencent:6054768590064713728"


def test_official_vector_3_encryption() -> None:
    key = base64.b64decode(TENCENT_KEY + "=")

    encrypted = encrypt(key, "我是中文abcd123", "wxb11529c136998cb6", prefix="aaaabbbbccccdddd")

    assert encrypted == (
        "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
    )


# -- both ways -----------------------------------------------------------------------------------


@given(st.text(min_size=1).map(lambda text: text.encode(errors="ignore").decode()))
def test_what_is_encrypted_comes_out_again(text: str) -> None:
    key = base64.b64decode(KEY + "=")

    assert decrypt(key, encrypt(key, text, APP_ID), APP_ID) == text.encode()


def test_two_answers_with_the_same_words_look_different() -> None:
    key = base64.b64decode(KEY + "=")

    assert encrypt(key, "好", APP_ID) != encrypt(key, "好", APP_ID)


def test_wechat_reads_our_sealed_answer() -> None:
    assert FakeWeChat().decrypt(a_safe_seal().close("<xml>好</xml>").encode()) == "<xml>好</xml>"


def test_a_genuine_plain_message_is_opened() -> None:
    opened = a_seal().open(FakeWeChat().plain(text_message()))

    assert (opened.sealed, opened.content) == (False, text_message().encode())


def test_the_handshake_echoes_what_it_was_given() -> None:
    assert a_seal().check_handshake(FakeWeChat().handshake("123456")) == b"123456"


@pytest.mark.parametrize("sealed", [True, False])
def test_compatible_mode_takes_both(sealed: bool) -> None:
    seal, wechat = a_seal(an_account(mode=Mode.COMPATIBLE)), FakeWeChat()

    push = wechat.sealed(text_message()) if sealed else wechat.plain(text_message())

    assert seal.open(push).sealed is sealed


# -- forgers -------------------------------------------------------------------------------------


def refused(seal: Seal, incoming: Incoming) -> tuple[str, int]:
    with pytest.raises(Refused) as refusal:
        seal.open(incoming)
    return refusal.value.reason, refusal.value.status


@pytest.mark.parametrize("forged", ["0" * 40, "", "签名", "a" * 10_000, "\udcff"])
def test_a_forged_signature_is_refused(forged: str) -> None:
    reason, status = refused(
        a_seal(), changed(FakeWeChat().plain(text_message()), signature=forged)
    )

    assert reason in {"bad_signature", "missing_signature"}
    assert 400 <= status < 500


def test_a_forged_signature_is_refused_for_a_handshake() -> None:
    with pytest.raises(Refused, match="bad_signature"):
        a_seal().check_handshake(changed(FakeWeChat().handshake(), signature="0" * 40))


def test_another_accounts_token_does_not_help() -> None:
    assert (
        refused(a_seal(), FakeWeChat(token="another").plain(text_message()))[0] == "bad_signature"
    )


@pytest.mark.parametrize("drift", [-601, 601, -86_400, 10**9])
def test_a_recorded_message_is_refused(drift: int) -> None:
    recorded = FakeWeChat(at=NOW + drift).plain(text_message())

    assert refused(a_seal(), recorded) == ("stale_timestamp", 403)


@pytest.mark.parametrize("drift", [-600, 0, 600])
def test_a_clock_that_is_a_little_wrong_is_forgiven(drift: int) -> None:
    assert a_seal().open(FakeWeChat(at=NOW + drift).plain(text_message())).content


def test_a_recorded_sealed_message_is_refused() -> None:
    recorded = FakeWeChat(at=NOW - 3600).sealed(text_message())

    assert refused(a_safe_seal(), recorded) == ("stale_timestamp", 403)


@pytest.mark.parametrize("stamp", ["abc", "-5", "1e9", "１２３", "9" * 400, "1.5"])
def test_a_time_stamp_that_is_no_number_is_refused(stamp: str) -> None:
    wechat = FakeWeChat()
    push = changed(
        wechat.plain(text_message()), timestamp=stamp, signature=wechat.sign(stamp, wechat.nonce)
    )

    assert refused(a_seal(), push) == ("bad_timestamp", 400)


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
def test_a_missing_parameter_is_refused(name: str) -> None:
    push = FakeWeChat().plain(text_message())
    left = {key: value for key, value in push.args.items() if key != name}

    assert refused(a_seal(), Incoming("POST", left, {}, push.body)) == (f"missing_{name}", 400)


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_a_missing_parameter_of_a_sealed_message_is_refused(name: str) -> None:
    push = FakeWeChat().sealed(text_message())
    left = {key: value for key, value in push.args.items() if key != name}

    assert refused(a_safe_seal(), Incoming("POST", left, {}, push.body))[0] == f"missing_{name}"


def test_a_plain_message_to_a_safe_account_is_refused() -> None:
    push = FakeWeChat().plain(text_message())

    assert refused(a_safe_seal(), push) == ("plain_message_to_safe_account", 403)


def test_a_sealed_message_to_a_plain_account_is_refused() -> None:
    push = FakeWeChat().sealed(text_message())

    assert refused(a_seal(), push) == ("encrypted_message_to_plain_account", 403)


def test_the_plain_signature_does_not_open_a_sealed_message() -> None:
    push = FakeWeChat().sealed(text_message())

    forged = changed(push, msg_signature=push.args["signature"])

    assert refused(a_safe_seal(), forged) == ("bad_signature", 403)


def test_a_message_sealed_for_another_app_is_refused() -> None:
    push = FakeWeChat().sealed(text_message(), app_id="wxffffffffffffffff")

    assert refused(a_safe_seal(), push) == ("wrong_app_id", 403)


@pytest.mark.parametrize("length", [0, 1, 16, 24, 60, 100])
def test_a_ciphertext_cut_short_is_refused(length: int) -> None:
    whole = FakeWeChat().encrypt(text_message(), APP_ID)

    reason, status = refused(a_safe_seal(), FakeWeChat().sealed_raw(whole[:length]))

    assert reason in {"bad_ciphertext", "wrong_app_id"}
    assert status in {400, 403}


@given(st.binary(max_size=300))
def test_no_ciphertext_does_more_than_be_refused(raw: bytes) -> None:
    encrypted = base64.b64encode(raw).decode()

    reason, _ = refused(a_safe_seal(), FakeWeChat().sealed_raw(encrypted))

    assert reason in {"bad_ciphertext", "wrong_app_id"}


def test_the_check_above_is_what_stops_a_forger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard the same forged message gets through: the tests would notice."""
    forged = changed(FakeWeChat().plain(text_message()), signature="0" * 40)

    monkeypatch.setattr(signature, "ensure_signed", lambda given, expected: None)

    assert a_seal().open(forged).content == text_message().encode()


def test_the_freshness_check_is_what_stops_a_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = FakeWeChat(at=NOW - 86_400).plain(text_message())

    monkeypatch.setattr(signature, "ensure_fresh", lambda timestamp, now: None)

    assert a_seal().open(recorded).content == text_message().encode()


# -- settings ------------------------------------------------------------------------------------


def test_a_key_means_safe_mode_unless_said_otherwise() -> None:
    assert an_account(safe=True).agreed_mode is Mode.SAFE
    assert an_account().agreed_mode is Mode.PLAIN
    assert an_account(mode=Mode.COMPATIBLE).agreed_mode is Mode.COMPATIBLE


@pytest.mark.parametrize("key", ["too-short", "中" * 43, "a" * 44])
def test_a_malformed_key_is_reported_at_start(key: str) -> None:
    with pytest.raises(ValueError, match="43 letters and digits"):
        a_seal(OfficialAccount("main", APP_ID, "t", encoding_aes_key=key))


def test_safe_mode_without_a_key_is_reported_at_start() -> None:
    with pytest.raises(ValueError, match="needs encoding_aes_key"):
        a_seal(OfficialAccount("main", APP_ID, "t", mode=Mode.SAFE))


def test_secrets_do_not_show_when_an_account_is_printed() -> None:
    account = OfficialAccount("main", APP_ID, "t0ken", app_secret="s3cret", encoding_aes_key=KEY)

    assert not any(secret in repr(account) for secret in ("t0ken", "s3cret", KEY))
