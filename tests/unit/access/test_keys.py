"""The two keys: made once, kept from others, told apart."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from src import access, config
from src.errors import StorageError


def set_to(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"BANCADA_{name.upper()}", value)
    config.get_settings.cache_clear()


def test_keys_are_made_once_in_files_of_their_owner(settings: config.Settings) -> None:
    assert access.write_key() is None
    first = access.load_keys()
    assert first.made == ("BANCADA_API_KEY", "BANCADA_WRITE_KEY")
    assert len(first.read) >= 32
    assert first.read != first.write
    for name in ("api-read.key", "api-write.key"):
        assert stat.S_IMODE((settings.data_dir / name).stat().st_mode) == 0o600
    again = access.load_keys()
    assert (again.read, again.write, again.made) == (first.read, first.write, ())
    assert access.write_key() == first.write


def test_of_several_starts_at_once_one_makes_the_keys() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: access.load_keys(), range(8)))
    assert len({(keys.read, keys.write) for keys in found}) == 1
    made = [name for keys in found for name in keys.made]
    assert sorted(made) == ["BANCADA_API_KEY", "BANCADA_WRITE_KEY"]


def test_keys_of_the_settings_come_first_and_an_empty_one_is_none(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_to(monkeypatch, api_key="leitura", write_key="")
    keys = access.load_keys()
    assert (keys.read, keys.made) == ("leitura", ("BANCADA_WRITE_KEY",))
    assert not (settings.data_dir / "api-read.key").exists()
    set_to(monkeypatch, write_key="escrita")
    assert access.write_key() == "escrita"


def test_each_key_opens_what_it_is_for() -> None:
    keys = access.Keys("leitura", "escrita")
    for key, reads, writes, public in (
        ("leitura", True, True, False),
        ("escrita", False, True, True),
        ("leitura ", False, False, False),
        ("", False, False, False),
        ("ção\ud800", False, False, False),
    ):
        found = keys.may_read(key), keys.may_write(key), keys.is_write_key(key)
        assert found == (reads, writes, public), key


def test_one_key_for_both_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, api_key="igual", write_key="igual")
    with pytest.raises(StorageError, match="iguais"):
        access.load_keys()


def test_a_key_file_that_is_empty_or_cannot_be_read_is_named(settings: config.Settings) -> None:
    path = settings.data_dir / "api-write.key"
    path.touch()
    with pytest.raises(StorageError, match=r"api-write\.key está vazio"):
        access.load_keys()
    assert access.write_key() is None
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError, match=r"api-write\.key"):
        access.load_keys()
