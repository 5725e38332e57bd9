"""The escaping module, judged by GitHub's own Markdown parser."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.write.markdown import Language, code, fence, link, text

GOLDEN = Path(__file__).parents[3] / "golden"

# Where one line of inert text can stand. Each must look the same around a hostile text as around "x".
CONTEXTS = {
    "paragraph": "{}",
    "middle of a paragraph": "before {} after",
    "line of a paragraph": "before\n{}\nafter",
    "heading": "## {}",
    "setext heading": "{}\n===",
    "table header": "| {} | b |\n|---|---|\n| c | d |",
    "table cell": "| a | b |\n|---|---|\n| {} | `c` |\n| d | e |",
    "alert": "> [!CAUTION]\n> {}\n> and more",
    "block quote": "> {}",
    "list item": "- {}\n- second",
    "ordered list item": "1. {}\n2. second",
    "bold": "**{}**",
    "link label": "[{}](https://example.com/)",
    "summary": "<details><summary>{}</summary>\n\nbody\n\n</details>",
    "body of details": "<details><summary>s</summary>\n\n{}\n\n</details>",
    "before a fence": "{}\n```diff\n- a\n```",
    "before a colon": "{}: more",
}

HOSTILE = """\
</details>|</summary></details>|<script>alert(1)</script>|<img src=x onerror=alert(1)>|<!--|-->|<!-- x -->|<?php ?>
<![CDATA[x]]>|<b>|<a href="https://evil.example">x</a>|<https://evil.example>|</code>|</pre>|<br>|&lt;|&#64;x|&copy|&amp;
@octocat|@acme/security-team|&#64;octocat|\\@octocat|me@evil.example|mailto:me@evil.example|xmpp:a@b.c/d|#1|acme/shop#12
GH-3|gh-3|octo#1|octo@deadbee|deadbeefdeadbeefdeadbeefdeadbeefdeadbeef|a1b2c3d|a1b2c3d...d3c2b1a|JIRA-7|GHSA-aaaa-bbbb-cccc
http://evil.example|https://evil.example/x_y_(z)|HTTPS://EVIL.EXAMPLE|www.evil.example|(www.evil.example|ftp://evil.example
["www.evil.example"]|["a www.evil.example"]|["https://evil.example"]|"www.evil.example"|*www.evil.example
https://github.com/acme/shop/issues/1
![x](https://evil.example/p.png)|![x][0]|[x](https://evil.example)|[x]: https://evil.example|[0]: /x|[0]
[ ] x|[x] x|[^1]|[!NOTE]|[!NOTE] x|a["b"](c)|a[0]: b|["b|b"]|[[0]]|][|](|**x**|*|_x_|__init__|a_b_c|["_b_"]|_
~x~|~~x~~|***|---|===|___|+++
# x|#|## x ##|> x|- x|+ x|* x|1. x|1) x|123456789. x|0.|:-|:-:|:--|-:|--- x|= x|=|.|)|\\|\\\\|x\\|C:\\path\\|\\*|\\&lt;
`|``|```|`x`|`` ` ``|~~~|~~~ x|```mermaid|    indented|\tindented| padded |  |""|''|$x$|$$x$$|$`x`$|${x}|%{ if }|{{ x }}
{% x %}|:tada:|:+1:|:rocket::x:|arn:aws:s3:::bucket|::error::x|##[error]x
\x1b[31mred\x1b[0m|\x00|\x07|\x85|\r|a\rb|a\r\nb
\u202e\u2066x|a\u200bb|\ufeff|\u2028|\u2029|\ud800|\U000e0041|\xa0|\ufe0f|Z\u0351\u036b|\u05d0\u05d1|\U0001f680|\u6f22
"""
# A newline separates lines of the list and a bar its items, so that these are said on their own.
STRINGS = [item for line in HOSTILE.split("\n") for item in line.split("|")]
STRINGS += [
    "a|b",
    "|",
    "||",
    "\\|",
    "|---|---|",
    "| a |\n|---|\n| b |",
    "a\nb",
    "\n",
    "\n\n\n",
    "a\n\n# b",
    "a\n---",
    "a\n:-",
]
STRINGS += [
    "a\n```\nb\n````\nc",
    "x  \ny",
    "```diff\n- fake\n```\n",
    "[ref]: https://evil.example 'title'\n[ref]",
    "<!-- a\n\nb",
]
STRINGS += ["<details open><summary>Plan: 0 to add, 0 to change, 0 to destroy.</summary>"]


def strings_in(value: Any) -> Iterator[str]:
    """Every key and string in a JSON document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings_in(item)


PLANS = {
    name: sorted(set(strings_in(json.loads((GOLDEN / name / "plan.json").read_text("utf-8")))))
    for name in ("hostile-values", "nested-modules-odd-keys")
}

# Any characters, and what Markdown is made of, in any order.
CHARACTERS = st.characters(codec=None, exclude_categories=())
ANYTHING = st.one_of(
    st.text(CHARACTERS),
    st.text(st.sampled_from("`*_~[](){}<>|\\&#;:!@$/.-+= \t\r\nabcw019xX")),
    st.lists(st.sampled_from([*STRINGS, " ", "\n", "x"])).map("".join),
)
EVERYTHING = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# What GitHub would act upon in the finished page, outside code. Not the module's own patterns.
ACTIVE = re.compile(
    r"@[\w/-]|#\d|\bgh-\d|https?:|www\.|:[\w+-]+:|\[!\w+\]|\$|(?<![^\W_])[0-9a-f]{7,40}(?![^\W_])", re.IGNORECASE
)


@dataclass
class Page(HTMLParser):
    """The HTML of a comment, taken apart: tags with attributes in order, text in code and outside of it."""

    html: str
    tags: list[tuple[Any, ...]] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    prose: str = ""
    inside: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *attrs))
        if tag == "code":
            self.inside += 1
            self.code.append("")
        elif tag == "br":
            self.prose += "\n"

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(("/" + tag,))
        self.inside -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.code[-1] += data
        else:
            self.prose += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.tags.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.tags.append(("instruction", data))

    def unknown_decl(self, data: str) -> None:
        self.tags.append(("section", data))

    def without(self, *names: str) -> list[tuple[Any, ...]]:
        return [tag for tag in self.tags if tag[0].strip("/") not in names]


def page(markdown: str) -> Page:
    """The Markdown as GitHub's parser reads a comment."""
    options = Options.CMARK_OPT_HARDBREAKS | Options.CMARK_OPT_UNSAFE
    return Page(cmarkgfm.github_flavored_markdown_to_html(markdown, options))


@cache
def harmless_page(markdown: str) -> Page:
    """The page around a text that can do no harm: the same for every hostile one."""
    return page(markdown)


def words_of(prose: str) -> list[str]:
    return [word for word in re.split("[ \t\n]", prose) if word]


def assert_code_is_inert(hostile: str) -> None:
    harmless = {name: harmless_page(context.format(code("x"))) for name, context in CONTEXTS.items()}
    for name, context in CONTEXTS.items():
        seen = page(context.format(code(hostile)))
        assert seen.without("wbr") == harmless[name].tags, (name, hostile)
        assert seen.prose == harmless[name].prose, (name, hostile)
        assert seen.code == [visible(hostile) if c == "x" else c for c in harmless[name].code], (name, hostile)


def assert_text_is_inert(hostile: str) -> None:
    shown = words_of(visible(hostile.replace("\r\n", "\n"), keep_lines=True))
    for name, context in CONTEXTS.items():
        if not shown and name == "setext heading":
            continue  # nothing over `===` is no heading
        seen, harmless = page(context.format(text(hostile))), harmless_page(context.format("x" if shown else ""))
        assert seen.without("wbr", "br", "code") == harmless.without("br", "code"), (name, hostile)
        assert not ACTIVE.search(seen.prose.replace("[!CAUTION]", "", 1)), (name, hostile)
    markup = re.compile(r"<br ?/?>|</?(?:code|wbr)>")
    html = markup.sub(lambda tag: " " if tag[0].startswith("<br") else "", page(text(hostile)).html)
    assert words_of(Page(html).prose) == shown, hostile


def assert_fence_is_inert(hostile: str) -> None:
    for context in ("{}", "before\n{}\nafter", "<details><summary>s</summary>\n\n{}\n\n</details>\n\n# after"):
        seen, harmless = page(context.format(fence(hostile, "diff"))), harmless_page(context.format(fence("x", "diff")))
        assert (seen.tags, seen.prose) == (harmless.tags, harmless.prose), hostile
        assert seen.code == [visible(hostile, keep_lines=True) + "\n"], hostile


def assert_link_is_inert(hostile: str) -> None:
    for name, context in CONTEXTS.items():
        if name == "link label":
            continue  # HTML has no link in a link
        seen = page(context.format(link(hostile, "https://app.terraform.io/" + hostile)))
        harmless = harmless_page(context.format(link("x", "https://app.terraform.io/x")))
        assert [t[0] for t in seen.without("wbr", "br", "code")] == [t[0] for t in harmless.without("br", "code")], (
            hostile
        )
        targets = [attributes for tag, *attributes in seen.tags if tag == "a"]
        assert len(targets) == 1, (name, hostile)
        assert [key for key, _ in targets[0]] == ["href"], (name, hostile)
        assert targets[0][0][1].startswith("https://app.terraform.io/"), (name, hostile)


INERT = [assert_code_is_inert, assert_text_is_inert, assert_fence_is_inert, assert_link_is_inert]


@pytest.mark.parametrize("assert_inert", INERT)
@pytest.mark.parametrize("hostile", STRINGS)
def test_a_hostile_string_is_inert_wherever_it_stands(assert_inert: Callable[[str], None], hostile: str) -> None:
    """The page around a hostile text is the page around "x", the text is seen, and nothing in it is alive."""
    assert_inert(hostile)


@pytest.mark.parametrize("assert_inert", INERT)
@pytest.mark.parametrize("name", PLANS)
def test_every_string_of_a_hostile_plan_is_inert(assert_inert: Callable[[str], None], name: str) -> None:
    """No key and no value of the plans made to break a comment breaks one."""
    for string in PLANS[name]:
        assert_inert(string)


@EVERYTHING
@given(ANYTHING)
def test_any_code_is_inert(hostile: str) -> None:
    """Whatever the text, `code` shows it and changes nothing around it."""
    assert_code_is_inert(hostile)


@EVERYTHING
@given(ANYTHING)
def test_any_text_is_inert(hostile: str) -> None:
    """Whatever the text, `text` shows its words and changes nothing around it."""
    assert_text_is_inert(hostile)


@EVERYTHING
@given(ANYTHING)
def test_any_fence_is_inert(hostile: str) -> None:
    """Whatever the content, `fence` shows it and ends where it should."""
    assert_fence_is_inert(hostile)


@EVERYTHING
@given(ANYTHING)
def test_any_link_is_inert(hostile: str) -> None:
    """Whatever the label and the path, `link` makes one link, to the host it was given."""
    assert_link_is_inert(hostile)


@pytest.mark.parametrize(
    "address",
    [
        'module.region["eu-west-1"].module.service[0].aws_subnet.app["b"]',
        "data.aws_iam_policy_document.assume_role",
        'kubernetes_manifest.this["10.0.2.0/24"]',
        "Statement[1].Action",
        "hash_key = 1 & 2 > x, 100% \\d (deposed 1a2b3c4d)",
    ],
)
def test_what_needs_no_escaping_stays_as_it_is(address: str) -> None:
    """Ordinary addresses and paths can be read in the raw Markdown, and cost nothing."""
    assert code(address) == f"<code>{address}</code>"


def test_prose_that_needs_no_escaping_stays_as_it_is() -> None:
    """Plain sentences are not decorated."""
    sentence = "Queued manually by a person, with 12 resources in us-east-1; feedback (if any): see 'the wiki'. Done!"
    assert text(sentence) == sentence


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("@octocat", "<code>@<wbr>octocat</code>"),
        ("me@example.com", "<code>me@<wbr>example.com</code>"),
        ("#12,", "<code>#12</code>,"),
        ("acme/shop#12", "<code>acme/shop#12</code>"),
        ("(GH-3)", "<code>(GH-3)</code>"),
        ("a1b2c3d", "<code>a1b2c3d</code>"),
        (":tada:", "<code>:tada:</code>"),
        ("plan-1c76e66118e3b615:", "<code>plan-1c76e66118e3b615</code>:"),
        ("https://example.com/a_b", "<code>https:<wbr>//example.com/a_b</code>"),
        ("www.example.com", "<code>www<wbr>.example.com</code>"),
        ("$5", "<code>&#36;5</code>"),
        ("[!NOTE]", "<code>&#91;!NOTE&#93;</code>"),
        ("arn:aws:s3:::bucket", "<code>arn:aws:s3:::bucket</code>"),
        ("__init__", "&#95;&#95;init&#95;&#95;"),
        ("**", "&#42;&#42;"),
        ("<b>", "&lt;b>"),
        ("&lt;", "&amp;lt;"),
    ],
)
def test_only_what_github_would_act_upon_becomes_code_in_prose(word: str, expected: str) -> None:
    """A word in prose that could become a link, an emoji or a formula is code; other words are only escaped."""
    assert text(f"see {word} there") == f"see {expected} there"


