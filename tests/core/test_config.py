"""Settings come back as they were written, and what cannot be is refused with the place and the remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.config import AccountMode, RecoveryConfig, StoreManifest, manifest_text, read_manifest, write_manifest
from crashdesk.errors import ConfigError
from crashdesk.storage.files import LocalFiles

texts = st.text(max_size=20) | st.sampled_from(
    ['the "grid" bot\\', "注文", "a\nb\t\r", "\x00\x1f\x7f\x85", "'''", '"""', "#"]
)
manifests = st.builds(
    StoreManifest,
    bot=texts,
    exchange=texts,
    account=texts,
    mode=st.sampled_from(AccountMode),
    client_order_id_prefix=texts,
    exclusive_account=st.booleans(),
    other_prefixes=st.lists(texts, max_size=3).map(tuple),
    checkpoint_interval_ms=st.integers(1, 2**63 - 1),
    endpoint=texts,
)


class OneFile(LocalFiles):
    """A disk that holds one text."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def read(self, path: Path, limit: int) -> bytes:
        return self.text


def parsed(text: bytes) -> StoreManifest | None:
    return read_manifest(Path("store"), OneFile(text))


@given(manifests)
def test_a_manifest_comes_back_whatever_its_texts_hold(manifest: StoreManifest) -> None:
    assert parsed(manifest_text(manifest).encode()) == manifest


def test_a_manifest_is_a_file_that_an_operator_can_read(tmp_path: Path) -> None:
    assert read_manifest(tmp_path, LocalFiles()) is None
    write_manifest(tmp_path, StoreManifest(bot="grid", other_prefixes=("a-", "b-")), LocalFiles())
    assert [path.name for path in tmp_path.iterdir()] == ["store.toml"]
    text = (tmp_path / "store.toml").read_text()
    assert 'bot = "grid"\n' in text
    assert 'other_prefixes = ["a-","b-"]\n' in text
    assert read_manifest(tmp_path, LocalFiles()) == StoreManifest(bot="grid", other_prefixes=("a-", "b-"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b'bot = "grid"\nmode = live', "line 2"),
        (b'bot = "grid"\nbot = "other"\nx = 1', "line 2"),
        (b'bot = "grid"\nmode = "paper"', "mode"),
        (b"bot = 5", "bot"),
        (b"", "bot"),
        (b'bot = "\xff"', "utf-8"),
        (b"bot = " + b"[" * 50_000, "store.toml"),
        (b"checkpoint_interval_ms = " + b"9" * 5000, "store.toml"),
        (b"\0", "line 1"),
    ],
)
def test_a_damaged_manifest_says_where(text: bytes, place: str) -> None:
    with pytest.raises(ConfigError, match=place) as caught:
        parsed(text)
    assert "text editor" in str(caught.value)


@pytest.mark.scenario(65)
@pytest.mark.parametrize("text", [b'version = 2\nbot = "grid"', b'version = 2\nbots = ["a"]', b"version = 3\nbot = 7"])
def test_a_newer_manifest_is_not_called_damaged(text: bytes) -> None:
    with pytest.raises(ConfigError, match="newer version"):
        parsed(text)


def test_a_text_that_no_file_can_hold_is_refused() -> None:
    with pytest.raises(ConfigError):
        manifest_text(StoreManifest(bot="\ud800"))


@pytest.mark.parametrize(
    "change",
    [
        {"checkpoint_interval_ms": 0},
        {"checkpoint_interval_ms": "60000"},
        {"checkpoint_interval_ms": 0.5},
        {"checkpoint_interval_ms": True},
        {"max_checkpoints": 0},
        {"max_checkpoints": None},
        {"max_checkpoint_age_hours": 0},
        {"max_checkpoint_age_hours": float("nan")},
        {"max_checkpoint_age_hours": "24"},
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(change: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=next(iter(change))):
        RecoveryConfig(**change)


def test_the_defaults_are_those_of_the_design() -> None:
    config = RecoveryConfig()
    assert (config.checkpoint_interval_ms, config.max_checkpoints, config.max_checkpoint_age_hours) == (60_000, 10, 24)
    assert RecoveryConfig(max_checkpoint_age_hours=float("inf")).checkpoint_on_trade
