"""Secrets that nobody marks are found by their form, in the addresses of services and under the names of secrets."""

import json
import re
import string
from base64 import b64encode
from collections.abc import Callable
from html import escape
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.knowledge.secret_forms import SECRET_FORMS, SecretForm
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.secrets.named_secrets import is_unmarked_secret
from tfc_plan_comment.plan.secrets.search import SecretSearch
from tfc_plan_comment.plan.secrets.unmarked_secrets import find_unmarked, may_hold_unmarked
from tfc_plan_comment.plan.values import Sensitive

FORMS = st.sampled_from(SECRET_FORMS)
WAYS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "in a sentence": lambda secret: f"use {secret}, please",
    "in quotes": lambda secret: f'x = "{secret}"',
    "in JSON in JSON": lambda secret: json.dumps(json.dumps({"a": secret})),
    "in a script": lambda secret: f"#!/bin/sh\nexport A={secret}\necho hello\n",
    "in a URL": lambda secret: f"https://example.com/?a={quote(secret, safe='=')}&b=1",
    "in XML": lambda secret: f"<a>{escape(secret)}</a>",
    "in base64": lambda secret: b64encode(f"first line\nA={secret}\nlast line\n".encode()).decode(),
    "in base64 in YAML": lambda secret: f"a: {b64encode(f'first line {secret}'.encode()).decode()}\n",
}


def tokens(form: SecretForm) -> st.SearchStrategy[tuple[str, str]]:
    """Texts of the form, each with the part of it that is secret."""
    lookahead = r"\(\?!(?:[^()])*\)"  # of which Hypothesis makes nothing
    whole = re.compile(form.rest, re.ASCII)
    letters = st.from_regex(re.compile(re.sub(lookahead, "", form.rest), re.ASCII), fullmatch=True)
    rest = letters.filter(lambda text: whole.fullmatch(text) is not None)
    before = st.from_regex(re.compile(form.before, re.ASCII), fullmatch=True)
    return st.tuples(before, rest).map(
        lambda made: (
            f"{made[0]}{form.prefix}{made[1]}",
            made[1] if form.is_name else f"{made[0]}{form.prefix}{made[1]}",
        )
    )


def found_in(text: str) -> list[str]:
    """What is found in a text."""
    return sorted(text[start:end] for start, end in find_unmarked(text))


@pytest.mark.parametrize("form", SECRET_FORMS, ids=lambda form: f"{form.kind} {form.prefix}")
@settings(max_examples=8)
@given(st.data())
def test_each_form_is_found(form: SecretForm, data: st.DataObject) -> None:
    """Whatever letters such a secret is made of: of it nothing is shown, wherever it stands in a value."""
    text, secret = data.draw(tokens(form))
    way = data.draw(st.sampled_from(sorted(WAYS)))
    shown = Mask().text(WAYS[way](text))

    assert secret not in shown
    assert secret[:12] not in shown or len(set(secret[:12])) < 4
    assert "(hidden: looks like a secret" in shown or way.startswith("in base64")


