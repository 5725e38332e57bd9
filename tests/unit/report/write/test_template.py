"""Templates: ours and the user's, what they may do, and every sentence that says what is wrong with one."""

import html
import re
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.sandbox import MAX_RANGE
from markupsafe import Markup

from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.plan.actions import RISK
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.plan.verdict import Counts
from tfc_plan_comment.report import view
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.write import markdown, template_limits
from tfc_plan_comment.report.write.comment import render
from tfc_plan_comment.report.write.markdown import Inert, code, text
from tfc_plan_comment.report.write.template import (
    MOST_WRITTEN,
    Template,
    check_template,
    load_built_in,
    read_example_plan,
)
from tfc_plan_comment.report.write.template_limits import LONGEST, MOST_STEPS
from tfc_plan_comment.report.write.template_sandbox import Sandbox
from tfc_plan_comment.report.write.template_trial import try_template

DOCS = (Path(__file__).parents[4] / "docs" / "templates.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\w+) -->\n```jinja\n(.*?)```", DOCS, re.DOTALL))
HOSTILE = "</details> @octocat **x** https://evil.example <!-- | `"
MARKER = "<!-- tfc-plan-comment:acme/prod -->"
NAME = "the template my.md.j2"
WHAT_TO_DO = "Correct the template; docs/templates.md lists what it may use."


def rendered(source: str, **context: Any) -> str:
    """What the template makes of the example plan, or of texts of the test's."""
    template = check_template(source, NAME)
    if context:
        return template.render(context)
    summary = summarize(parse_plan(read_example_plan(), name="example"))
    return render(Report(key="acme/prod", summary=summary, workspace="prod"), template)


def error_of(source: str) -> str:
    with pytest.raises(TemplateError) as raised:
        rendered(source)
    return str(raised.value)


def test_a_template_overrides_a_block_and_keeps_the_rest() -> None:
    """`{% extends %}` takes ours, `{{ super() }}` is what the block would have been, unescaped."""
    ours = rendered('{% extends "comment.md.j2" %}')
    theirs = rendered('{% extends "comment.md.j2" %}{% block headline %}{{ super() }}Look twice.\n{% endblock %}')

    headline = ours.splitlines()[1]
    assert theirs == ours.replace(headline + "\n", f"{headline}\nLook twice.\n")


def test_every_documented_block_is_there() -> None:
    """The page names the blocks of our template in their order."""
    source = (Path(markdown.__file__).parent / "templates" / "comment.md.j2").read_text(encoding="utf-8")
    documented = re.search(r"The blocks, in this order: (.*)\.\n", DOCS)

    assert documented
    assert re.findall(r"`(\w+)`", documented[1]) == re.findall(r"{% block (\w+)(?: scoped)? %}", source)


@pytest.mark.parametrize(
    "view_class",
    [
        *(
            cls
            for cls in vars(view).values()
            if isinstance(cls, type)
            and issubclass(cls, msgspec.Struct)
            and cls.__module__ == view.__name__
            and cls is not view.ProductView
        ),
        Counts,
    ],
)
def test_every_field_is_documented(view_class: type[msgspec.Struct]) -> None:
    """The page has a table for each part of the context, with exactly its fields."""
    table = re.search(rf"<!-- fields: {view_class.__name__} -->\n.*\n.*\n((?:\|.*\n)+)", DOCS)

    assert table
    fields = {field.name for field in msgspec.structs.fields(view_class)}
    assert re.findall(r"^\| `(\w+)`", table[1], re.MULTILINE) == sorted(
        fields, key=re.findall(r"^\| `(\w+)`", table[1], re.MULTILINE).index
    )


def test_every_action_is_documented() -> None:
    """A template asks by these words what becomes of an object."""
    (row,) = re.findall(r"^\| `action` \| (.*) \|$", DOCS, re.MULTILINE)

    assert set(re.findall(r"`([\w-]+)`", row)) == set(RISK)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("blocks", "Reviewers: see the **change policy** before you approve.\n"),
        (
            "own",
            "- 🔴 replace <code>aws_db_instance.main</code> (holds data)\n- 🟡 change <code>aws_instance.web</code>",
        ),
        (
            "risky",
            "> 1 resource that holds data is destroyed\n\n> <code>aws_db_instance.main</code>: replaced, ",
        ),
    ],
)
def test_the_documented_examples_work(name: str, says: str) -> None:
    """Each example of the page renders, and passes the check that a user's template has to pass."""
    assert sorted(EXAMPLES) == ["blocks", "own", "risky"]

    try_template(check_template(EXAMPLES[name], NAME))

    assert says in rendered(EXAMPLES[name])


