"""The texts of plans at random: plain ones, hostile ones, and secrets in all spellings."""

import json
import textwrap
from base64 import b64encode, urlsafe_b64encode
from html import escape
from random import Random
from urllib.parse import quote

SECRETS = (
    "Zq7vW9kPxw2mLmQx",
    "hT4-rX8bN2vK9_pQ6zJ",
    'w7"Qk\\9mV<x>&3Rt8Z',
    "x9Ü7qK2'wP5%41$vB8n",
    "0f9a2b7c4e1d8c3b6a5f0e9d2c7b4a1f",
)
"""Each is a secret by its looks, so it is searched for wherever it stands. No other text has any of them in it."""

WORDS = ("a", "name", "logs", "web-01", "eu-west-1", "10.0.0.0/8", "true", "t.n", "aws_s3_bucket.logs", "line\nline\n")

HOSTILE = (
    "",
    " ",
    "\n",
    "\n- FORGED",
    "\n+ FORGED\n\n# FORGED",
    "\r! FORGED\u2028- FORGED\x0b+ FORGED\x85@@ FORGED",
    "</details></summary></code></pre></blockquote>",
    "<i>x</i><script>alert(1)</script><img src=x onerror=y>",
    "</script></style><script>alert(1)</script>",
    "<!-- tfc-plan-comment:acme/prod -->",
    "<!-- tfc-plan-comment-memory: x -->",
    "-->",
    "]]>",
    "| a | b |\n|---|---|",
    "```",
    "```\n# FORGED\n````diff\n- FORGED\n~~~",
    "    ```\n\t```",
    "@octocat @acme/team",
    "#1 acme/shop#2 GH-3 JIRA-4",
    "0123456789abcdef0123456789abcdef01234567",
    "https://evil.example www.evil.example evil@evil.example",
    "[x](https://evil.example)![x](https://evil.example/x.png)[x]: https://evil.example",
    "**FORGED** _x_ ~~x~~ `x` $x$ :tada:",
    "[!CAUTION]\n> FORGED",
    "> [!NOTE]\n> x",
    "1. x\n2. x\n- [ ] x\n---\n===",
    '"] x["',
    "\\",
    "${x} %{ if x } {{ 7 * 7 }} {% x %}",
    "::error::FORGED\n##[error]FORGED\n::set-output name=x::y",
    "\x00\x07\x1b[31mx\x1b[0m\x7f",
    "\u202e\u2066x\u200b\ufeff\u00ad\u061c\U000e0041",
    "\ud800",
    "\udfff\ud83d",
    "&lt;i&gt; &#60;i&#62; &amp;amp; &",
    "a\u0301\u0301\u0301\U0001f680\u6f22\u05d0",
    "(sensitive value 1)",
    "(hidden: equals a sensitive value, no. 1)",
    "(known after apply)",
    "-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEA\n-----END PRIVATE KEY-----\n",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}]}',
    '{"a":1,"a":2}',
    '{"Statement":[[]]}',
    "[" * 70 + "]" * 70,
    "a: 1\nb:\n  - c\n",
)

_LETTERS = "`*_~[](){}<>|\\&#;:!@$%/.-+='\" \t\r\nabcw019xX\u2028é😀"


def text(random: Random) -> str:
    """Any text; most are words."""
    match random.randrange(12):
        case 0 | 1 | 2 | 3 | 4:
            return random.choice(WORDS)
        case 5 | 6 | 7:
            return random.choice(HOSTILE)
        case 8:
            return "".join(random.choice((*HOSTILE, " ", "\n", "x")) for _ in range(random.randrange(4)))
        case 9:
            return "".join(random.choice(_LETTERS) for _ in range(random.randrange(12)))
        case 10:
            return random.choice(("x", "y ", "line\n", "a\\", "`")) * random.choice((200, 300, 1_000))
        case _:
            return spelled(random, random.choice(SECRETS))


def key(random: Random) -> str:
    """The key of a map, or of an instance."""
    return random.choice(WORDS) if random.randrange(3) else text(random)


LINES = (
    "user = admin\npassword = {}\n",
    "# user password: {}\n",
    "db:\n  - admin password: {}\n    user: admin\n",
    "export DB_PASSWORD={}\nexport DB_USER=admin\n",
    "Server=db;Password={};Encrypt=true",
    "host=db password={} user=admin",
    "mysql --password={} -h db",
    "mysql -u admin --password {} -h db",
    "db: [user: admin, password: {}]",
    "connect(user=admin, password={})",
)
"""In each of these a password is told by its name."""


def spelled(random: Random, secret: str) -> str:
    """The secret as it is written inside of something else."""
    encoded = b64encode(f"{'user: admin ' * random.randrange(4)}{secret}, and more".encode()).decode()
    return random.choice(
        (
            secret,
            f"before {secret} behind",
            f"{secret}\n",
            random.choice(LINES).format(secret),
            f"postgres://admin:{quote(secret, safe='')}@db.example.com:5432/main",
            json.dumps({"password": secret, "user": ["admin"]}),
            json.dumps(json.dumps({"a": {"b": secret}}, ensure_ascii=False)),
            json.dumps(secret).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
            escape(secret),
            "".join(f"&#{ord(letter)};" for letter in secret),
            quote(secret, safe=""),
            b64encode(secret.encode()).decode(),
            urlsafe_b64encode(secret.encode()).decode().rstrip("="),
            encoded,
            "\n".join(textwrap.wrap(encoded, 16)),
            f"Basic {encoded}",
            b64encode(encoded.encode()).decode(),
        )
    )