@given(FORMS, st.data())
def test_a_shorter_one_is_none(form: SecretForm, data: st.DataObject) -> None:
    """What has the prefix and is too short is the name of something."""
    text = f"{form.prefix}{data.draw(st.text(string.ascii_lowercase, max_size=8))}"

    assert found_in(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("postgres://app:hunter2@db:5432/app", ["hunter2"]),
        ("amqps://app:p%40ss@mq", ["p%40ss"]),
        ("redis://:hunter2@cache:6379/0", ["hunter2"]),
        ("mongodb+srv://app:pa@ss@a,b/admin?x=y", ["pa@ss"]),
        ("https://oauth2:abc123@git.example.com/x.git", ["abc123"]),
        ("Server=tcp:db,1433;User ID=app;Password=ab,c}d;Encrypt=true", ["ab,c}d"]),
        ("jdbc:postgresql://db/app?user=app&password=hunter2", ["hunter2"]),
        ("jdbc:sqlserver://db;user=app;password=hunter2;", ["hunter2"]),
        (
            "Endpoint=https://a.azconfig.io;Id=x;Secret=abCD1EF+GHIJxLMnOPqRSa53VWX05zaBCdE",
            ["abCD1EF+GHIJxLMnOPqRSa53VWX05zaBCdE"],
        ),
        ("export DB_PASSWORD=hunter2", ["hunter2"]),
        ("API_TOKEN='abc def'", ["abc def"]),
        ('{"environment":[{"name":"DB_PASSWORD","value":"x\\"y"}]}', ['x\\"y']),
        ('[{"value":"hunter2","name":"DB_PASSWORD"}]', ["hunter2"]),
        ("- name: JWT_SECRET\n  value: correct-horse\n", ["correct-horse"]),
        ("db:\n  password: hunter2\n  user: app\n", ["hunter2"]),
        ("<Password>hunter2</Password>", ["hunter2"]),
        ("mysql --password hunter2 -h db", ["hunter2"]),
        ("mysql --password=hunter2", ["hunter2"]),
        ("spring.datasource.password=hunter2", ["hunter2"]),
        (
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYqq1w2e3r4t",
            ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYqq1w2e3r4t"],
        ),
        ("export AWS_ACCESS_KEY_ID=AKIAQWERTYUIOP234567", ["AKIAQWERTYUIOP234567"]),
        ("cache:6380,password=hunter2,ssl=True,abortConnect=False", ["hunter2"]),
        ("password: |\n    one\n    two\n\n    three\nuser: app\n", ["one\n    two\n\n    three"]),
        ("- name: DB_PASSWORD\n  value: >-\n    hunter2\n- name: x\n", ["hunter2"]),
        ("curl -s -u admin:hunter2 https://example.com", ["hunter2"]),
        ("Authorization: Basic YWRtaW46aHVudGVyMlBhc3M=", ["YWRtaW46aHVudGVyMlBhc3M="]),
        ('{"header":"Bearer 8sZq7vW9kPxw2mLmQx"}', ["8sZq7vW9kPxw2mLmQx"]),
        (
            "aws configure set aws_secret_access_key wJalrXUtnFEMIK7MDENGbPxRfiCYqq1w2e3r4t",
            ["wJalrXUtnFEMIK7MDENGbPxRfiCYqq1w2e3r4t"],
        ),
    ],
)
def test_what_is_found(text: str, found: list[str]) -> None:
    """The secret alone: its name, its user and its host are shown."""
    assert found_in(text) == sorted(found)


