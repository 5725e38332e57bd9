r"""Every text of a plan or of an API becomes inert here before it goes into a comment.

Who writes a template chooses by what the text is, not by where it goes. What `code`, `text` and `link` return is one
line that works alike in a paragraph, a heading, a table cell, a list item, an alert and a `<summary>`: it is HTML with
numeric entities, because a `<summary>` knows no Markdown, and because a `|` would split a table cell even between
backticks. `fence` returns a block.

What must not grow from a text, and what stops it:
- Markdown and HTML: its characters become entities (`&#42;`), which GitHub's parser, cmark-gfm, takes as plain letters.
- Links from bare URLs and e-mail addresses: GitHub makes them inside `<code>` too, and the latter after entities are
  decoded. A tag in between stops them: `<wbr>`, which shows nothing and is not copied.
- Mentions, references to issues and commits, emoji shortcodes, mathematics, alerts: GitHub makes them from the finished
  page, where entities are letters again, but never inside `<code>` or `<pre>` (github/html-pipeline, MentionFilter and
  EmojiFilter). So a word that could become one goes into `<code>`.
- Letters that nobody sees, or that turn the text around: shown as `\u202e` (`report/unseen.py`).
"""

import re
from typing import Any, Literal, Self
from urllib.parse import quote

from markupsafe import Markup

from tfc_plan_comment.expression import expression
from tfc_plan_comment.report.unseen import visible

# One character each: what Markdown, HTML or GitHub's mathematics would act upon, and only where they would.
_MARKUP = (
    r"[<*`~|$\[\]]"
    r"|&(?=[#A-Za-z])"  # an entity
    r"|\\(?![A-Za-z0-9 ])"  # an escape; also before the entities and tags that we write
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # inside a word it emphasises nothing
    r"|:(?=//)|@|(?<=[Ww]{3})\."  # bare URLs and e-mail addresses
)
# A Terraform index can stay as it is: its brackets are a pair, and `</code>` or a harmless letter follows.
_INDEX = r'\[(?:[0-9]++|"[A-Za-z0-9]++(?:[./_-][A-Za-z0-9]++)*+")\](?![(\[:])'
_IN_CODE = expression(f"{_INDEX}|{_MARKUP}")
_IN_TEXT = expression(f"{_MARKUP}|#")  # a heading may not end in `#`
# Anything else becomes a numeric entity; an index stays.
_INERT = {"<": "&lt;", "&": "&amp;", ":": ":<wbr>", "@": "@<wbr>", ".": "<wbr>."}
# Block structure grows from the start of a line: `- x`, `1. x`, `> x`, `===`, `:--`.
_LINE_START = expression(r"^([0-9]*+)([-+=:>.)])")

# A word that GitHub would turn into something else on the finished page, wherever it is not code.
_ALIVE = expression(
    r"@|\$|://|[Ww]{3}\.|\[!"  # mention or e-mail address, mathematics, URL, alert
    r"|#[0-9]|\b(?:[Gg][Hh]|[A-Z][A-Z0-9]*+)-[0-9]|\bGHSA-"  # issue; also a repository's own autolinks, as JIRA-1
    r"|(?<![0-9A-Za-z])[0-9A-Fa-f]{7,}+(?![0-9A-Za-z])"  # commit
    r"|:[\w+-]++(?::|$)"  # emoji shortcode; the second colon may be the template's
)

_BACKTICKS_AT_LINE_START = expression(r"^[ \t]*+(`{3,})", re.MULTILINE)
# The parser counts no further than this (cmark-gfm, src/blocks.c, fence_length), so a line of more would end any fence.
_MOST_BACKTICKS = 255
_ENDS_ANY_FENCE = expression(rf"^(?= {{0,3}}`{{{_MOST_BACKTICKS},}}[ \t]*$)", re.MULTILINE)
_NO_FENCE = "    "
"""Nothing that stands so far to the right begins or ends a fence."""
# No user information: it would be a credential, or there to make one host look like another.
_WEB_URL = expression(r"https?://[A-Za-z0-9.:\[\]-]+(?:[/?#]|\Z)", re.IGNORECASE)

Language = Literal["diff", "hcl", "json", "text", ""]


