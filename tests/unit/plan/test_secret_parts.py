"""A sensitive document taken apart."""

import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.secret_looks import is_secret
from tfc_plan_comment.plan.secret_parts import Place, take_apart, take_value_apart
from tfc_plan_comment.plan.values import Json

AUTH = b64encode(b"app:hunter2-pass").decode()
SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: web-01\ndata:\n  level: aHVudGVyMi1wYXNz\n"
SECRET += "stringData:\n  a: b2-value\n"
DOCUMENTS = {
    "JSON": json.dumps({"user": "admin", "password": "hunter2-pass", "host": "db.example.com", "port": 5432}),
    "JSON in JSON": json.dumps({"config": json.dumps({"password": "hunter2-pass"})}),
    "a list": json.dumps([{"token": ["hunter2-pass"]}]),
    "YAML": "db:\n  user: admin\n  password: hunter2-pass\n  list:\n    - a\n",
    "YAML in quotes": "db:\n  - password: 'hunter2-pass'\n",
    "a block in YAML": "files:\n  token: |\n    hunter2-pass\n  mode: 0644\n",
    "dotenv": "HOST=db.example.com\nDB_PASSWORD=hunter2-pass\n",
    "a shell": 'set -e\nexport DB_PASSWORD="hunter2-pass"\nexit 0\n',
    "properties": "db.user = admin\r\ndb.password = hunter2-pass\r\n",
    "a connection string": "Server=tcp:db.example.com,1433;User ID=admin;Password=hunter2-pass;Encrypt=true",
    "a URL": "postgres://admin:hunter2-pass@db.example.com:5432/orders",
    "a URL in a line": "# see\ncurl https://admin:hunter2-pass@example.com/x\n",
    "a query": "jdbc:postgresql://db.example.com/orders?user=admin&password=hunter2-pass",
    "a flag": "#!/bin/sh\nmysql --user admin --password hunter2-pass\n",
    "base64": b64encode(b"user: admin\npassword: hunter2-pass\n").decode(),
    "Docker's configuration": json.dumps({"auths": {"r.example.com": {"auth": AUTH}}}),
    "a Kubernetes Secret": SECRET,
    "a Kubernetes Secret in JSON": json.dumps(
        {"apiVersion": "v1", "kind": "Secret", "data": {"a": b64encode(b"hunter2-pass").decode()}}
    ),
    "XML": "<config>\n  <password>hunter2-pass</password>\n</config>\n",
}


def secrets_in(text: str, place: Place) -> set[str]:
    """The parts that are secrets."""
    return {part for part, where in take_apart(text, place) if is_secret(part, where.name, where.of_type)}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_secret_in_a_document(kind: str) -> None:
    """It is found by its own name there, whatever the document is called, and no ordinary word with it."""
    found = secrets_in(DOCUMENTS[kind], Place("content"))

    assert "hunter2-pass" in found
    assert found.isdisjoint({"admin", "db.example.com", "5432", "orders", "web-01", DOCUMENTS[kind]})


def test_all_data_of_a_kubernetes_secret() -> None:
    """It is secret, whatever it is called and whatever it looks like; what names the Secret is not."""
    assert secrets_in(SECRET, Place("yaml_body")) >= {"hunter2-pass", "aHVudGVyMi1wYXNz", "b2-value"}


def test_lines() -> None:
    """A line without spaces may be a secret by itself: a line of a key, or of a list; line ends do not matter."""
    found = secrets_in("one-secret-1\r\nif [ -z x ]; then\r\n  two-secret-2\r\n", Place("private"))

    assert found == {"one-secret-1", "two-secret-2"}


def test_a_map_of_secrets() -> None:
    """Under the name of a secret all are, but for what says something about it."""
    value: Json = {
        "db": "hunter2-a",
        "username": "hunter2-b",
        "nested": {"api": ["hunter2-c"]},
        "n": 1234567,
        "b": True,
    }

    assert {part for part, place in take_value_apart(value, Place("secrets")) if is_secret(part, place.name)} == {
        "hunter2-a",
        "hunter2-c",
        "1234567",
    }


@given(st.text(st.sampled_from("aZ0 =:;\n\"'{}[]|<>@/-\\,&?#"), max_size=60), st.sampled_from(["", "token"]))
def test_any_text_is_taken_apart(text: str, name: str) -> None:
    """Whatever looks like a document and is none, it ends, and gives parts of the text."""
    assert all(isinstance(part, str) for part, _ in take_apart(text, Place(name)))