@pytest.mark.parametrize("start", ["-", "+", "=", ">", ":", "1.", "12)"])
def test_prose_cannot_start_a_block(start: str) -> None:
    """What would make a list, a quote, a heading or a table at the start of a line is escaped there, and only there."""
    assert text(f"{start} x {start} y") == f"{start[:-1]}&#{ord(start[-1])}; x {start} y"


def test_prose_keeps_its_lines_and_only_those_blanks_that_show() -> None:
    """Line feeds become `<br>`, with or without a carriage return; blanks around and between words collapse."""
    assert text("\n  first\t word \r\n\n second\r third\n\n") == "first word<br><br>second\\r third"
    assert text(" \n ") == ""


@pytest.mark.parametrize(
    ("limit", "expected"), [(None, "abc\\ndef"), (8, "abc\\ndef"), (7, "abc\\nd…"), (2, "a…"), (1, "…")]
)
def test_code_can_be_cut(limit: int | None, expected: str) -> None:
    """At most `limit` characters are shown, the ellipsis and escapes counted."""
    assert page(code("abc\ndef", limit=limit)).code == [expected]


@pytest.mark.parametrize(
    ("content", "ticks"),
    [
        ("a", 3),
        ("`", 3),
        ("x ```` y", 3),
        ("```", 4),
        ("   `````\n```", 6),
        ("\t````", 5),
        ("- ```", 3),
        ("a\r````", 3),
    ],
)
def test_a_fence_is_as_long_as_it_must_be(content: str, ticks: int) -> None:
    """One backtick more than the longest run that begins a line; runs inside a line cannot end a fence."""
    lines = fence(content, "diff").split("\n")
    assert (lines[0], lines[-1]) == ("`" * ticks + "diff", "`" * ticks)