def test_a_value_without_a_filter_is_inert_and_markup_stays() -> None:
    """What no filter was put on goes through `text`; what a filter made is not escaped a second time."""
    assert rendered("{{ sentence }}", sentence=HOSTILE) == text(HOSTILE) + "\n"
    assert rendered("{{ sentence | code }}", sentence=HOSTILE) == code(HOSTILE) + "\n"
    assert rendered("{{ sentence }}", sentence=Inert("<b>x</b>")) == "<b>x</b>\n"
    assert rendered("{{ deserving }}", deserving=1234) == "1234\n"
    assert rendered("{{ deserving * 2 }} {{ sentence * 2 }}", deserving=2, sentence="ab") == "4 abab\n"
    assert rendered('{{ sentence | fence("diff") }}', sentence="- a\n```") == "````diff\n- a\n```\n````\n"
    assert rendered('{{ "x" | link(sentence) }}', sentence="https://x.example/a b") == (
        '<a href="https://x.example/a%20b">x</a>\n'
    )


@pytest.mark.parametrize(
    "expression",
    [
        "sentence ~ (headline | code)",
        "(headline | code) ~ sentence",
        "sentence + (headline | code)",
        "(headline | code) + sentence",
        "[sentence, headline | code] | join(', ')",
        "[sentence, headline] | join(headline | code)",
        "[sentence, headline] | join",
        "(headline | code).join([sentence, sentence])",
        "(headline | code).replace('y', sentence)",
        "headline | replace('y', sentence)",
        "headline | replace('y', headline | code) ~ sentence",
        "(headline | code) % sentence",
        "(workspace | code) % sentence",
        "(workspace | code).format(sentence)",
        "workspace.format(sentence)",
        "sentence | upper | lower",
        "sentence | string",
        "sentence | striptags",
        "(sentence | code).unescape()",
        "(sentence | code).striptags()",
        "sentence | indent",
        "sentence | wordwrap(9)",
        "sentence | truncate(99) | trim",
        "sentence | list | join",
        "[sentence]",
        "{'a': sentence}",
        "namespace(a=sentence).a",
        "sentence | default(headline | code)",
    ],
)
def test_no_expression_lets_a_value_through(expression: str) -> None:
    """However texts are put together, in a macro too, what Markdown or GitHub would act upon is escaped."""
    context = {"sentence": HOSTILE, "headline": "y", "workspace": "{0} %s"}
    macro = f"{{% macro m(sentence) %}}{{{{ {expression} }}}}{{% endmacro %}}{{{{ m(sentence) }}}}"
    off = f"{{% autoescape false %}}{{{{ {expression} }}}}{{% endautoescape %}}"
    for source in (f"{{{{ {expression} }}}}", macro, off):
        try:
            written = rendered(source, **context)
        except TemplateError as error:
            assert "not all arguments converted" in str(error)  # noqa: PT017 - the other outcome that is fine
            continue
        for alive in ("</details>", "@octocat", "**x**", "https://", "<!--", "`"):
            assert alive not in written, source


@pytest.mark.parametrize(
    "expression",
    [
        "x + sentence",
        "sentence + x",
        "x ~ sentence",
        "x % sentence",
        "x.format(sentence)",
        "x.join([1, sentence])",
        "[x, sentence] | join",
        "x.replace('{}', sentence)",
        "x | replace('{}', sentence)",
        "x | indent(sentence, first=true)",
        "sentence | indent(x, first=true)",
    ],
)
def test_what_a_template_has_written_keeps_what_is_added_inert(expression: str) -> None:
    """The outcome of a `set` block or a macro is Markdown: escaping for HTML alone would leave mentions alive."""
    for made in (
        "{% set x %}{} %s{% endset %}",
        "{% macro m() %}{} %s{% endmacro %}{% set x = m() %}",
    ):
        written = rendered(f"{made}{{{{ {expression} }}}}", sentence=HOSTILE)
        for alive in ("</details>", "@octocat", "**x**", "https://", "<!--", "`"):
            assert alive not in written, written


