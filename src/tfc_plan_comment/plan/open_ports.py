"""The ports that a firewall's rules let the whole internet reach, and those of them that it could not reach before.

An opening that an older rule covers is none. ICMP has no ports, and 80 and 443 are what the internet is let in for.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_network
from operator import itemgetter

import msgspec

from tfc_plan_comment.plan.attribute_places import is_hidden, text_of, values_at
from tfc_plan_comment.plan.knowledge.attention_rules import OpensPorts
from tfc_plan_comment.plan.values import Value

Range = tuple[int, int]
LAST = 65_535
EVERY = (0, LAST)
PUBLIC = (80, 443)
"""HTTP and HTTPS."""

_PROTOCOLS = {"tcp": ("TCP",), "6": ("TCP",), "udp": ("UDP",), "17": ("UDP",)}
_ALL = ("TCP", "UDP")


class _HiddenError(Exception):
    """Raised for a rule of which something that counts is not known."""


class Opened(msgspec.Struct, frozen=True):
    """Ports in words, and the sources, as the plan writes them, that may reach them from now on."""

    ports: str
    sources: tuple[str, ...]


class _Opening(msgspec.Struct, frozen=True):
    """What one rule lets in from one source that is the whole internet: the family of addresses, ports by protocol."""

    family: str
    source: str
    protocols: tuple[str, ...]
    ports: tuple[Range, ...]


Covered = Mapping[tuple[str, str], Sequence[Range]]
"""The ports that are open to the whole internet, by family of addresses and protocol, in order and merged."""


def opened_ports(condition: OpensPorts, before: Value, after: Value) -> Opened | None:
    """The ports that open to the whole internet; None if none does, or if it is not known what was open before."""
    was = find_open(condition, before)
    return None if was is None else opened_beyond(condition, was, after)


def find_open(condition: OpensPorts, value: Value) -> Covered | None:
    """The ports that are open by an object, or several; None if it is not known."""
    opened: dict[tuple[str, str], list[Range]] = defaultdict(list)
    try:
        for each in _all_of(_FORMS[condition.form], value, skips_hidden=False):
            for protocol in each.protocols:
                opened[each.family, protocol] += each.ports
    except _HiddenError:
        return None
    return {key: _merged(ports) for key, ports in opened.items()}


def opened_beyond(condition: OpensPorts, covered: Covered, after: Value) -> Opened | None:
    """The ports that an object opens beyond those; None if there are none."""
    openings = _FORMS[condition.form]
    found: dict[str, list[Range]] = defaultdict(list)
    sources: dict[str, None] = {}
    for each in dict.fromkeys(_all_of(openings, after, skips_hidden=True)):
        for protocol in each.protocols:
            ports = _counted(_subtracted(each.ports, covered.get((each.family, protocol), ())), condition.ports)
            if ports:
                found[protocol] += ports
                sources[each.source] = None
    return Opened(_in_words(found), tuple(sources)) if found else None


def _all_of(openings: Callable[[Value], Iterator[_Opening]], value: Value, *, skips_hidden: bool) -> Iterator[_Opening]:
    """The openings of all rules of an object; with `skips_hidden` without those that are not known."""
    for rule in _rules(value):
        try:
            yield from list(openings(rule))
        except _HiddenError:
            if not skips_hidden:
                raise


def _rules(value: Value) -> list[Value]:
    """The rules that stand in an object, or in several, or the object itself, if it is one."""
    if isinstance(value, list):
        return [rule for each in value for rule in _rules(each)]
    for name in ("ingress", "security_rule"):
        if isinstance(value, dict) and name in value:
            return values_at(value, name)
    return [] if value is None else [value]


def _known(rule: Value, *names: str) -> list[str]:
    """The texts at these attributes; what is empty is left out. Raises _HiddenError."""
    values = [value for name in names for value in values_at(rule, name)]
    if is_hidden(rule) or any(map(is_hidden, values)):
        raise _HiddenError
    return [text for text in map(text_of, values) if text]


def _sources(rule: Value, *names: str) -> Iterator[tuple[str, str]]:
    """The family and the text of each known source that is the whole internet."""
    values = [value for name in names for value in values_at(rule, name)]
    for text in (text_of(value) for value in values if not is_hidden(value)):
        if text.lower() in {"*", "any", "internet"}:
            yield "IPv4", text
        elif text.endswith("/0"):
            try:
                network = ip_network(text, strict=False)
            except ValueError:
                continue
            yield f"IPv{network.version}", text


def _aws(rule: Value) -> Iterator[_Opening]:
    """Source: hashicorp/aws, aws_security_group, aws_security_group_rule, aws_vpc_security_group_ingress_rule."""
    sources = list(_sources(rule, "cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"))
    if not sources or _known(rule, "type") == ["egress"]:
        return
    protocols, ports = _aws_ports(rule, _known(rule, "protocol", "ip_protocol"))
    for family, source in sources:
        yield _Opening(family, source, protocols, ports)


def _aws_acl(rule: Value) -> Iterator[_Opening]:
    """Source: hashicorp/aws, aws_network_acl, aws_network_acl_rule."""
    sources = list(_sources(rule, "cidr_block", "ipv6_cidr_block"))
    if not sources or _known(rule, "egress") == ["true"] or _known(rule, "action", "rule_action") != ["allow"]:
        return
    protocols, ports = _aws_ports(rule, _known(rule, "protocol"))
    for family, source in sources:
        yield _Opening(family, source, protocols, ports)


def _aws_ports(rule: Value, protocol: list[str]) -> tuple[tuple[str, ...], tuple[Range, ...]]:
    name = protocol[0].lower() if protocol else ""
    if name in {"-1", "all"}:
        return _ALL, (EVERY,)
    ports = _known(rule, "from_port", "to_port")
    return _PROTOCOLS.get(name, ()), tuple(_ranges(["-".join(ports)])) if len(ports) == 2 else ()


def _google(rule: Value) -> Iterator[_Opening]:
    """Source: hashicorp/google, google_compute_firewall. Without ports all of the protocol's count."""
    sources = list(_sources(rule, "source_ranges"))
    if not sources or _known(rule, "direction") == ["EGRESS"] or _known(rule, "disabled") == ["true"]:
        return
    for allow in values_at(rule, "allow"):
        name = "".join(_known(allow, "protocol")).lower()
        protocols = _ALL if name == "all" else _PROTOCOLS.get(name, ())
        named = _known(allow, "ports")
        ports = tuple(_ranges(named)) if named else (EVERY,)
        for family, source in sources:
            yield _Opening(family, source, protocols, ports)