# A format that puts in whole what it is given; a number may be given with a precision, a text would be cut by it.
_WHOLE = expression(
    r"(?:[^%]++|%%|%(?:\([^()%]*+\))?[#0 +-]*+[0-9]*+(?:s|(?:\.[0-9]++)?[diouxXeEfFgG]))*+",
)


class Inert(Markup):
    """Markdown that is inert. A plain text that is added to it, joined or formatted into it goes through `text`.

    What is cut out of it or changed in it is a plain text: half of it, or the same in capitals, may come alive.
    """

    __slots__ = ()

    @classmethod
    def escape(cls, value: Any, /) -> Self:
        """The value as it is if it is inert already, else as `text`."""
        return cls(value if isinstance(value, Markup) else text(str(value)))

    def __mod__(self, value: Any, /) -> Any:
        return super().__mod__(value) if _WHOLE.fullmatch(self) else str(self) % value

    def strip(self, chars: str | None = None, /) -> Any:
        """Without the blanks around it, which is no cut; other characters may be part of an entity or a tag."""
        return str.strip(self, chars) if chars is not None else type(self)(str.strip(self))


for _cut_or_changed in (
    *("__getitem__", "split", "rsplit", "splitlines", "partition", "rpartition", "removeprefix", "removesuffix"),
    *("lstrip", "rstrip", "replace", "translate", "expandtabs", "center", "ljust", "rjust", "zfill"),
    *("lower", "upper", "casefold", "swapcase", "capitalize", "title"),
):
    setattr(Inert, _cut_or_changed, getattr(str, _cut_or_changed))


def code(text: str, *, limit: int | None = None) -> str:
    """`<code>` that shows the text and nothing else, in one line, wherever it stands.

    `limit` is the greatest number of characters to show, at least 1; what is longer ends in `…`.
    """
    shown = visible(text if limit is None else text[: limit + 1])  # escapes only make it longer
    if limit is not None and len(shown) > limit:
        shown = shown[: limit - 1] + "…"
    return f"<code>{_IN_CODE.sub(_inert, shown)}</code>"


def text(text: str) -> str:
    """Prose in one line, wherever it stands: `<br>` for line feeds, words that GitHub would act upon as `code`.

    Runs of blanks become one, those around it go.
    """
    plain = str(text)  # Markup escapes whatever is added to it, once more
    lines = visible(plain.replace("\r\n", "\n"), keep_lines=True).replace("\t", " ").strip(" \n").split("\n")
    prose = "<br>".join(" ".join(_word(word) for word in line.split(" ") if word) for line in lines)
    return _LINE_START.sub(lambda start: f"{start[1]}&#{ord(start[2])};", prose)


def fence(content: str, language: Language) -> str:
    """A block of code, fenced so that nothing in the content can end it; invisible characters are shown.

    A line of so many backticks that it would end any fence has four blanks in front.

    The language is ours to choose, never a value's: GitHub turns `mermaid`, `geojson` and `stl` into widgets.
    """
    content = _ENDS_ANY_FENCE.sub(_NO_FENCE, visible(content, keep_lines=True))
    ticks = (max(_BACKTICKS_AT_LINE_START.findall(content), key=len, default="``") + "`")[:_MOST_BACKTICKS]
    return f"{ticks}{language}\n{content}\n{ticks}"


def link(label: str, url: str) -> str:
    """A link with the label as `text`; only the label if the URL is not plain http or https."""
    if not _WEB_URL.match(url):
        return text(label)
    target = quote(url, safe="-._~:/?#[]!$&+,;=%", errors="replace").replace("&", "&amp;")
    return f'<a href="{target}">{text(label)}</a>'


def _inert(match: re.Match[str]) -> str:
    found = match[0]
    return found if len(found) > 1 else _INERT.get(found) or f"&#{ord(found)};"


def _word(word: str) -> str:
    """The word; a full stop or comma behind one that is shown as code belongs to the sentence."""
    if not _ALIVE.search(word):
        return _IN_TEXT.sub(_inert, word)
    alone = word.rstrip(".,;")
    if alone.count(":") == 1:  # with another one it may be `:tada:`
        alone = alone.removesuffix(":")
    if not _ALIVE.search(alone):
        return code(word)
    return code(alone) + word[len(alone) :]