@pytest.mark.parametrize(
    "line", ["DB_PASSWORD={}", "LEVEL=info\nexport DB_PASSWORD={}\nA=b", "db:\n  - password: {} \r\n    port: 1"]
)
@pytest.mark.parametrize("sign", "\"'!#$%*+-./:=?@^_|~")
def test_a_password_with_a_sign(line: str, sign: str) -> None:
    """It is found whole where its line says nothing else; another sign may begin a command, a tag or an escape."""
    secret = f"Zq7w{sign}K9Px2mLm4Dx"

    assert found_in(line.format(secret)) == [secret]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PASSWORD=hunter2; echo $PASSWORD", ["hunter2"]),
        ("PASSWORD=hunter2;export A=b", ["hunter2"]),
        ("PASSWORD=hunter2&&run now", ["hunter2"]),
        ("PASSWORD=hunter2;", ["hunter2"]),
        ('echo "PASSWORD=hunter2"', ["hunter2"]),
        ("['--password=hunter2','--host']", ["hunter2"]),
        ('{"a":"password=hunter2","b":1}', ["hunter2"]),
        (r"\"password=hunter2\"", ["hunter2"]),
        ("password=hunter2<br>", ["hunter2"]),
        ('{"password":null,"db_password":"hunter3x"}', ["hunter3x"]),
        ("password:hunter2;db_password: hunter3x", ["hunter2", "hunter3x"]),
        ("PASSWORD=hunter2`nDB_PASSWORD = hunter3x", ["hunter2", "hunter3x"]),
        ("password=hunter2&filter[name]=web", ["hunter2"]),
        ("password=hunter2;user:admin", ["hunter2"]),
        ("f(password=None, pwd=None,)", []),
        ("[{token: x, secret: null}]", []),
        ("DB_PASSWORD=123,,,,hunter2", ["123,,,,hunter2"]),
        pytest.param(f"DB_PASSWORD=1{',' * 300}hunter2", [f"1{',' * 300}hunter2"], id="many commas"),
        ("PASSWORD=hunter2>/etc/app/password.txt", ["hunter2"]),
        ("PASSWORD=hunter2&&ls", ["hunter2"]),
        ("PASSWORD=hunter2;docker-login", ["hunter2"]),
        ("password: hunter2<br>host-db.example.com", ["hunter2"]),
        (r"PASSWORD=hunter2\nsystemctl\nrestart", ["hunter2"]),
        ('PASSWORD=hunter2"$A"', ["hunter2"]),
    ],
)
def test_where_a_password_ends(text: str, found: list[str]) -> None:
    """It ends where something else begins, above all where that is the name of another."""
    assert found_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *(
            "postgres://app@db/app",
            "https://example.com:8443/a@b",
            "http://user:${PASSWORD}@db",
            "redis://:<password>@db",
        ),
        *("https://user:{{ token }}@git", "postgres://app:$PGPASSWORD@db", "https://user:xxxxx@db", "http://u:***@db"),
        *("DB_PASSWORD=${DB_PASSWORD}", "DB_PASSWORD=$DB_PASSWORD", "DB_PASSWORD=changeme", "DB_PASSWORD=DB_PASSWORD"),
        *(
            "DB_PASSWORD={{resolve:secretsmanager:prod}}",
            "DB_SECRET=arn:aws:secretsmanager:eu-west-1:1:secret:x-AbC123",
        ),
        *("DB_SECRET=prod/db/password", "DB_PASSWORD_FILE=/run/secrets/db", "TOKEN_URL=https://id.example.com/token"),
        *("TOKEN=`curl -X PUT http://169.254.169.254/latest/api/token`", "PASSWORD=$(aws ssm get-parameter --name x)"),
        *("API_KEY=@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/x)", "MAX_TOKENS=128000"),
        *(
            "password = var.db_password",
            "password = random_password.db.result",
            "password=password",
            "password=db_pass",
        ),
        *("Password: it must have eight characters", "TOKEN_TTL=3600", "USE_TOKEN=true", "SECRET_NAME=production-db"),
        *(
            '{"password":{"type":"string"}}',
            '{"password":"string"}',
            "secretName: app-tls",
            "secret_id = app1A2b3C4d5E6f",
        ),
        *("AKIAIOSFODNN7EXAMPLE", "arn:aws:iam::123456789012:role/AKIArole", "0123456789abcdef0123456789abcdef"),
        *("123e4567-e89b-12d3-a456-426614174000", "sha256:" + "ab12" * 16, "registry/app@sha256:" + "ab12" * 16),
        *("ami-0abcdef1234567890", "sg-0123456789abcdef0", "projects/p/serviceAccounts/s@p.iam.gserviceaccount.com"),
        *("sk_live_", "SKU0123456789abcdef0123456789abcdef0", "eyJhbGciOiJIUzI1NiJ9", "s.abcdefghijklmnopqrstuvwx"),
        *("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 me@example.com", "https://example.com/?sig=abc", "design=modern"),
        *("curl -u $USER:$TOKEN x", "Bearer authentication-failed-here", "the secret prod-database-credentials-2024"),
        *("password: |\n  ${var.password}\n", "kubectl get secret sh.helm.release.v1.app.v12 -n system"),
        *("aws_lambda_function.api.environment", "git@github.com:acme/infra.git", "mailto:a:b@example.com"),
    ],
)
def test_what_is_none(text: str) -> None:
    """Placeholders, references, names, numbers, digests and ids are shown."""
    assert found_in(text) == []
    assert Mask().text(text) == text


@pytest.mark.parametrize(
    ("name", "value", "is_one"),
    [
        ("DB_PASSWORD", "hunter2", True),
        ("password", "correct horse", True),
        ("adminPassword", "12345678", True),
        ("API_TOKEN", "abcdefgh", True),
        ("STRIPE_API_KEY", "abcdefgh", True),
        ("apiToken", "Zq7vW9kPxw2mLmQx", True),
        ("apiToken", "abcdefgh", False),
        ("SORT_KEY", "Zq7vW9kPxw2mLmQx", False),
        ("MAX_TOKENS", "4096", False),
        ("DB_PASSWORD", "", False),
        ("DB_PASSWORD", "db_password", False),
        ("PWD", "/app", False),
        ("PASSWORD_MIN", "12", False),
        ("TOKEN_ISSUER", "Zq7vW9kPxw2mLmQx", False),
        ("LOG_LEVEL", "debug", False),
    ],
)
def test_by_its_name(name: str, value: str, is_one: bool) -> None:  # noqa: FBT001 - a case
    """In a map of environment variables, settings or data."""
    assert is_unmarked_secret(name, value) is is_one


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "text", ["ghp_" + "aB3dE5fG7h" * 4, "AKIAQWERTYUIOP234567", "x://u:hunter2@h", "DB_PASSWORD=hunter2"]
)
def test_what_may_hold_one(text: str, way: str) -> None:
    """Whoever counts what is hidden sees in the bytes of a change that something in it may be."""
    assert SecretSearch(()).may_hold_unmarked(json.dumps({"a": WAYS[way](text)}))