def alive(written: str) -> list[str]:
    """What acts in the Markdown: tags, but for blanks, emphasis, links, images, mentions, issues, emoji."""
    prose = re.sub(r"<code>.*?</code>", "", written, flags=re.DOTALL)
    markdown_acts = re.findall(r"<(?!w?br>)[^>]*|[*`|\[\]]|://|\bwww\.", prose)
    github_acts = re.findall(r"@\w+|#[0-9]+|\bGH-[0-9]|:\w+:", html.unescape(prose.replace("<wbr>", "")))
    return markdown_acts + github_acts


@pytest.mark.parametrize("name", sorted({*Sandbox().filters} - {"fence", "link", "random"}))
def test_no_filter_brings_a_value_to_life(name: str) -> None:
    """Jinja's filters and ours, with any arguments: of a plain text, of inert ones, and of what a block gives."""
    hostile = "@octocat ![a](https://evil.example) <!-- x --> </details> **x** #12 GH-3 www.evil.example :tada:"
    block = Markup(text(hostile))  # noqa: S704 - as Jinja's own of a macro
    values = (hostile, Inert(code(hostile)), block)
    arguments = (20, "<wbr>", hostile, block)
    known = "{% if not sentence %}{{ a }}{{ b }}{{ c }}{% endif %}"  # Jinja does not find them in the filter of a block
    forms = (
        "{{ sentence | F }} {{ (sentence | F) ~ a }}",
        "{% filter F %}{{ sentence }}{% endfilter %}",
        f"{{% set x | F %}}{{{{ sentence }}}}{known}{{% endset %}}{{{{ x }}}}",
        "{% for x in sentence | F %}{{ x }} {% endfor %}",
        "{% for x in [sentence, a] | F %}{{ x }} {% endfor %}",
    )
    for number, form in product(range(4), forms):
        names = ("a", "b", "c")[:number]
        source = "{% set a, b, c = headline, workspace, tool %}" + form.replace("F", f"{name}({', '.join(names)})")
        template = check_template(source, NAME)
        for value, *others in product(values, *[arguments] * number):
            context: dict[str, object] = dict.fromkeys(("headline", "workspace", "tool"), "")
            context |= zip(context, others, strict=False)
            try:
                written = template.render({"sentence": value, **context})
            except TemplateError:
                continue
            assert not alive(written), (form, value, others)


@pytest.mark.parametrize(
    "expression",
    [
        "x[6:]",
        "x[6:7] ~ x[12:]",
        "x[:1]",
        "x[0]",
        "x[::-1][::-1]",
        "x.replace('<wbr>', '')",
        "x.split('<wbr>') | join",
        "x.split('<wbr>')[1]",
        "x.partition('<wbr>')[2]",
        "x.removeprefix('<code>')",
        "x.strip('<code>')",
        "x.lower()",
        "x.splitlines()[1]",
        "'%.3s' % x",
        "(y ~ '') % sentence",
        "y % {'a': sentence}",
        "y % (sentence, 1)",
        "y.format(sentence)",
        "y.format_map({'a': sentence})",
        "x.unescape()",
        "x.striptags()",
    ],
)
def test_what_is_cut_out_of_inert_text_is_a_text_again(expression: str) -> None:
    """A part of what was inert may be a mention, or the line of a block of code outside of it."""
    for x in ("sentence | code", "sentence | text", "m()", 'sentence | fence("text")'):
        for y in ("%.9s", "%(a).9s", "%(a(b)).9s", "{:.9}", "{a:.9}"):
            source = (
                "{% macro m() %}{{ sentence }}{% endmacro %}"
                f"{{% set x = {x} %}}{{% set y %}}{y}{{% endset %}}{{{{ {expression} }}}}"
            )
            try:
                written = rendered(source, sentence="@octocat ![a](https://evil.example)\n</details> #12")
            except TemplateError:
                continue
            assert not alive(written), (source, written)


def test_inert_text_stays_inert_without_the_blanks_around_it() -> None:
    """`trim` is for the outcome of a macro."""
    assert rendered("{% macro m() %}\n\n <b>{{ sentence }}</b> {% endmacro %}[{{ m() | trim }}]", sentence="a<b") == (
        "[<b>a&lt;b</b>]\n"
    )


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ("{% call '{}'.format(headline) %}{% endcall %}", "a call block can only call a macro"),
        ("{% call dict(a=headline) %}{% endcall %}", "a call block can only call a macro"),
        (
            "{% call missing() %}{% endcall %}{% if not workspace %}{% set missing = 1 %}{% endif %}",
            "'missing' is undefined",
        ),
    ],
)
def test_a_call_block_calls_a_macro(block: str, why: str) -> None:
    """What a call block gives is written as it is, so nothing but a macro may give it."""
    assert error_of(f"{{{{ marker }}}}\n{block}") == f"Cannot render {NAME}: {why}. {WHAT_TO_DO}"