@pytest.mark.parametrize("count", [253, 254, 255, 256, 257, 300, 1_000])
@pytest.mark.parametrize("blanks", ["", "  ", "   ", "    ", "\t"])
@pytest.mark.parametrize("behind", ["", " \t", " x"])
def test_no_line_of_backticks_ends_a_fence(count: int, blanks: str, behind: str) -> None:
    """Not even one of more than the parser counts, 255; it may stand further to the right."""
    content = f"before\n{blanks}{'`' * count}{behind}\n**after**"

    seen = page(f"{fence(content, 'diff')}\n\nbehind")

    assert seen.tags == page(f"{fence('x', 'diff')}\n\nbehind").tags
    assert [line.strip() for line in seen.code[0].splitlines()] == [
        line.strip() for line in visible(content, keep_lines=True).splitlines()
    ]


@pytest.mark.parametrize("language", get_args(Language))
def test_a_fence_names_its_language(language: Language) -> None:
    """GitHub reads the language from the fence's first line and highlights with it."""
    assert page(fence("x", language)).tags[0] == (("pre", ("lang", language)) if language else ("pre",))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (
            "https://app.terraform.io/app/acme/runs/run-1?a=1&b=2#x",
            "https://app.terraform.io/app/acme/runs/run-1?a=1&b=2#x",
        ),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("HTTPS://tfe.example/a%20b", "HTTPS://tfe.example/a%20b"),
        (
            "https://tfe.example/\"><b>|(x)' `\\\n\u202e",
            "https://tfe.example/%22%3E%3Cb%3E%7C%28x%29%27%20%60%5C%0A%E2%80%AE",
        ),
        ("https://tfe.example/?a=1&copy;&#64;\ud800", "https://tfe.example/?a=1&copy;&#64;?"),
    ],
)
def test_a_link_goes_where_it_says(url: str, target: str) -> None:
    """A web address is percent-encoded where HTML or Markdown could break, and arrives whole."""
    assert page(link("x", url)).tags[1] == ("a", ("href", target))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/runs/run-1",
        "ftp://tfe.example",
        " https://tfe.example",
        "https://",
        "https:///x",
        "https://user:password@tfe.example/",
        "https://app.terraform.io\\@evil.example/",
        "https://app.terraform.io\n",
        "https://app.terraform.io\n.evil.example/",
        "https://\u0430pp.terraform.io/",
    ],
)
def test_what_is_no_plain_web_address_is_no_link(url: str) -> None:
    """Other schemes, credentials and hosts in disguise give the label alone."""
    assert link("run *1*", url) == text("run *1*")


PIECES = [
    "`",
    "_",
    "a_",
    "[",
    "[0",
    '["a',
    '["a.',
    "\\",
    "&",
    "@",
    ":",
    ":a",
    "#",
    "A",
    "A-",
    "a",
    "0",
    "www.",
    "http:",
    "<",
]
PIECES += ["\n", " ", "\t", "\0", "x", "x "]


@pytest.mark.cost
@pytest.mark.no_cover
@pytest.mark.parametrize("piece", PIECES)
def test_escaping_takes_linear_time(piece: str) -> None:
    """No text makes a pattern backtrack: in quadratic time these would take minutes, and are done in a second."""
    hostile = piece * (250_000 // len(piece))
    assert code(hostile).endswith("</code>")
    assert fence(hostile, "text").endswith("```")
    assert link(hostile, "https://example.com/" + hostile).endswith("</a>")  # the label is `text`
