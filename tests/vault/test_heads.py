"""Heads of the audit are checked anywhere: no settings, no database, no network."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
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


def test_a_seal_that_its_key_did_not_make_is_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody who wrote another statement also wrote another digest, but lacks the key."""
    signed = head()
    forged = replace(signed, statement=replace(signed.statement, total=4))
    assert heads.main(kept(tmp_path, forged)) == 1
    assert "was changed after it was signed" in capsys.readouterr().err


def test_a_digest_that_is_not_the_statement_s_is_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path,) = kept(tmp_path, head())
    Path(path).write_text(Path(path).read_text().replace(head().statement.digest, "00" * 32))
    assert heads.main([path]) == 1
    assert "was changed after it was signed" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["statement"].update(more=1),
        lambda content: content["statement"].update(number="1"),
        lambda content: content["statement"].update(number=True),
        lambda content: content.update(signature=f"!{content['signature']}"),
        lambda content: content.update(kind="homeward audit head, version 2"),
    ],
)
def test_what_is_nearly_a_head_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Callable[[dict[str, Any]], None]
) -> None:
    (path,) = kept(tmp_path, head())
    content = json.loads(Path(path).read_text())
    change(content)
    Path(path).write_text(json.dumps(content))
    assert heads.main([path]) == 1
    assert "is no head of an audit" in capsys.readouterr().err


def test_no_more_is_read_than_a_head_can_be_long(tmp_path: Path) -> None:
    (path,) = kept(tmp_path, head())
    text = Path(path).read_text().strip()
    for length, code in ((10_000, 0), (10_001, 1)):
        Path(path).write_text(text.rjust(length))
        assert heads.main([path]) == code


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert heads.main([str(tmp_path / "none")]) == 1
    assert "none cannot be read: No such file or directory.\n" in capsys.readouterr().err


def test_it_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        heads.main(["--help"])
    words = " ".join(capsys.readouterr().out.split())
    for part in ("usage: python -m vault.heads [", "HEAD.json [HEAD.json", "Checks heads of an audit."):
        assert part in words
    assert "--key KEY the public key that must have signed (PEM)" in words


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
    assert f"{pem} holds no public key of the kind that seals." in capsys.readouterr().err


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


def test_a_later_head_may_cover_no_more(tmp_path: Path) -> None:
    """Nothing was written in between."""
    assert heads.main(kept(tmp_path, head(), head(3, total=5, upto=20))) == 0