def test_inert_text_that_is_indented_stays_inert() -> None:
    """A block of code may stand in a list, and text that is indented with is no Markdown."""
    fenced = '{{ sentence | fence("text") | indent(2) }}'

    assert rendered(f"- x\n\n  {fenced}", sentence="a\n\n@b") == "- x\n\n  ```text\n  a\n\n  @b\n  ```\n"
    assert rendered("{{ sentence | code | indent('**x**', first=true) }}", sentence="a") == (
        "&#42;&#42;x&#42;&#42;<code>a</code>\n"
    )


def test_an_attribute_is_joined() -> None:
    """`join` takes what Jinja's takes."""
    assert rendered("{{ marker }}\n{{ changes[:2] | join(', ', attribute='label') }}") == (
        f"{MARKER}\nreplace, change\n"
    )


def test_what_is_added_to_the_marker_is_inert() -> None:
    """It is no text of the plan's, but it is not mere HTML either."""
    summary = summarize(parse_plan(read_example_plan(), name="example"))
    template = check_template("{{ marker }}\n{{ marker + workspace }}", NAME)

    written = render(Report(key="acme/prod", summary=summary, workspace="@octocat"), template)

    assert written == f"{MARKER}\n{MARKER}<code>@<wbr>octocat</code>\n"


@given(st.text())
def test_what_is_put_together_is_what_each_part_would_be(value: str) -> None:
    """A text beside an inert one is what it would be alone, through `text`."""
    assert rendered("{{ (headline | code) ~ sentence }}", sentence=value, headline="y") == (
        (code("y") + text(value)).strip() + "\n"
    )


@pytest.mark.parametrize(
    "name", ["safe", "escape", "e", "forceescape", "format", "pprint", "tojson", "urlize", "xmlattr"]
)
def test_filters_that_do_not_write_markdown_are_not_there(name: str) -> None:
    """What they make is HTML or Python, and would be escaped once more."""
    assert f"`{name}`" in DOCS
    assert error_of(f"{{{{ marker }}}}\n{{{{ sentence | {name} }}}}") == (
        f"Cannot render {NAME}: line 2: No filter named '{name}'. {WHAT_TO_DO}"
    )


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{{ marker }}\n{{ headline ", "line 2: unexpected end of template, expected 'end of print statement'"),
        ("{{ marker }}\n{% nothing %}", "line 2: Encountered unknown tag 'nothing'"),
        ("{{ marker }}{{ plan }}{{ env }}", "there is no env, plan"),
        ("{{ marker }}{{ run.token }}", "'None' has no attribute 'token'"),
        (
            "{{ marker }}{{ counts.to_explode }}",
            "'tfc_plan_comment.plan.verdict.Counts object' has no attribute 'to_explode'",
        ),
        ("{{ marker }}{{ changes[99].label }}", "tuple object has no element 99"),
        ("{{ marker }}{{ changes.__class__ }}", "access to attribute '__class__' of 'tuple' object is unsafe"),
        (
            "{{ marker }}{{ ''.__class__.__mro__ }}",
            "access to attribute '__class__' of 'str' object is unsafe",
        ),
        (
            "{{ marker }}{{ ''['__class__'] }}",
            "access to attribute '__class__' of 'str' object is unsafe",
        ),
        (
            "{{ marker }}{{ counts | attr('__class__') }}",
            "access to attribute '__class__' of 'Counts' object is unsafe",
        ),
        ('{{ marker }}{% include "/etc/passwd" %}', "there is no template /etc/passwd to extend or include"),
        ('{{ marker }}{% include "../view.py" %}', "there is no template ../view.py to extend or include"),
        ('{{ marker }}{% extends "x.md" %}', "there is no template x.md to extend or include"),
        ('{{ marker }}{% import "x.md" as x %}{{ x }}', "there is no template x.md to extend or include"),
        ("{{ marker }}{{ 1 / 0 }}", "division by zero"),
        ("{{ marker }}{{ sentence | truncate(1) }}", "expected length >= 3, got 1"),
        ("{{ marker }}{{ 1 + 'a' }}", "unsupported operand type(s) for +: 'int' and 'str'"),
        ("{{ marker }}{{ 'a' | int(base=99) ~ [] | first }}", "No first item, sequence was empty"),
        ("{{ marker }}{{ sentence | fence }}", "fence() missing 1 required positional argument: 'language'"),
        ("{{ marker }}{{ range(10 ** 9) | list }}", "** is not allowed, because it could make numbers of any size"),
        (
            "{{ marker }}{% for n in range(1000000000) %}x{% endfor %}",
            "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000)",
        ),
        (
            f"{{{{ marker }}}}{{% for a in range(99999) %}}{'words' * 99}{{% endfor %}}",
            f"it writes more than {MOST_WRITTEN:,} characters",
        ),
        ("{{ marker }}{{ lipsum() }}", "there is no lipsum"),
        ("{{ marker }}{{ 'x'.encode() }}", "access to attribute 'encode' of 'str' object is unsafe"),
        ("{{ marker }}{{ 'x'.translate({120: 'y'}) }}", "access to attribute 'translate' of 'str' object is unsafe"),
        ("{{ marker }}{{ (1).to_bytes(9, 'big') }}", "access to attribute 'to_bytes' of 'int' object is unsafe"),
        ("{{ marker }}{{ cycler() }}", "at least one item has to be provided"),
        (f"{{{{ {'(' * 9999}1{')' * 9999} }}}}", "its blocks or brackets are nested too deeply"),
        ("{% for x in [1] %}" * 30 + "{% endfor %}" * 30, "its blocks or brackets are nested too deeply"),
        (
            "{{ marker }}{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "a macro or an include in it calls itself endlessly",
        ),
        ("{{ headline }}\n", "its first line is not {{ marker }} alone"),
        ("# {{ marker }}", "its first line is not {{ marker }} alone"),
        ("", "its first line is not {{ marker }} alone"),
    ],
)
def test_what_is_wrong_with_a_template_is_a_sentence(source: str, why: str) -> None:
    """Syntax, names, attributes, files, the sandbox, work without end, the marker: each says what to do."""
    assert error_of(source) == f"Cannot render {NAME}: {why}. {WHAT_TO_DO}"


