"""The HTML report as a parser of HTML reads it."""

import json
from html.parser import HTMLParser
from typing import Any, Self

VOID = {"meta", "link", "input", "wbr", "br"}


class Page(HTMLParser):
    """What a parser of HTML, which is not ours, finds in the report."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.said = ""
        self._open: list[str] = []

    @classmethod
    def of(cls, report: str) -> Self:
        page = cls()
        page.feed(report)
        page.close()
        assert page._open == [], "every element is closed"
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, "elements are nested"

    def handle_data(self, data: str) -> None:
        element = self._open[-1] if self._open else ""
        self.texts.setdefault(element, []).append(data)
        self.said += "" if element in {"script", "style"} else data

    def all(self, tag: str) -> list[str]:
        """The texts that stand directly in elements of that name."""
        return [text for text in self.texts.get(tag, []) if text.strip()]

    def values(self, tag: str, name: str) -> list[str]:
        """The values of that attribute of elements of that name."""
        return [value for at, attribute, value in self.attributes if (at, attribute) == (tag, name)]

    @property
    def data(self) -> dict[str, Any]:
        """What the report's script reads."""
        embedded, _ = self.all("script")
        data: dict[str, Any] = json.loads(embedded)
        return data
