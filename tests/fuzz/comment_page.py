"""The comment as GitHub's own Markdown parser reads it, and what may stand in it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options

from tfc_plan_comment.report.view import RunView

MARKER = "<!-- tfc-plan-comment:acme/prod -->"
RUN = RunView(id="run-1", url="https://app.terraform.io/app/acme/prod/runs/run-1", commit="0123456789abcdef")

# All that our template writes, as GitHub's parser gives it back.
OUR_TAGS = {
    "a": {"href"},
    "details": {"open"},
    "pre": {"lang"},
    **{
        tag: set[str]()
        for tag in ("b", "blockquote", "br", "code", "h2", "p", "strong", "sub", "summary", "sup", "wbr")
    },
}
INLINE = {"code", "wbr", "br", "strong"}
# What GitHub would act upon in the finished page, outside code. Not the module's own patterns.
ACTIVE = re.compile(
    r"@[\w/-]|#\d|\bgh-\d|https?://|www\.|:[\w+-]+:|\$|(?<![^\W_])(?=[0-9a-f]*\d)[0-9a-f]{7,40}(?![^\W_])",
    re.IGNORECASE,
)
FORGED = re.compile(r"^[-+!@#>]+\s*FORGED", re.MULTILINE)


@dataclass
class Page(HTMLParser):
    """The HTML of a comment: its tags in order, the text outside code, the text of each block of code."""

    html: str
    tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    prose: str = ""
    blocks: list[str] = field(default_factory=list)
    inside: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))
        self.inside += tag == "code"
        if tag == "pre":
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))
        self.inside -= tag == "code"

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.prose += data
        elif any(tag == "pre" for tag, _ in self.tags[-2:]) and self.blocks:
            self.blocks[-1] += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    @property
    def skeleton(self) -> list[str]:
        """The tags that make the page's structure. A remark is there or not: that depends on how long its names are."""
        tags = " ".join(tag for tag, _ in self.tags if tag.removeprefix("/") not in INLINE)
        return tags.replace("p sup /sup /p ", "").split(" ")


def page(comment: str) -> Page:
    options = Options.CMARK_OPT_HARDBREAKS | Options.CMARK_OPT_UNSAFE
    return Page(cmarkgfm.github_flavored_markdown_to_html(comment, options))


def assert_is_ours(comment: str) -> Page:
    """Nothing in the page is of a value's making."""
    seen = page(comment)
    assert comment.startswith(MARKER + "\n")
    assert comment.count("<!--") - sum(block.count("<!--") for block in seen.blocks) == 1
    assert seen.comments == [MARKER.removeprefix("<!--").removesuffix("-->")]
    for tag, attributes in seen.tags:
        allowed = OUR_TAGS.get(tag.removeprefix("/"))
        assert allowed is not None, tag
        assert {name for name, _ in attributes} <= allowed, (tag, attributes)
    links = [attributes for tag, attributes in seen.tags if tag == "a"]
    assert set(links) <= {(("href", RUN.url),)}
    languages = {value for tag, attributes in seen.tags if tag == "pre" for _, value in attributes}
    assert languages <= {"diff"}
    said = re.sub(r"\[!(?:NOTE|WARNING|CAUTION)\]", "", seen.prose)
    assert not ACTIVE.search(said.replace("run-1", "")), ACTIVE.search(said)
    assert not FORGED.search(comment)
    for block in seen.blocks:
        assert all(line[:2] in {"! ", "+ ", "- ", "  ", ""} for line in block.split("\n")), block
    return seen