@pytest.mark.parametrize(
    "source",
    [
        "{% if workspace %}{% set x = 1 %}{% endif %}{{ x }}",
        "{% if workspace %}{% set x %}1{% endset %}{% endif %}{{ x }}",
        "{% if workspace %}{% set x, y = 1, 2 %}{% endif %}{{ x }}",
        "{% if workspace %}{% macro x() %}1{% endmacro %}{% endif %}{{ x() }}",
        "{% if workspace %}{% import 'heading.md.j2' as x with context %}{% endif %}{{ 1 if x else 2 }}",
        "{% if workspace %}{% from 'heading.md.j2' import x with context %}{% endif %}{{ 1 if x is undefined }}",
        "{% if workspace %}{% from 'heading.md.j2' import y as x with context %}{% endif %}{{ 1 if x is undefined }}",
        "{% if workspace %}{% set x = namespace(y=1) %}{% endif %}{% if x %}{% set x.y = 1 %}{% endif %}{{ x.y }}",
        "{% for y in [1] %}{% if y %}{% set x = y %}{% endif %}{{ x }}{% endfor %}",
        "{% for y in [1] if y %}{{ y }}{% else %}{{ y }}{% endfor %}",
        "{% macro m(x) %}{{ caller(x) }}{% endmacro %}{% call(x) m(1) %}{{ x }}{% endcall %}",
        "{% with x = 1 %}{{ x }}{% endwith %}",
    ],
)
def test_a_name_that_is_assigned_somewhere_is_not_missing(source: str) -> None:
    """Jinja does not know which way a template goes; a name without a value is told of when it is used."""
    assert rendered(f"{{{{ marker }}}}\n{source}") == f"{MARKER}\n1\n"


def test_a_name_that_is_assigned_outside_of_a_block_is_not_missing_in_it() -> None:
    """A template that extends ours may set a name once, and use it in its blocks."""
    source = '{% extends "comment.md.j2" %}{% set x = "Twice." %}{% block left_out %}{{ x }}{% endblock %}'

    assert rendered(source).endswith("Twice.\n")


def test_a_name_that_is_assigned_on_another_way_is_an_error_where_it_is_used() -> None:
    """What is assigned somewhere has no value everywhere."""
    assert error_of("{{ marker }}{% if not workspace %}{% set x = 1 %}{% endif %}{{ x }}") == (
        f"Cannot render {NAME}: 'x' is undefined. {WHAT_TO_DO}"
    )


