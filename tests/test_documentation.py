"""What a newcomer reads must be there and complete: settings, accounts, links, decisions."""

import ast
import re
from pathlib import Path

import pytest

from cases.demo.people import ACCOUNTS
from config import embedded
from config.embedded.folder import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
PAGES = [*sorted(CHECKOUT.glob("*.md")), *sorted((CHECKOUT / "docs").rglob("*.md"))]
DECISIONS = sorted((CHECKOUT / "docs" / "decisions").glob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")


def settings_read() -> set[str]:
    """The first argument of every `env.…("NAME")` in the settings."""
    tree = ast.parse((CHECKOUT / "config" / "settings.py").read_text(encoding="utf-8"))
    return {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_setting_is_explained() -> None:
    read = settings_read() | set(embedded.DEFAULTS) | {"HOMEWARD_DATA", "HOST", "PORT"}
    assert "SECRET_KEY" in read
    assert {name for name in read if f"`{name}`" not in README} == set()


def test_every_demo_account_is_introduced() -> None:
    assert {username for username, *_rest in ACCOUNTS if f"`{username}`" not in README} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    inside = [link.split("#")[0] for link in LINK.findall(text) if "://" not in link]
    assert [link for link in inside if link and not (page.parent / link).exists()] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_every_decision_says_why_what_and_what_follows(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
