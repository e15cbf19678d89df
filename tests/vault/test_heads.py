"""Heads of the audit are checked anywhere: no settings, no database, no network."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vault import heads
from vault.heads import Head, Statement

KEY = Ed25519PrivateKey.generate()


def head(number: int = 1, *, key: Ed25519PrivateKey = KEY, **changes: Any) -> Head:
    said = Statement(
        number=number,
        previous="ab" * 32,
        since=number * 10,
        upto=number * 10 + 10,
        sealed_at="2026-06-15T10:00:00+00:00",
        rows=5,
        total=number * 5,
        parts="cd" * 32,
        key="s1",
    )
    said = replace(said, **changes)
    return Head(said, key.sign(said.signed), key.public_key().public_bytes_raw())


def kept(folder: Path, *several: Head) -> list[str]:
    paths = []
    for place, each in enumerate(several):
        path = folder / f"head-{place}.json"
        path.write_text(each.as_file())
        paths.append(str(path))
    return paths


def test_it_is_checked_without_anything_of_the_installation(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vault.heads", *kept(tmp_path, head())]
    bare = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, env=bare, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        f"Head 1: 5 entries, sealed 2026-06-15T10:00:00+00:00, digest {head().statement.digest}"
    )


@pytest.mark.parametrize("name", ["number", "total", "sealed_at", "previous", "parts", "since", "upto"])
def test_a_changed_word_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (path,) = kept(tmp_path, head())
    content = json.loads(Path(path).read_text())
    value = content["statement"][name]
    content["statement"][name] = value + 1 if isinstance(value, int) else value[:-1] + "7"
    Path(path).write_text(json.dumps(content))
    assert heads.main([path]) == 1
    assert "was changed after it was signed" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"kind": "other"}', "[" * 9_000, "\xff"])
def test_another_file_is_called_one(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(text.encode("latin-1"))
    assert heads.main([str(path)]) == 1
    assert "is no head of an audit" in capsys.readouterr().err
    assert heads.main([str(tmp_path / "none")]) == 1


def test_the_key_of_somebody_else_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pem = tmp_path / "key.pem"
    pem.write_text(heads.as_pem(head().public_key))
    paths = kept(tmp_path, head(), head(2, key=Ed25519PrivateKey.generate()))
    assert heads.main([paths[0], "--key", str(pem)]) == 0
    assert heads.main([paths[1], "--key", str(pem)]) == 1
    assert "with another key" in capsys.readouterr().err
    pem.write_text("no key")
    assert heads.main([paths[0], "--key", str(pem)]) == 1


@pytest.mark.parametrize(
    ("later", "says"),
    [
        (head(1, sealed_at="2026-06-16T10:00:00+00:00"), "the past was written anew"),
        (head(2, previous="00" * 32), "does not follow"),
        (head(3, total=2), "covers less"),
        (head(3, upto=2), "covers less"),
    ],
)
def test_two_heads_that_contradict_each_other_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], later: Head, says: str
) -> None:
    assert heads.main(kept(tmp_path, head(), later)) == 1
    assert says in capsys.readouterr().err


def test_two_heads_of_one_chain_agree(tmp_path: Path) -> None:
    first = head()
    second = head(2, previous=first.statement.digest)
    assert heads.main(kept(tmp_path, second, first, head(9))) == 0