A_MILLION = "{% set x = 'a' * 1000000 %}"
DOUBLED = "{% set ns = namespace(x=(1, 1), y=(1, 1)) %}{% for a in range(99) %}SET{% endfor %}"
NESTED = DOUBLED.replace("SET", "{% set ns.x = (ns.x, ns.x) %}{% set ns.y = (ns.y, ns.y) %}")


LONG = f"{{% set x = {{{', '.join(f'{n}: {n}' for n in range(999))}}} %}}{'{% set x = counts.to_add %}' * 99}"
"""What takes long, and asks the sandbox nothing but attributes."""

LONG_TEST = " or ".join(["counts.to_add < 0"] * 90)


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) if b < 0 %}{% endfor %}{% endfor %}",
        "{% for a in [1] recursive %}{{ loop(range(99999)) }}{% endfor %}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(99) }}",
        "{% block left_out %}{% for a in range(99999) %}{% for b in range(99) %}{% endfor %}{% endfor %}{% endblock %}",
        "{% for a in range(99999) %}{% set x = range(99999) | list %}{% endfor %}",
        "{% for a in range(99999) %}{% set x = range(99999) | map('upper') %}{% endfor %}",
        "{% for a in range(99999) %}{% set x = range(99999) | select('eq', -1) %}{% endfor %}",
        "{% for a in range(99999) %}{% set x = range(99999) | sum %}{% endfor %}",
        "{% for a in range(99999) %}{% set x = -1 in range(99999) | list %}{% endfor %}",
        A_MILLION + "{% for a in range(99) %}{% set y = x | sort %}{% endfor %}",
        A_MILLION + "{% for a in range(99) %}{% set y = x | upper %}{% endfor %}",
        A_MILLION + "{% for a in range(99) %}{% set y = x.upper() %}{% endfor %}",
        A_MILLION + "{% for a in range(99) %}{% set y = x[:] %}{% endfor %}",
        A_MILLION + "{% for a in range(99) %}{% set y = x == x ~ '' %}{% endfor %}",
        A_MILLION + "{% for a in range(99) %}{% set y %}{{ x }}{% endset %}{% endfor %}",
        A_MILLION + "{% for a in range(99) %}{% set y = [x] * 99 %}{{ y }}{% endfor %}",
        f"{{% macro m() %}}{{% for a in range(9999) %}}{'x' * 9999}{{% endfor %}}{{% endmacro %}}{{{{ m() }}}}",
        "{% set ns = namespace(n=3) %}{% for a in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
        "{% set n = ('f' * 999999) | int(base=16) %}{% set x = n // 7 %}",
        DOUBLED.replace("SET", "{% set ns.x = ns.x ~ ns.x %}"),
        DOUBLED.replace("SET", "{% set ns.x = ns.x + ns.x %}"),
        DOUBLED.replace("SET", "{% set ns.x = [ns.x, ns.x] | join %}"),
        DOUBLED.replace("SET", "{% set ns.x %}{{ ns.x }}{{ ns.x }}{% endset %}"),
        NESTED + "{{ ns.x }}",
        NESTED + "{{ ns.x ~ 1 }}",
        NESTED + "{{ ns.x == ns.y }}",
        NESTED + "{{ ns.x is eq ns.y }}",
        NESTED + "{{ {ns.x: 1} | length }}",
        NESTED + "{{ {}[ns.x] }}",
        NESTED + "{{ {}.get(ns.x) }}",
        NESTED + "{{ [ns.x] | unique }}",
        "{% for a in range(99999) %}{% set x = 'x'.center(-99999) ~ [1] * -99999 %}{% endfor %}",
        "{{ 1 | round(1000000000, 'floor') }}",
        "{{ 1 | round(precision=-1000000000) }}",
        "{{ ('x' * 99999) | wordwrap(1) }}",
        "{{ (' ' * 99999) | wordwrap(width=1) }}",
        "{% for a in range(99) %}{{ loop.cycle(*range(9999)) }}{% endfor %}",
        f"{{% for a in range(9999) %}}{LONG}{{% endfor %}}",
        f"{{% for a in range(9999) if {LONG_TEST} %}}{{% endfor %}}",
        f"{{% macro m() %}}{LONG}{{% endmacro %}}{{% for a in range(9999) %}}{{{{ m() }}}}{{% endfor %}}",
        f"{{% block b %}}{LONG}{{% endblock %}}{{% for a in range(9999) %}}{{{{ self.b() }}}}{{% endfor %}}",
        (
            "{% macro m() %}{% for a in range(9999) %}{{ caller() }}{% endfor %}{% endmacro %}"
            f"{{% call m() %}}{LONG}{{% endcall %}}"
        ),
        f"{{% for a in 'ab' recursive %}}{LONG}" + "{% if loop.depth < 16 %}{{ loop('ab') }}{% endif %}{% endfor %}",
    ],
)
def test_a_template_that_does_not_come_to_an_end_is_an_error(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it does is counted, whether it writes anything or not: rounds, calls, elements, characters, numbers."""
    monkeypatch.setattr(template_limits, "MOST_STEPS", 100_000)  # a fifth, which is enough to tell

    assert error_of(f"{{{{ marker }}}}\n{source}") == (
        f"Cannot render {NAME}: it takes more than 100,000 steps. {WHAT_TO_DO}"
    )


@pytest.mark.parametrize(
    ("what", "expression"),
    [
        ("*", "'x' * 1000000000"),
        ("*", "1000000000 * [1]"),
        ("center", "'x' | center(1000000000)"),
        ("center", "'x' | center(width=1000000000)"),
        ("center", "'x'.center(1000000000)"),
        ("ljust", "'x'.ljust(1000000000)"),
        ("rjust", "'x'.rjust(1000000000)"),
        ("zfill", "'x'.zfill(1000000000)"),
        ("expandtabs", "'\t'.expandtabs(1000000000)"),
        ("indent", "'x' | indent(1000000000)"),
        ("indent", "('x\n' * 9999) | indent(9999)"),
        ("indent", "('x\n' * 9999) | indent(width='x' * 9999)"),
        ("batch", "[1] | batch(1000000000, 1)"),
        ("slice", "[1] | slice(1000000000)"),
        ("replace", "('x' * 9999) | replace('x', 'y' * 9999)"),
        ("replace", "('x' * 9999).replace('x', 'y' * 9999)"),
        ("join", "range(9999) | join('y' * 9999)"),
        ("join", "range(9999) | join(d='y' * 9999)"),
        ("join", "('y' * 9999).join('x' * 9999)"),
        ("wordwrap", "('x' * 9999) | wordwrap(1, true, 'y' * 9999)"),
        ("wordwrap", "('x' * 9999) | wordwrap(1, wrapstring='y' * 9999)"),
        ("%", "'%1000000000d' % 1"),
        ("%", "'%.1000000000f' % 1"),
        ("%", "'%*d' % (1000000000, 1)"),
        ("%", "'%(a)1000000000d' % {'a': 1}"),
        ("%", "'%(a(b))1000000000d' % {'a(b)': 1}"),
        ("%", "('%(a)s' * 9999) % {'a': 'x' * 9999}"),
        ("format", "'{:>1000000000}'.format(1)"),
        ("format", "'{:.1000000000f}'.format(1)"),
        ("format", "'{:>{}}'.format(1, 1000000000)"),
        ("format", "('{0}' * 9999).format('x' * 9999)"),
        ("format_map", "'{a:1000000000}'.format_map({'a': 1})"),
    ],
)
def test_what_would_make_too_much_is_not_done(what: str, expression: str) -> None:
    """It is refused before there is anything of it."""
    assert error_of(f"{{{{ marker }}}}\n{{{{ {expression} }}}}") == (
        f"Cannot render {NAME}: {what} could make more than {LONGEST:,} characters or elements. {WHAT_TO_DO}"
    )


def test_the_steps_are_as_many_as_the_page_says() -> None:
    """The page names the limits, and a template may come near to them."""
    assert all(f"| {most:,} |" in DOCS for most in (MOST_STEPS, LONGEST, MAX_RANGE, MOST_WRITTEN))
    loops = "{{ marker }}{% for a in range(4) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"

    assert rendered(loops) == f"{MARKER}\n"
    assert error_of(loops + loops) == f"Cannot render {NAME}: it takes more than {MOST_STEPS:,} steps. {WHAT_TO_DO}"


@pytest.mark.parametrize("language", ["a b", "`", "diff\n<b>", "```diff", "mermaid"])
def test_the_language_of_a_block_is_one_of_a_few(language: str) -> None:
    """A value in its place could close the block, keep it from being one, or make a widget of it."""
    said = f"Cannot render {NAME}: fence takes one of these languages: diff, hcl, json, text. {WHAT_TO_DO}"

    assert error_of(f"{{{{ marker }}}}\n{{{{ 'x' | fence({language!r}) }}}}") == said


def test_each_rendering_may_take_as_many_steps() -> None:
    """A template is rendered some times until it fits."""
    template = check_template("{% for a in range(99999) %}{% endfor %}x", NAME)

    assert [template.render({}) for _ in range(9)] == ["x\n"] * 9


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (
            "{% set a = namespace(x=[]) %}{% for n in range(999) %}{% set a.x = a.x + [n] %}{% endfor %}{{ a.x[998] }}",
            "998",
        ),
        ('{{ "{:,}".format(1234567) }} {{ "%05d %s%%" % (12, "x") }} {{ "%(a)s" % {"a": 1} }}', "1,234,567 00012 x% 1"),
        ('{{ "x".ljust(3, ".") ~ "y" }} {{ "a-b-c" | replace("-", "+", 1) }} {{ 2.567 | round(1) }}', "x..y a+b-c 2.6"),
        ('{{ [[1], [2, 3]] | sum(start=[]) | join(" ") }} {{ [{"a": 1}, {"a": 2}] | sum("a") }}', "1 2 3 3"),
        ('{% for row in range(5) | batch(2, "-") %}{{ row | join(",") }};{% endfor %}', "0,1;2,3;4,-;"),
        (
            '{{ range(9) | select("odd") | length }} {{ [] | max | default("none") }} {{ (1, 2, 3)[1:] | join }}',
            "4 none 23",
        ),
        ('{{ {"b": [1]} == {"b": [1]} }} {{ "b" in {"b": 1} }} {{ "x" * 3 }} {{ 2 * 3 }}', "True True xxx 6"),
        ("{% for n in [1, 2] %}{{ loop.index }}/{{ loop.length }} {% endfor %}", "1/2 2/2"),
    ],
)
def test_what_templates_do_is_within_the_limits(source: str, written: str) -> None:
    """What is counted works as it does where nothing is."""
    assert rendered(source, sentence="x") == f"{written}\n"


def test_a_template_that_needs_too_much_memory_is_an_error_of_its_own() -> None:
    """Where the system has no more memory, the template is to blame and nothing else."""

    class Greedy:
        def __str__(self) -> str:
            raise MemoryError

    with pytest.raises(TemplateError) as raised:
        rendered("{{ sentence }}", sentence=Greedy())

    assert str(raised.value) == f"Cannot render {NAME}: it needs too much memory. {WHAT_TO_DO}"


def test_every_letter_may_stand_in_a_template() -> None:
    """A template is UTF-8, and what it writes itself stays as it is."""
    assert (
        rendered("{{ marker }}\n# Änderungen \u2192 \u6f22\u5b57 🚀")
        == f"{MARKER}\n# Änderungen \u2192 \u6f22\u5b57 🚀\n"
    )


def test_a_template_is_tried_with_some_of_everything() -> None:
    """What only shows with a run, a caution, mocks, an output or a failure is tried before there is any."""
    for broken in ("run.x", "policies.x", "mocks.x"):
        with pytest.raises(TemplateError, match="has no attribute 'x'"):
            try_template(check_template(f"{{{{ marker }}}}\n{{{{ {broken} }}}}", NAME))
    for many in ("cautions", "changes", "sections", "notes", "policies.not_passed"):
        source = f"{{{{ marker }}}}\n{{% for each in {many} %}}{{{{ each.x }}}}{{% endfor %}}"
        with pytest.raises(TemplateError, match="has no attribute 'x'"):
            try_template(check_template(source, NAME))


def test_the_built_in_templates_have_no_mistake() -> None:
    """Ours are held to what the user's are held to."""
    ours = load_built_in()

    assert isinstance(ours, Template)
    assert ours.name == "the built-in template"
    try_template(ours)


def test_inert_text_stays_inert_whatever_is_added() -> None:
    """`Inert` escapes for Markdown where `Markup` would escape for HTML alone."""
    inert = Inert("<b>") + "@octocat"

    assert inert == "<b><code>@<wbr>octocat</code>"
    assert isinstance(inert, Inert)
    assert Inert.escape(inert) == inert
    assert Inert.escape(12) == "12"
    assert markdown.Inert("%s") % "**x**" == "&#42;&#42;x&#42;&#42;"
