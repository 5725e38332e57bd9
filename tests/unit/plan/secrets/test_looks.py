"""What is a secret by its looks or its name, and what is none."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.secrets.looks import Kind, is_secret, judge, names_secret

RANDOM = [
    "Zq7vW9kPxw2mLmQx",
    "Sup3rS3cretPw",
    "9f86d081884c7d659a2f",
    "k3j9x2m7q1",
    "aB3$kL9!mN2#",
    "P@ssw0rd!",
    "aB3-xK9-pQ2",
]
RANDOM += ["sk_live_4eC39HqLyjWDarjtT1zdp7dc", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"]
NAMED = [
    "hunter2",
    "hunter2-pass",
    "SuperPw99",
    "correct-horse-battery-staple",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
]
WORDS = ["postgres", "production", "AdministratorAccess", "app-prod", "123456789012", "5432000"]
PUBLIC = [
    *("0.0.0.0/0", "10.0.0.0/16", "2001:db8::/32", "192.168.10.10", "eu-west-1", "us-gov-west-1", "europe-west4-b"),
    *("ami-0abcdef1234567890", "subnet-0123abcd", "arn:aws:iam::123456789012:role/x", "m5.2xlarge", "db.t3.micro"),
    *("https://example.com/a/b?c=d", "mydb.c9akciq32abc.eu-west-1.rds.amazonaws.com:5432", "ops@example.com"),
    *("/etc/ssl/certs2", "2024-01-02T03:04:05Z", "sha256:9f86d081884c7d659a2f", "AKIAIOSFODNN7EXAMPLE"),
]
NAMES_OF_THINGS = [
    *("postgres15", "pg-postgres-15", "Standard_D2s_v3", "Standard_E4ds_v5", "AmazonS3FullAccess", "TLSv1.2_2021"),
    *(
        "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "k8s-1-28-5-do.0",
        "1.29.0-gke.1589018",
        "Ubuntu2204",
        "cron(0 12 * * ? *)",
    ),
    *(
        "E2QWRUHAPOMQZL",
        "my-bucket-a1b2c3d4",
        "n1-standard-4",
        "Win2019Datacenter",
        "s3:GetObject",
        "nginx:1.25.3-alpine",
    ),
    *("123e4567-e89b-12d3-a456-426614174000", "v1.2.3", "westeurope2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    *("^(?!aws)[a-zA-Z0-9]{3,}$", "rate(5 minutes)"),
    *("/subscriptions/123e4567-e89b-12d3-a456-426614174000/resourceGroups/rg1", "OAuth2Token", "IPv4Address"),
]


@pytest.mark.parametrize("text", RANDOM)
def test_what_looks_random(text: str) -> None:
    """It is a secret, whatever the place where it is marked is called."""
    assert judge(text, "value") is Kind.LOOKS


@pytest.mark.parametrize("text", NAMED)
def test_what_has_the_name_of_a_secret(text: str) -> None:
    """It is one by the name of the place, or by the type of the resource, and by nothing else."""
    assert judge(text, "api_token") is Kind.NAME
    assert judge(text, "result", "random_password") is Kind.NAME
    assert judge(text, "value") is None


@pytest.mark.parametrize("name", ["password", "admin_password", "masterUserPassword", "db_pwd", "passwords", "pw2"])
def test_a_password_with_a_digit(name: str) -> None:
    """It is searched for in addresses and keys as well: no key of `for_each` is one by chance."""
    assert judge("hunter2-pass", name) is Kind.LOOKS
    assert judge("production", name) is Kind.WORD
    assert judge("postgres15", name) is judge("app-prod-01", name) is Kind.NAME
    assert judge("hunter2-pass", "password_policy") is None


@pytest.mark.parametrize("text", WORDS)
def test_words(text: str) -> None:
    """A word stands all over a plan: even a password that is one is searched for only where a secret would stand."""
    assert judge(text, "password") is Kind.WORD
    assert judge(text, "value") is None


@pytest.mark.parametrize("text", PUBLIC)
def test_what_is_never_a_secret(text: str) -> None:
    """Not even under the name of a secret: a pull request could hide with it what it does itself."""
    assert not is_secret(text, "password")


@pytest.mark.parametrize("text", [*WORDS, *PUBLIC, *NAMES_OF_THINGS])
def test_names_do_not_look_like_secrets(text: str) -> None:
    """What clouds and people call things is shown, wherever it is marked."""
    assert not is_secret(text, "value")


HOLDING = "password db_password masterPassword PGPASSWORD api_key apikey secret secrets client-secret token authToken"
HOLDING += " private_key_pem credentials pwd primary_connection_string secret_string webhook"
OTHER = (
    "value name keyboard monkey public_key key_id secret_arn token_url passing password_length key_name author username"
)


@pytest.mark.parametrize("name", HOLDING.split())
def test_names_of_secrets(name: str) -> None:
    """However the words are put together."""
    assert names_secret(name)


@pytest.mark.parametrize("name", ["", "secret_version", *OTHER.split()])
def test_names_of_other_things(name: str) -> None:
    """What says something about a secret holds none, and a word within a word is another one."""
    assert not names_secret(name)


@given(st.text(string.ascii_letters, min_size=1, max_size=30), st.sampled_from(["", "-", "_", ".", "/", ":", " "]))
def test_letters_alone_do_not_look_random(word: str, between: str) -> None:
    """A text of letters only is a word, or words, of some language."""
    assert judge(f"{word}{between}{word}", "value") is None


@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=12))
def test_any_text(text: str, name: str, of_type: str) -> None:
    """Any text, name and type has an answer, and a short text is no secret."""
    assert judge(text, name, of_type) is None or len(text) >= 6
