"""A comment as a page for the browser: GitHub's own parser, and a style sheet that comes near to GitHub's."""

import html
import re

import cmarkgfm
from cmarkgfm.cmark import Options

_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_HARDBREAKS | Options.CMARK_OPT_GITHUB_PRE_LANG
_COLOURS = {"+": "added", "-": "removed", "!": "changed"}
_DIFF = re.compile(r'<pre lang="diff"><code>(.*?)</code></pre>', re.DOTALL)
_ALERT = re.compile(r"<blockquote>\s*<p>\[!(\w+)\](?:<br />)?")

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>The comment</title>
<style>
  :root { color-scheme: light dark; --line: light-dark(#d1d9e0, #3d444d); --soft: light-dark(#f6f8fa, #151b23); }
  body { max-width: 860px; margin: 2em auto; padding: 0 1em; font: 16px/1.5 system-ui, sans-serif; }
  h2 { border-bottom: 1px solid var(--line); padding-bottom: .3em; }
  code { font-family: ui-monospace, monospace; font-size: 85%; }
  code { background: var(--soft); padding: .2em .4em; border-radius: 6px; }
  pre { background: var(--soft); padding: 1em; border-radius: 6px; overflow: auto; line-height: 1.45; }
  pre code { padding: 0; }
  table { border-collapse: collapse; display: block; overflow: auto; }
  th, td { border: 1px solid var(--line); padding: 6px 13px; }
  table, details { margin: 0 0 1em; }
  blockquote { margin: 1em 0; padding: 0 1em; border-left: .25em solid var(--kind, var(--line)); }
  blockquote.note { --kind: light-dark(#0969da, #4493f8); }
  blockquote.warning { --kind: light-dark(#9a6700, #d29922); }
  blockquote.caution { --kind: light-dark(#cf222e, #f85149); }
  summary { cursor: pointer; }
  .added { background: light-dark(#dafbe1, #033a16); }
  .removed { background: light-dark(#ffebe9, #67060c); }
  .changed { background: light-dark(#ffd8b5, #5a1e02); }
</style>
</head>
<body>
"""


def parse(markdown: str) -> str:
    """The HTML that GitHub's parser makes of a comment, before GitHub takes anything out or adds colours."""
    html_of_it: str = cmarkgfm.markdown_to_html_with_extensions(
        markdown, options=_OPTIONS, extensions=["table", "strikethrough", "autolink", "tagfilter", "tasklist"]
    )
    return html_of_it


def preview(markdown: str) -> str:
    """The page. It loads nothing and runs nothing."""
    body = parse(markdown)
    body = _ALERT.sub(lambda match: f'<blockquote class="{match[1].lower()}"><p><b>{match[1].title()}</b><br>', body)
    return (
        _PAGE + _DIFF.sub(lambda match: f"<pre><code>{_coloured(match[1])}</code></pre>", body) + "</body>\n</html>\n"
    )


def _coloured(diff: str) -> str:
    lines = []
    for line in diff.split("\n"):
        colour = _COLOURS.get(html.unescape(line[:1]))
        lines.append(f'<span class="{colour}">{line}</span>' if colour else line)
    return "\n".join(lines)
