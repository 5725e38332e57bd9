"""The text of one input -> its value, or the reason why it cannot be used: one function for each kind of value.

Nothing here knows what an input is called, nor of any other input: that is `settings`.
"""

import difflib
import ipaddress
import re
import warnings
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial

from tfc_plan_comment.expression import expression
from tfc_plan_comment.findings.gate import Condition, FailOn
from tfc_plan_comment.plan.attention_settings import Ignored

RUN_ID = "<run-id>"
"""The placeholder for the id of the run in the name of an artifact."""

MOST_NAMED = 200
"""At most so many runs, or workspaces, can be named."""


class RefusedError(Exception):
    """Raised when a value cannot be used; its arguments are why, and what to do."""


def token(text: str) -> str:
    """The token, which is fit for an HTTP header."""
    if re.fullmatch(r"[!-~]+", text) is None:
        raise RefusedError(
            "its value contains a space, a line break or another character that no token contains",
            "Set it to the token alone, without “Bearer” or quotes; the value is not shown here",
        )
    return text


def hostname(text: str) -> str:
    """`host` or `host:port`, in lower case; with `http://` in front of it for a loopback address only."""
    match = re.fullmatch(r"(?:(https?)://)?(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?/?", text.lower())
    if match is None or not _is_host(match[2]) or not 1 <= int(match[3] or 443) <= 65_535:
        raise RefusedError(
            f"{shown(text)} is not a host name", "Use the name alone, such as app.terraform.io or tfe.example.com:8443"
        )
    scheme, host, port = match.groups()
    name = host if port is None else f"{host}:{port}"
    if scheme != "http":
        return name
    if not _is_loopback(host):
        raise RefusedError(
            f"the token would go to {shown(text)} unencrypted",
            "Use the name alone, which means https; http:// is only for loopback addresses, such as http://127.0.0.1:8080",
        )
    return f"http://{name}"


