"""Tells a secret from an ordinary value: by its looks, or by the name of the place where the plan marks it.

A plan marks words, regions and addresses, too, and the same words stand all over the plan: to hide them everywhere
would hide what changes. So a value is searched for elsewhere only if it is a secret by this page.
"""

import re
from enum import Enum
from functools import lru_cache
from ipaddress import ip_network

from tfc_plan_comment.expression import expression

SHORTEST_SECRET = 6
"""A shorter sensitive value is masked where it is marked, but not searched for elsewhere: it would be found in
half of all words."""

SHORTEST_BY_LOOKS = 8
"""A shorter text is no secret by its looks: `web-01a` is a name."""


class Kind(Enum):
    """The reasons for which a value is a secret, and with them where it is searched for."""

    LOOKS = (
        "it looks random, or is a password with a digit, and is searched for everywhere, in addresses and keys as well"
    )
    NAME = "it is marked at a place with a secret's name, and is searched for in values"
    WORD = "it is a word, two words or a number at such a place, and is searched for where a secret would stand"


def judge(text: str, name: str = "", of_type: str = "") -> Kind | None:
    """The reason why a text is a secret to search for; None if it is none.

    `name` is that of the attribute, key or variable where the plan marks it, `of_type` the type of the resource.
    """
    if len(text) < SHORTEST_SECRET or is_public(text):
        return None
    if is_random(text) or (_PASSWORD.search("".join(_words_of(name))) and _is_mixed(text)):
        return Kind.LOOKS
    if len(text) <= LONGEST_NAMING_ITSELF and _NAMES_ITSELF.match(text):
        return Kind.NAME
    if not names_secret(name, of_type):
        return None
    return Kind.WORD if _WORD_OR_TWO.fullmatch(text) or _NUMBER.fullmatch(text) else Kind.NAME


def is_secret(text: str, name: str = "", of_type: str = "") -> bool:
    """True if a text that is marked at a place of this name is a secret to search for."""
    return judge(text, name, of_type) is not None


