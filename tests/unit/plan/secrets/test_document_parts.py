"""A sensitive document taken apart."""

import json
import string
from base64 import b64encode
from textwrap import indent, wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.secrets.document_parts import Place, take_apart, take_value_apart
from tfc_plan_comment.plan.secrets.looks import is_secret
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
    "base64 in lines": "\n".join(wrap(b64encode(b"user: admin\npassword: hunter2-pass\n").decode(), 16)),
    "base64 in lines of YAML": "data: |\n"
    + indent("\n".join(wrap(b64encode(b"user: admin\npassword: hunter2-pass\n").decode(), 16)), "  "),
    "Docker's configuration": json.dumps({"auths": {"r.example.com": {"auth": AUTH}}}),
    "a Kubernetes Secret": SECRET,
    "a Kubernetes Secret in JSON": json.dumps(
        {"apiVersion": "v1", "kind": "Secret", "data": {"a": b64encode(b"hunter2-pass").decode()}}
    ),
    "a name and a value in JSON": json.dumps([{"name": "DB_PASSWORD", "value": "hunter2-pass"}]),
    "a Key and a Value in JSON": json.dumps({"Environment": [{"Key": "API_TOKEN", "Value": "hunter2-pass"}]}),
    "lines of JSON": json.dumps({"level": "info"}) + "\n" + json.dumps({"password": "hunter2-pass"}) + "\n",
    "a name and a value in YAML": "env:\n  - name: DB_PASSWORD\n    value: hunter2-pass\n  - name: A\n    value: b\n",
    "a value and a name in YAML": 'env:\n  - value: "hunter2-pass"\n    name: "DB_PASSWORD"\n',
    "a value in the next line": "db:\n  password:\n    hunter2-pass\n  port: 5432\n",
    "a list in YAML": "passwords:\n  - hunter2-pass\n  - other\n",
    "a list as deep as its name": "passwords:\n- hunter2-pass\nuser: admin\n",
    "a map in YAML": "db: {user: admin, password: hunter2-pass}\n",
    "deep YAML": "".join(f"{'  ' * depth}level{depth}:\n" for depth in range(12)) + "  " * 12 + "token: hunter2-pass\n",
    "YAML with an anchor": "password: &main hunter2-pass\nother: *main\n",
    "YAML with a tag": "password: !!str hunter2-pass\nuser: admin\n",
    "a short list in YAML": "tokens: [hunter2-pass, other]\nuser: admin\n",
    "a map in HCL": 'user = "admin"\npasswords = {\n  db = "hunter2-pass"\n}\n',
    "properties with a colon": "db.user:admin\ndb.password:hunter2-pass\n",
    "properties with a space": "db.user admin\ndb.password hunter2-pass\n",
    "netrc": "machine db.example.com\nlogin admin\npassword hunter2-pass\n",
    "pgpass": "db.example.com:5432:orders:admin:hunter2-pass\n",
    "a DSN of Go": "admin:hunter2-pass@tcp(db.example.com:3306)/orders?parseTime=true",
    "a user and a password of curl": "#!/bin/sh\ncurl -s -u admin:hunter2-pass https://db.example.com/\n",
    "a header": "#!/bin/sh\ncurl -H 'Authorization: Bearer hunter2-pass' https://db.example.com/\n",
    "a basic header": f"Authorization: Basic {AUTH}\nAccept: text/plain\n",
    "JSON in a script": """#!/bin/sh\ncurl -d '{"user": "admin", "password": "hunter2-pass"}'"
    " https://db.example.com/\n""",
    "escaped JSON in a script": r"""x=1
echo "{\"password\": \"hunter2-pass\"}" > /etc/app
""",
    "SQL": "CREATE USER admin IDENTIFIED BY 'hunter2-pass';\nGRANT ALL ON orders.* TO admin;\n",
    "arguments": "define('DB_USER', 'admin');\ndefine('DB_PASSWORD', 'hunter2-pass');\n",
    "PowerShell": '$p = ConvertTo-SecureString "hunter2-pass" -AsPlainText -Force\n$port = 5432\n',
    "a signed URL": "https://db.example.com/c?sv=2020-08-04&sig=hunter2-pass&sp=r",
    "XML in one line": "<config><user>admin</user><password>hunter2-pass</password></config>",
    "attributes of XML": '<config>\n  <add key="Password" value="hunter2-pass"/>\n</config>\n',
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


@pytest.mark.parametrize(
    "line",
    [
        "db.example.com:5432:orders:admin:Zq7wK9Px2mLm4Dx",
        "admin:Zq7wK9Px2mLm4Dx@tcp(db.example.com:3306)/orders",
        "admin/Zq7wK9Px2mLm4Dx@db.example.com:1521/orders",
        "https://Zq7wK9Px2mLm4Dx@github.com/org/repo.git",
        'echo "admin:Zq7wK9Px2mLm4Dx" | chpasswd',
        "mysql -u root -pZq7wK9Px2mLm4Dx -h db.example.com",
    ],
)
def test_what_looks_random_within_a_word(line: str) -> None:
    """It is found without its neighbours, for it stands elsewhere without them."""
    assert "Zq7wK9Px2mLm4Dx" in secrets_in(line, Place("content"))