def _is_host(host: str) -> bool:
    """True if this is a name in DNS (RFC 1123, section 2.1), an IPv4 address, or an IPv6 address in brackets."""
    if host.startswith("[") or host.rpartition(".")[2].isdigit():
        return _address(host) is not None
    labels = host.split(".")
    return len(host) <= 253 and all(re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(?<!-)", label) for label in labels)


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.IPv6Address(host[1:-1]) if host.startswith("[") else ipaddress.IPv4Address(host)
    except ValueError:
        return None


def resource_id(text: str, *, kind: str, example: str) -> str:
    """The id of a `kind`, such as `run-CZcmD7eagjhyX0vN`. HashiCorp promises no length, so only a bound is checked."""
    if re.fullmatch(rf"{kind}-[A-Za-z0-9]{{1,64}}", text):
        return text
    inside = re.search(rf"\b{kind}-[A-Za-z0-9]{{1,64}}\b", text) if "/" in text else None
    raise RefusedError(
        f"{shown(text)} is not the id of a {kind}",
        f"Use the id alone: {inside[0]}" if inside else f"Use an id such as {example}",
    )


def run_ids(text: str) -> tuple[str, ...]:
    """The id of a run on each line that is not blank."""
    return _each_once(text, partial(resource_id, kind="run", example="run-CZcmD7eagjhyX0vN"))


def organization(text: str) -> str:
    """The name of an organization (API docs, "Organizations": letters, numbers, dashes and underscores).

    go-tfe allows dots as well, and so does what we read.
    """
    if re.fullmatch(r"[A-Za-z0-9._-]{1,100}", text) is None:
        raise RefusedError(f"{shown(text)} is not the name of an organization", "Use the name alone, such as acme")
    return text


def workspace_patterns(text: str) -> tuple[str, ...]:
    """The name of a workspace on each line that is not blank, in which `*` stands for any text."""
    return _each_once(text, _workspace_pattern)


def _workspace_pattern(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9._*-]{1,100}", text) is None:
        raise RefusedError(
            f"{shown(text)} is not the name of a workspace",
            "Put each name on its own line, such as prod or prod-*, without the organization",
        )
    return text


def _each_once(text: str, read: Callable[[str], str]) -> tuple[str, ...]:
    """The value of each line that is not blank; there is at least one, none of them twice. All problems are told."""
    values: list[str] = []
    refusals: list[RefusedError] = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        try:
            values.append(read(line))
        except RefusedError as refusal:
            refusals.append(refusal)
    twice = {value for value in values if values.count(value) > 1}
    refusals += [RefusedError(f"{shown(value)} is there more than once", "Name each once") for value in sorted(twice)]
    if len(values) > MOST_NAMED:
        refusals.append(RefusedError(f"it has {len(values):,} names", f"Use at most {MOST_NAMED}"))
    if refusals:
        raise RefusedError("; ".join(refusal.args[0] for refusal in refusals), refusals[0].args[1])
    return tuple(values)


def choice(text: str, *, choices: type[StrEnum]) -> StrEnum:
    """The member of `choices` with this value."""
    try:
        return choices(text)
    except ValueError:
        *most, last = choices
        raise RefusedError(f"{shown(text)} is not a valid value", f"Use {', '.join(most)} or {last}") from None


def duration(text: str) -> timedelta:
    """A time from one second to a day."""
    match = re.fullmatch(r"([0-9]{1,6})([smh])", text)
    if match is None:
        raise RefusedError(f"{shown(text)} is not a duration", "Use seconds, minutes or hours, such as 90s, 30m or 1h")
    duration = int(match[1]) * {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}[match[2]]
    if not timedelta(0) < duration <= timedelta(hours=24):
        raise RefusedError(f"{shown(text)} is out of range", "Use at least 1s and at most 24h")
    return duration


def size(text: str) -> int:
    """Bytes. The units are decimal, as those of networks and disks are: 1 GB is a thousand million bytes."""
    match = re.fullmatch(r"([1-9][0-9]{0,5})(KB|MB|GB)", text)
    if match is None:
        raise RefusedError(
            f"{shown(text)} is not a size",
            "Use a whole number of KB, MB or GB, such as 500MB or 2GB; 1GB is 1,000,000,000 bytes",
        )
    return int(match[1]) * {"KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}[match[2]]


def boolean(text: str) -> bool:
    """True for `true`. YAML has more words for it, and the runner hands in each as it was written."""
    if text not in {"true", "false"}:
        raise RefusedError(f"{shown(text)} is not a valid value", "Use true or false")
    return text == "true"


def retention_days(text: str) -> int:
    """Days that an artifact is kept, as many as GitHub allows."""
    if re.fullmatch(r"[1-9][0-9]?", text) is None or int(text) > 90:
        raise RefusedError(f"{shown(text)} is not a number of days that GitHub allows", "Use 1 to 90")
    return int(text)


def artifact_name(text: str) -> str:
    """The name, in which `<run-id>` stands for the run's id; empty for no artifact.

    Which characters GitHub refuses: actions/toolkit, packages/artifact, path-and-artifact-name-validation.
    """
    name = text.replace(RUN_ID, "")
    if len(text) > 200 or not name.isprintable() or re.search(r'["<>|*?:\\/]', name):
        raise RefusedError(
            f"{shown(text)} cannot be the name of an artifact",
            'Use up to 200 characters, without " < > | * ? : \\ /; only the placeholder <run-id> is allowed',
        )
    return text


def pull_request_number(text: str) -> int:
    """The number, which is not looked up."""
    if re.fullmatch(r"[1-9][0-9]{0,9}", text) is None:
        raise RefusedError(f"{shown(text)} is not the number of a pull request", "Use digits only, such as 42")
    return int(text)


def comment_key(text: str) -> str:
    """The key, which is escaped where it is used."""
    if len(text) > 200 or not text.isprintable():
        raise RefusedError(f"{shown(text)} is too long or not a single line", "Use up to 200 printable characters")
    return text


def regular_expressions(text: str) -> tuple[re.Pattern[str], ...]:
    """One pattern for each line that is not blank. An error names the line, not the pattern: that may be a secret."""
    patterns: list[re.Pattern[str]] = []
    refusals: list[RefusedError] = []
    for number, line in enumerate((line.strip() for line in text.split("\n")), 1):
        try:
            patterns += [_regular_expression(line, number)] if line else []
        except RefusedError as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedError("; ".join(refusal.args[0] for refusal in refusals), refusals[0].args[1])
    return tuple(patterns)


def _regular_expression(line: str, number: int) -> re.Pattern[str]:
    try:
        with warnings.catch_warnings():
            # Python only warns of [[:alpha:]], which is no error and matches something else than it seems to.
            warnings.simplefilter("error", FutureWarning)
            pattern = re.compile(line)
    except (re.error, FutureWarning, OverflowError, RecursionError) as error:
        raise RefusedError(
            f"line {number} is not a regular expression ({error})", "Use the syntax of Python's re module"
        ) from None
    if pattern.search("") is not None:
        raise RefusedError(
            f"line {number} matches an empty text, so it would mask everything", "Make it match at least one character"
        )
    return pattern


_COST_INCREASE = expression(rf"{Condition.COST_INCREASE}:([0-9]{{1,9}}(?:\.[0-9]{{1,2}})?)")
"""Dollars, with cents if there are any."""


def fail_on(text: str) -> FailOn:
    """The conditions, one per line or separated by commas, in the order of `Condition`; for a cost with its amount."""
    given = list(filter(None, (word.strip() for word in re.split(r"[,\n]", text))))
    amounts = {word: match[1] for word in given if (match := _COST_INCREASE.fullmatch(word))}
    known = {*Condition} - {Condition.COST_INCREASE}
    if unknown := [shown(word) for word in given if word not in known and word not in amounts]:
        what = "is nothing" if len(unknown) == 1 else "are nothing"
        words = ", ".join(condition for condition in Condition if condition in known)
        raise RefusedError(
            f"{', '.join(unknown)} {what} that the step can fail on", f"Use any of {words} and cost-increase:100"
        )
    if len({*amounts.values()}) > 1:
        raise RefusedError(f"{' and '.join(amounts)} are more than one limit", "Use one of them")
    conditions = {*given, Condition.COST_INCREASE} if amounts else {*given}
    return FailOn(
        conditions=tuple(condition for condition in Condition if condition in conditions),
        dollars=next(map(Decimal, amounts.values()), Decimal(0)),
    )


_KEY = expression(r"\[\"(?:[^\"\\]|\\.)*\"\]")
"""The key of an instance in an address: there may be spaces in it."""


def ignored_attention(text: str) -> tuple[Ignored, ...]:
    """The rule of each line that is not blank, with the pattern of addresses behind it, if there is one."""
    ignored: list[Ignored] = []
    refusals: list[RefusedError] = []
    for number, line in enumerate((line.strip() for line in text.split("\n")), 1):
        try:
            ignored += [_ignored(line, number)] if line else []
        except RefusedError as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedError("; ".join(refusal.args[0] for refusal in refusals), refusals[0].args[1])
    return tuple(ignored)


def _ignored(line: str, number: int) -> Ignored:
    from tfc_plan_comment.plan.knowledge.attention import RULE_IDS  # noqa: PLC0415 - few steps ignore a rule

    rule, address = [*line.split(maxsplit=1), ""][:2]
    if rule not in RULE_IDS:
        close = difflib.get_close_matches(rule, RULE_IDS, n=1)
        meant = f"Use {close[0]}, if you meant that" if close else "Put the id of a rule first"
        raise RefusedError(
            f"line {number}, {shown(line)}, does not start with the id of a rule",
            f"{meant}; docs/attention.md lists all rules",
        )
    if re.search(r"\s", _KEY.sub("", address)):
        raise RefusedError(
            f"line {number}, {shown(line)}, contains more than a rule and an address pattern",
            "Put each pair on its own line, such as aws-open-port module.edge.*",
        )
    return Ignored(rule, address or "*")


def places(text: str) -> tuple[str, ...]:
    """An address, or a path behind one, on each line that is not blank; `*` stands for any text."""
    return _each_once(text, _place)


def _place(text: str) -> str:
    if re.search(r"\s", _KEY.sub("", text)):
        raise RefusedError(
            f"{shown(text)} is more than an address or a path",
            "Put each on its own line, such as aws_lambda_function.api or module.a.aws_instance.b.user_data",
        )
    return text


def shown(text: str) -> str:
    """The value as an error shows it: quoted, on one line, not too long, and without what may be a secret."""
    scheme, separator, rest = text.partition("://")
    if separator:  # a path or query may be a signature, and what stands before an @ a password
        text = f"{scheme}://{'' if '@' in rest else re.split(r'[/?#]', rest)[0]}/…"
    elif "@" in text:
        text = f"…@{text.rpartition('@')[2]}"
    if _looks_like_a_secret(text):
        return "what looks like a secret"
    return repr(text if len(text) <= 80 else f"{text[:79]}…")


_TAKEN = ("GitHub token", "HCP Terraform token")
"""Inputs take tokens of these kinds. In another input than its own, a part of one is a secret as well."""


def _looks_like_a_secret(text: str) -> bool:
    from tfc_plan_comment.plan.knowledge.secret_forms import SECRET_FORMS  # noqa: PLC0415 - few inputs are wrong
    from tfc_plan_comment.plan.secrets.unmarked_secrets import find_unmarked  # noqa: PLC0415 - as above

    begins = [
        ("" if form.before else "(?<![A-Za-z0-9])") + re.escape(form.prefix)
        for form in SECRET_FORMS
        if form.kind in _TAKEN
    ]
    return re.search(rf"(?:{'|'.join(begins)})\w", text) is not None or any(find_unmarked(text))