_STRONG = expression(
    r"passw(?:or)?d|passphrase|passcode|secret|token|credential|apikey|accesskey|privatekey|connectionstring|webhook"
)
"""Parts of a name that only the name of a secret has, with or without something around them."""
_PASSWORD = expression(r"(?:passw(?:or)?d|passphrase|passcode|pwd|pw)s?\d*$")
"""The name of a password: what has a digit there is one by design, and no name of anything."""
_WEAK = frozenset(
    [
        "key",
        "keys",
        "pwd",
        "pass",
        "pw",
        "auth",
        "private",
        "creds",
        "cred",
        "dsn",
        "psk",
        "pin",
        "otp",
        "jwt",
        "sas",
        "sig",
    ]
)
"""Words of a name that say so only if they stand by themselves."""
_ABOUT = expression(
    r"(?:id|name|arn|ur[il]|version)s?|endpoint|path|file|type|length|size|enabled|date|at|alias|ref|fingerprint"
    r"|usage|rotation|policy|ttl|expiry|algorithm|username|login|host|hostname|address|port|engine|region|dbname|database"
    r"|bucket|kind|scheme|protocol|user|count|format|public|prefix"
    r"|provider|issuer|mode|method|role|scope|domain|source"
)
"""The last words of names that say something about a secret, and do not hold one: `secret_arn`, `key_id`."""
_NAME_WORD = expression(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@lru_cache(maxsize=4096)
def names_secret(name: str, of_type: str = "") -> bool:
    """True if an attribute, key or variable of this name holds a secret, or what a resource of this type holds is."""
    if is_about(name):
        return False
    words, type_words = _words_of(name), _words_of(of_type)
    if _STRONG.search("".join(words)) or not _WEAK.isdisjoint(words):
        return True
    return bool(_STRONG.search("".join(type_words))) or "private" in type_words


_ITSELF = expression(
    rf"(?:{_PASSWORD.pattern[:-1]}|secret|token|credential"
    r"|(?:api|app|access|secret|private|encryption|signing|master|auth|account|license|shared)key)s?\d*$"
)
"""The ends of the names of what is a secret itself, and says nothing about one: gitleaks, generic-api-key."""


@lru_cache(maxsize=4096)
def names_secret_itself(name: str) -> bool:
    """True if what has this name is a secret, whoever marks it or not: `DB_PASSWORD`, `apiToken`."""
    return not is_about(name) and _ITSELF.search("".join(_words_of(name))) is not None


def names_password(name: str) -> bool:
    """True for the name of a password."""
    return _PASSWORD.search("".join(_words_of(name))) is not None


def is_about(name: str) -> bool:
    """True if what has this name says something about a secret, or about what it opens, and is none: `secret_arn`."""
    words = _words_of(name)
    return bool(words) and (_ABOUT.fullmatch(words[-1]) is not None or "public" in words)


def _words_of(name: str) -> list[str]:
    return [word.lower() for word in _NAME_WORD.findall(name)]


LONGEST_NAMING_ITSELF = 200
_NAMES_ITSELF = expression(r"""(?=\D*\d)[^\s=:/<>{}"';,&?]*(?:secret|passw)[^\s=:/<>{}"';,&?]*$""", re.IGNORECASE)
"""Such as `my-secret-1` or `Passw0rd123`: people who make up a secret say what it is."""

_WORDS = expression(r"[^\W\d_]+(?:[-_./:, ]+[^\W\d_]+)*")
_WORD_OR_TWO = expression(r"[^\W\d_]+(?:[-_./:, ]+[^\W\d_]+)?")
_NUMBER = expression(r"[-+]?[\d.,:_ -]+")
_CLOUD_ID = expression(
    r"[a-z]{1,12}-(?:[0-9a-f]{8}|[0-9a-f]{17})"  # AWS, "Resource IDs": ami-0abcdef1234567890
    r"|[a-z0-9-]+\.\d*(?:nano|micro|small|medium|large|xlarge|metal)"  # AWS, "Instance types": m5.2xlarge
    r"|(?:db|cache|dms)\.[a-z0-9]+\.\d*[a-z]+"
    r"|(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA|APKA)[A-Z0-9]{12,20}"  # AWS, "IAM identifiers": names of keys, not keys
    r"|(?:[\w./:-]+@)?(?:sha1|sha256|sha384|sha512|md5)[:=-][0-9A-Za-z+/=]+"  # an image, or what it is checked by
)
_UUID = expression(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
_DIRECTION = r"(?:central|(?:north|south)?(?:east|west)?|north|south)"
_REGION = expression(
    r"(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-iso[a-z]?)?-" + _DIRECTION + r"-\d{1,2}[a-f]?"  # AWS
    r"|(?:africa|asia|australia|europe|me|northamerica|southamerica|us)-" + _DIRECTION + r"\d{1,2}(?:-[a-f])?"  # Google
)
_ARN = expression(r"arn:[a-z0-9-]*:[a-z0-9-]*:[^\s]*")
_HOST = expression(r"(?:\*\.)?(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\.){2,}[A-Za-z]{2,24}\.?(?::\d{1,5})?")
_SHORT_HOST = expression(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.[a-z]{2,6}(?::\d{1,5})?")
_EMAIL = expression(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PATH = expression(r"(?:~|\.{1,2})?/[\w.@*{}$:+=,-]+(?:/[\w.@*{}$:+=,-]*)*|[A-Za-z]:\\[^\s]*")
_SEGMENTS = expression(r"[/.]")
_DATE = expression(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?")
_VERSION = expression(r"[v~>=<^ ]*\d+(?:\.\d+)+(?:[-+.][0-9A-Za-z.-]{1,24})?")
_URL = expression(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s]*")


def is_public(text: str) -> bool:
    """True for what is never a secret, whatever its name: an address, an id, a name that a cloud gives."""
    if any(shape.fullmatch(text) for shape in (_ARN, _CLOUD_ID, _EMAIL, _HOST, _DATE, _REGION)):
        return True
    if _URL.fullmatch(text):
        return True  # what in it is a secret, such as its password, is judged by itself
    return _is_network(text) or (bool(_PATH.fullmatch(text)) and not any(map(_is_random, _SEGMENTS.split(text))))


_LIKE_A_NETWORK = expression(r"(?=[^.:]*[.:])\[?[0-9a-fA-F.:]+\]?(?:/\d{1,3})?")
"""A hexadecimal key is none: to try it as one takes longer than all the rest."""


def _is_network(text: str) -> bool:
    if not _LIKE_A_NETWORK.fullmatch(text):
        return False
    try:
        ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return False
    return True


_TOKEN = expression(r"[^-_./:,;=|\s]+")
_LONG_TOKEN = expression(rf"{_TOKEN.pattern[:-1]}{{{SHORTEST_BY_LOOKS},}}")
_PIECE = expression(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|.", re.DOTALL)

_HEX = expression(r"(?=\D*\d)(?=[^a-fA-F]*[a-fA-F])[0-9a-fA-F]{16,}")

LONGEST_PIECES = ((16, 3, 2.8), (16, 2, 2.6), (12, 3, 2.5), (8, 3, 2.3), (8, 2, 2.0))
"""From so many characters, of so many kinds, a text is random whose runs of one kind are no longer on average.

What is random changes between small letters, capitals and digits after two characters; words and names do not.
"""


_NUMBERED = expression(r"[^\W\d_]+(?:[-_.][^\W\d_]+)*[-_.]?\d+")


def _is_mixed(text: str) -> bool:
    """True for a long text of letters and digits, such as `hunter2-pass`; words with a number behind are a name."""
    if len(text) < SHORTEST_BY_LOOKS or _NUMBERED.fullmatch(text):
        return False
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def is_random(text: str) -> bool:
    """True if a text is a secret by its looks: eight characters or more of mixed kinds, and neither words nor an id."""
    if len(text) < SHORTEST_BY_LOOKS or _WORDS.fullmatch(text) or _NUMBER.fullmatch(text):
        return False
    if any(shape.fullmatch(text) for shape in (_UUID, _SHORT_HOST, _VERSION)):
        return False
    if _is_random(text):
        return True
    random = sum(len(token) for token in _LONG_TOKEN.findall(text) if _is_random(token))
    return random >= 16 or (random > 0 and random > 0.6 * sum(map(len, _TOKEN.findall(text))))


def _is_random(token: str) -> bool:
    """True if a text changes between kinds of characters far more often than names do; separators count as none."""
    if len(token) < SHORTEST_BY_LOOKS:
        return False
    if _HEX.fullmatch(token):
        return True
    has_separators = not _SEPARATORS.isdisjoint(token)
    if has_separators and (token.islower() or not any(map(str.isdigit, token))):
        return False  # as most are, and to count pieces takes ten times as long
    pieces = [piece for piece in _PIECE.findall(token) if piece not in _SEPARATORS]
    kinds = {_kind_of(last) for last in {piece[-1] for piece in pieces}}
    if has_separators:
        most = 1.7 if kinds >= {"small", "capital", "digit"} else 0.0
    else:
        most = next((most for least, of, most in LONGEST_PIECES if len(token) >= least and len(kinds) >= of), 0.0)
    if sum(map(str.isalnum, token)) < LEAST_LETTERS * len(token):
        return False  # a regular expression, or a formula
    return sum(map(len, pieces)) <= most * len(pieces)


LEAST_LETTERS = 0.6
"""The least part of a random text that is letters and digits."""

_SEPARATORS = frozenset("-_./:,;=| \t")


def _kind_of(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isalpha():
        return "capital" if character.isupper() else "small"
    return "sign"