@pytest.mark.parametrize("sign", string.punctuation)
@pytest.mark.parametrize(
    "line",
    [
        "user password = {}",
        "  - Admin password:  {}",
        "# password = {}",
        "Server=tcp:db.example.com,1433;User ID=admin;Password={};Encrypt=true",
        "host=db.example.com password={} user=admin",
        "connect to db.example.com with password={} as admin",
        "mysql --password={} --host db.example.com",
        "mysql --password {} --host db.example.com",
        "mysql -u admin -p{} -h db.example.com",
        "curl -u admin:{} https://db.example.com/",
        "connect(password={})",
        "db: {{user: admin, password: {}}}",
        "name=DB_PASSWORD, value={}",
        "CREATE USER admin IDENTIFIED BY {} REQUIRE SSL",
    ],
)
def test_a_password_with_any_sign(line: str, sign: str) -> None:
    """A sign that parts other lines may be a letter of a password, and does not part it."""
    secret = f"Zq7w{sign}K9Px2mLm4Dx"
    found = secrets_in(line.format(secret), Place("content"))

    assert secret in found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('Server=db;Password=Zq7w"K9Px;Encrypt=true', {'Zq7w"K9Px'}),
        ('connection = "Server=db;Password=Zq7w\'K9Px;"', {"Zq7w'K9Px"}),
        ('{password: Zq7w"K9Px, user: app} # as agreed', {'Zq7w"K9Px'}),
        ('mysql --password=Zq7w"K9Px --host 10.0.0.1', {'Zq7w"K9Px'}),
        ('Server=db;Password=pa ss"w7 Rt9x;Encrypt=true', {'pa ss"w7 Rt9x'}),
    ],
)
def test_where_a_password_ends(text: str, found: set[str]) -> None:
    """It ends where the next name begins, or the line; in a connection string, spaces belong to it."""
    assert secrets_in(text, Place("content")) >= found


@pytest.mark.parametrize(
    "line",
    [
        'if [ "$DB_PASSWORD" = "" ]; then',
        'if [ "$DB_PASSWORD" == "" ]; then',
        "test \"$DB_PASSWORD\" = '' || exit 1",
        '[ -n "$A" ] || DB_PASSWORD=""; exit 1',
        'if (!$p -or $password = "") { exit 1 }',
        'sudo env DB_PASSWORD="" ./deploy.sh prod eu-west-1',
        'db: {user: app, password: ""} # region eu-west-1',
        "# The password: at least 12 characters long",
        "const key = void 0; const token_url = x;",
        '<li><span class="a">text</span></li>',
        "see (https://github.com/owner/repo/commit/x) for it",
        "docker run -p8080:80 web",
        "grep -q password=foo /etc/app1.conf; systemctl restart app1",
    ],
)
def test_no_password_in_a_line(line: str) -> None:
    """What is empty, what is compared and what has spaces around it is no password, nor is what follows it."""
    assert secrets_in(line, Place("user_data")) == set()


PUBLIC_LINES = r"""
yum install -y amazon-ssm-agent-3.2.582.0-1 docker-20.10.25
docker run -p8080:80 nginx:1.25.3-alpine@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
export DB_SECRET_ARN=arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdEf
git clone git@github.com:org-name/repo-name.git
SUBNET=subnet-0abc1234def567890
AMI=ami-0123456789abcdef0
image: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/payments-api:2024.01.15-a1b2c3d
callback: https://app.example.com/oauth2/callback
Server=tcp:sql-prod-01.database.windows.net,1433;Initial Catalog=orders-db-2;Authentication=Active Directory Default
auth: {provider: azure-ad-prod-01, mode: oauth2-pkce}
- key: node-pool-3
  operator: Equal
see secret my-app-prod and the password policy v2-strict-14
"""


@pytest.mark.parametrize("lines", [PUBLIC_LINES, *(f"set -e\n{line}" for line in PUBLIC_LINES.strip().splitlines())])
def test_no_ordinary_word_of_a_document(lines: str) -> None:
    """Nothing is searched for that a reviewer needs to read: images, versions, ids, names of secrets."""
    assert secrets_in(lines, Place("user_data")) == set()


@pytest.mark.parametrize("name", ["value", "password", "digest"])
def test_what_is_public_has_no_parts(name: str) -> None:
    """A digest has a name and a colon in front, an ARN many: they are one."""
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdEf"

    for text in (f"sha256:{digest}", f"registry.example.com/app:1@sha256:{digest}", secret):
        assert not secrets_in(text, Place(name))


def test_a_key_beside_a_value_is_a_name() -> None:
    """Tags, labels and taints have it."""
    value: Json = [{"key": "node-pool-3", "value": "payments-2"}, {"Key": "Team-7", "Value": "x"}]

    assert not any(is_secret(part, place.name) for part, place in take_value_apart(value, Place("content")))


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