@pytest.mark.parametrize(
    ("value", "may"),
    [
        ([{"name": "DB_PASSWORD", "type": "x", "value": "y"}], True),
        (json.dumps([{"name": "DB_PASSWORD", "type": "x", "value": "y"}]), True),
        ({"DB_PASSWORD": "y"}, True),
        ({"password": None, "kms_key_id": "y", "token_ttl": "y", "use_token": True}, False),
        ({"description": "the password of the database"}, False),
        (b64encode(b"nothing is in it but these words").decode(), False),
    ],
)
def test_most_changes_are_told_by_a_glance(value: object, may: bool) -> None:  # noqa: FBT001 - a case
    """A name without a value is none, nor is one in a sentence."""
    assert SecretSearch(()).may_hold_unmarked(json.dumps({"a": value})) is may


def test_each_row_has_a_source() -> None:
    """The list and the rule in it; and its pattern has no group of its own."""
    for form in SECRET_FORMS:
        assert re.search(r"gitleaks.toml, [a-z0-9-]+|np\.[a-z]+\.\d|Learn|AWS", form.source), form
        assert re.compile(form.rest).groups == 0
        assert len(form.prefix) >= 2
        assert not re.fullmatch(form.rest, "")


@given(st.text(string.ascii_letters + string.digits + " ", min_size=18, max_size=200), st.sampled_from(sorted(WAYS)))
def test_a_secret_that_is_base64_of_a_text_is_one(text: str, way: str) -> None:
    """It is hidden as a whole, though nothing of what it holds is a secret."""
    secret = b64encode(text.encode()).decode()
    shown = Mask().text(WAYS[way](f"DB_PASSWORD={secret} x"))

    assert secret not in shown
    assert b64encode(secret.encode()).decode()[4:-4] not in shown


PIECES = (
    *("a.b-c_d=", "password", "password=", "password=a(", "password=a,", "token=a.", "://", "://a:", "ghp_", "eyJ"),
    *("%3A%2F%2F", "secret: ", '"name":"TOKEN",', "sig=", "<password>", "password='\"", "token: |\n  ${x}\n  "),
    *(
        "password: |\n  a\n  ",
        "curl -u a",
        "Basic QUJD",
        "Bearer a1B2c3D4e5F6g7H8",
        "-----BEGIN ",
        "token a1B2c3D4e5F6g",
    ),
)


@pytest.mark.cost
@pytest.mark.parametrize("piece", PIECES)
def test_the_cost_grows_with_the_length_alone(piece: str) -> None:
    """Of a text that is made of what begins a secret: with its square it would take longer than a test may."""
    text = piece * (200_000 // len(piece))

    assert len(list(find_unmarked(text))) <= len(text)
    assert may_hold_unmarked(text) in {True, False}


@pytest.mark.cost
def test_a_long_value_is_told_by_its_beginning() -> None:
    """One that is longer than any secret costs no more than its length: with the square it would take minutes."""
    assert is_unmarked_secret("DB_PASSWORD", "a1." * 300_000)
    assert not is_unmarked_secret("DB_PASSWORD", "/a" * 300_000)


@pytest.mark.parametrize("marks", [None, {"manifest": {"data": {"b": True}}}, {"manifest": {"data": {"a": False}}}])
def test_all_data_of_a_kubernetes_secret_is_secret(marks: object) -> None:
    """In a manifest that is an object, whatever the names, beside what is marked or not; its keys are shown."""
    data = {"a": "Y29ycmVjdC1ob3JzZQ==", "b": "YmF0dGVyeS1zdGFwbGU=", "c": "${x}"}
    manifest = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "n"},
        "data": data,
        "stringData": {"d": "horse"},
    }
    other = {**manifest, "kind": "ConfigMap"}
    after = json.dumps({"manifest": manifest, "other": other}).encode()
    change = Change(after=msgspec.Raw(after), after_sensitive=msgspec.Raw(json.dumps(marks).encode()))
    _, value = Mask().sides(change)

    assert isinstance(value, dict)
    shown, beside = value["manifest"], value["other"]
    assert isinstance(shown, dict)
    assert isinstance(shown["data"], dict)
    assert list(shown["data"]) == ["a", "b", "c"]
    assert [isinstance(each, Sensitive) for each in shown["data"].values()] == [True, True, False]
    assert isinstance(shown["stringData"], dict)
    assert isinstance(shown["stringData"]["d"], Sensitive)
    assert shown["metadata"] == {"name": "n"}
    assert isinstance(beside, dict)
    assert beside["data"] == data
    assert SecretSearch(()).may_hold_unmarked(after.decode())