def _azure(rule: Value) -> Iterator[_Opening]:
    """Source: hashicorp/azurerm, azurerm_network_security_group, azurerm_network_security_rule."""
    sources = list(_sources(rule, "source_address_prefix", "source_address_prefixes"))
    is_in = [text.lower() for text in _known(rule, "access", "direction")] == ["allow", "inbound"]
    if not sources or not is_in:
        return
    name = "".join(_known(rule, "protocol")).lower()
    protocols = _ALL if name == "*" else _PROTOCOLS.get(name, ())
    ports = tuple(_ranges(_known(rule, "destination_port_range", "destination_port_ranges")))
    for family, source in sources:
        yield _Opening(family, source, protocols, ports)


_FORMS: dict[str, Callable[[Value], Iterator[_Opening]]] = {
    "aws": _aws,
    "aws-acl": _aws_acl,
    "google": _google,
    "azure": _azure,
}


ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "aws": (
        *("ingress", "type", "cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6", "protocol", "ip_protocol"),
        *("from_port", "to_port"),
    ),
    "aws-acl": (
        *("ingress", "cidr_block", "ipv6_cidr_block", "egress", "action", "rule_action", "protocol"),
        *("from_port", "to_port"),
    ),
    "google": ("source_ranges", "direction", "disabled", "allow"),
    "azure": (
        *("security_rule", "source_address_prefix", "source_address_prefixes", "access", "direction", "protocol"),
        *("destination_port_range", "destination_port_ranges"),
    ),
}
"""The attributes of an object, in each form, that say what it lets in."""


def _ranges(texts: Iterable[str]) -> Iterator[Range]:
    """The ranges of ports that texts such as `22`, `8000-8080` and `*` write; what is none is left out."""
    for text in texts:
        start, _, end = text.partition("-")
        if text == "*":
            yield EVERY
        elif start.isdecimal() and (end or start).isdecimal() and int(start) <= int(end or start) <= LAST:
            first = int(start)
            yield (0 if first == 1 and int(end or start) == LAST else first), int(end or start)


def _subtracted(ports: Iterable[Range], covered: Sequence[Range]) -> list[Range]:
    """What is left of the ranges without those that are covered, which are merged."""
    left = []
    for start, last in ports:
        first = start
        # The first one that does not end before: ranges that are merged are in the order of their ends as well.
        for low, high in covered[bisect_left(covered, first, key=itemgetter(1)) :]:
            if low > last or first > last:
                break
            if first < low:
                left.append((first, low - 1))
            first = high + 1
        if first <= last:
            left.append((first, last))
    return left


def _counted(ports: list[Range], only: tuple[int, ...]) -> list[Range]:
    """The ranges that count: with more in them than the web's ports, or everything and one of `only` alone."""
    if only:
        return [each for each in ports if each == EVERY or (each[0] == each[1] and each[0] in only)]
    web = [(port, port) for port in PUBLIC]
    return [each for each in ports if _subtracted([each], web)]


_MOST = 4
"""Ranges that are named one by one."""


def _in_words(found: dict[str, list[Range]]) -> str:
    """The ports, those that are open for TCP and UDP alike or for TCP without the protocol's name."""
    if all(EVERY in found.get(protocol, ()) for protocol in _ALL):
        return "every port"
    tcp, udp = (_merged(found.get(protocol, [])) for protocol in _ALL)
    if tcp == udp:
        return _named(tcp, "")
    return " and ".join(_named(ports, name) for ports, name in ((tcp, ""), (udp, "UDP ")) if ports)


def _merged(ports: list[Range]) -> list[Range]:
    merged: list[Range] = []
    for first, last in sorted(ports):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _named(ports: list[Range], protocol: str) -> str:
    if EVERY in ports:
        return f"every {protocol or 'TCP '}port"
    named = [str(first) if first == last else f"{first} to {last}" for first, last in ports]
    is_one = len(ports) == 1 and ports[0][0] == ports[0][1]
    if len(named) > _MOST:
        named[_MOST - 1 :] = [f"{len(named) - _MOST + 1} more ranges"]
    *most, last_named = named
    listed = f"{', '.join(most)} and {last_named}" if most else last_named
    return f"{protocol}port {listed}" if is_one else f"{protocol}ports {listed}"
