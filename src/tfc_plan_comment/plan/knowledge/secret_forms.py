"""The published forms of tokens and keys, and what stands in the place of a secret and is none.

The forms are those of two lists of what must not get into a repository, which their communities keep up to date.
"""

import msgspec

_GITLEAKS = "gitleaks/gitleaks@009e025a, config/gitleaks.toml"
_NOSEY_PARKER = "praetorian-inc/noseyparker, crates/noseyparker/data/default/builtin/rules"


class SecretForm(msgspec.Struct, frozen=True):
    """One form: a text that begins, or goes on after a few characters, with a prefix that only such secrets have."""

    kind: str
    prefix: str
    rest: str
    """A regular expression of what follows the prefix."""
    source: str
    """The list, and the id of its rule."""
    before: str = ""
    """A regular expression, of one length, of what stands in front of the prefix and belongs to the secret."""
    is_name: bool = False
    """The prefix is the name of the secret, and stays."""


_END = r"(?![A-Za-z0-9])"
"""Of a form that has one length: what goes on is something else."""


def _of_gitleaks(kind: str, prefixes: str, rest: str, rule: str, *, before: str = "") -> tuple[SecretForm, ...]:
    """One form for each of the prefixes, which are separated by spaces."""
    return tuple(SecretForm(kind, prefix, rest, f"{_GITLEAKS}, {rule}", before) for prefix in prefixes.split())


def _named(kind: str, names: str, rest: str, source: str) -> tuple[SecretForm, ...]:
    return tuple(SecretForm(kind, f"{name}=", rest, source, is_name=True) for name in names.split())


SECRET_FORMS: tuple[SecretForm, ...] = (
    # `AKIAIOSFODNN7EXAMPLE` and its like stand in the documentation of AWS, and in gitleaks' list of what is allowed.
    *_of_gitleaks(
        "AWS access key", "AKIA ASIA ABIA ACCA", rf"(?!.{{9}}EXAMPLE)[A-Z2-7]{{16}}{_END}", "aws-access-token"
    ),
    *_of_gitleaks("Google API key", "AIza", r"[\w-]{35}(?![\w-])", "gcp-api-key"),
    SecretForm("Google OAuth client secret", "GOCSPX-", r"[\w-]{28}", f"{_NOSEY_PARKER}/google.yml, np.google.2"),
    SecretForm("Google OAuth access token", "ya29.", r"[\w-]{20,}", f"{_NOSEY_PARKER}/google.yml, np.google.4"),
    *_of_gitleaks("Entra ID client secret", "Q~", r"[\w~.-]{31,34}", "azure-ad-client-secret", before=r"[\w~.]{3}\d"),
    *_named(
        "key of a connection string",
        "AccountKey SharedAccessKey SharedSecretValue",
        r"[A-Za-z0-9+/%]{20,}={0,3}",
        f"{_NOSEY_PARKER}/azure.yml, np.azure.1",
    ),
    *_named(
        "signature of a URL",
        "sig",
        r"[A-Za-z0-9+/%]{43,}={0,2}",
        "Microsoft Learn, Create a service SAS: the signature is an HMAC with SHA-256 in base64",
    ),
    *_named(
        "signature of a URL",
        "X-Amz-Signature X-Goog-Signature",
        r"[0-9a-fA-F]{64,}",
        "AWS, Authenticating requests: using query parameters; Google Cloud, Signed URLs",
    ),
    *_named(
        "session token of a URL",
        "X-Amz-Security-Token",
        r"[A-Za-z0-9+/%]{40,}={0,2}",
        "AWS, Authenticating requests: using query parameters",
    ),
    *_of_gitleaks("GitHub token", "ghp_", r"[A-Za-z0-9]{36,}", "github-pat"),
    *_of_gitleaks("GitHub token", "gho_", r"[A-Za-z0-9]{36,}", "github-oauth"),
    *_of_gitleaks("GitHub token", "ghu_ ghs_", r"[A-Za-z0-9]{36,}", "github-app-token"),
    *_of_gitleaks("GitHub token", "ghr_", r"[A-Za-z0-9]{36,}", "github-refresh-token"),
    *_of_gitleaks("GitHub token", "github_pat_", r"\w{82,}", "github-fine-grained-pat"),
    *_of_gitleaks("GitLab token", "glpat-", r"[\w-]{20,}(?:\.[0-9a-z]{9})?", "gitlab-pat, gitlab-pat-routable"),
    *_of_gitleaks("GitLab token", "gldt-", r"[\w-]{20,}", "gitlab-deploy-token"),
    *_of_gitleaks("GitLab token", "glrt-", r"[\w-]{20,}(?:\.[0-9a-z]{9})?", "gitlab-runner-authentication-token"),
    *_of_gitleaks("GitLab token", "glptt-", r"[0-9a-f]{40,}", "gitlab-ptt"),
    *_of_gitleaks("GitLab token", "glcbt-", r"[0-9a-zA-Z]{1,5}_[\w-]{20,}", "gitlab-cicd-job-token"),
    *_of_gitleaks("GitLab token", "glsoat-", r"[\w-]{20,}", "gitlab-scim-token"),
    *_of_gitleaks("GitLab token", "glagent-", r"[\w-]{50,}", "gitlab-kubernetes-agent-token"),
    *_of_gitleaks("GitLab token", "gloas-", r"[\w-]{64,}", "gitlab-oauth-app-secret"),
    *_of_gitleaks(
        "HCP Terraform token", ".atlasv1.", r"[\w-]{60,}", "hashicorp-tf-api-token", before=r"[A-Za-z0-9]{14}"
    ),
    *_of_gitleaks("Vault token", "hvs.", r"[\w-]{90,}", "vault-service-token"),
    *_of_gitleaks("Vault token", "hvb.", r"[\w-]{138,}", "vault-batch-token"),
    # Twenty-four letters without a digit are words: gitleaks allows them.
    *_of_gitleaks("Vault token", "s.", rf"(?![A-Za-z]{{24}})[A-Za-z0-9]{{24}}{_END}", "vault-service-token"),
    *_of_gitleaks("Slack token", "xoxb- xoxp-", r"\d{8,14}-[\w-]{10,}", "slack-bot-token, slack-user-token"),
    *_of_gitleaks("Slack token", "xoxe- xoxe.xoxb- xoxe.xoxp-", r"\d-[A-Za-z0-9]{140,}", "slack-config-access-token"),
    *_of_gitleaks("Slack token", "xoxa- xoxr-", r"(?:\d-)?[0-9A-Za-z]{16,48}", "slack-legacy-workspace-token"),
    *_of_gitleaks("Slack token", "xoxo- xoxs-", r"\d+-\d+-\d+-[0-9a-fA-F]{10,}", "slack-legacy-token"),
    *_of_gitleaks("Slack token", "xapp-", r"\d-[A-Za-z0-9]+-\d+-[A-Za-z0-9]{10,}", "slack-app-token"),
    *_of_gitleaks(
        "Slack webhook",
        "hooks.slack.com/",
        r"(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,}",
        "slack-webhook-url",
    ),
    *_of_gitleaks(
        "Stripe key",
        "sk_live_ rk_live_ sk_prod_ rk_prod_ sk_test_ rk_test_",
        r"[A-Za-z0-9]{16,}",
        "stripe-access-token",
    ),
    *_of_gitleaks("npm token", "npm_", rf"[A-Za-z0-9]{{36}}{_END}", "npm-access-token"),
    *_of_gitleaks("PyPI token", "pypi-", r"AgEIcHlwaS5vcmc[\w-]{50,}", "pypi-upload-token"),
    *_of_gitleaks("RubyGems token", "rubygems_", rf"[a-f0-9]{{48}}{_END}", "rubygems-api-token"),
    *_of_gitleaks("DigitalOcean token", "dop_v1_", rf"[a-f0-9]{{64}}{_END}", "digitalocean-pat"),
    *_of_gitleaks("DigitalOcean token", "doo_v1_", rf"[a-f0-9]{{64}}{_END}", "digitalocean-access-token"),
    *_of_gitleaks("DigitalOcean token", "dor_v1_", rf"[a-f0-9]{{64}}{_END}", "digitalocean-refresh-token"),
    *_of_gitleaks("SendGrid key", "SG.", r"[\w-]{22}\.[\w-]{43}", "sendgrid-api-token"),
    *_of_gitleaks("Twilio key", "SK", rf"[0-9a-fA-F]{{32}}{_END}", "twilio-api-key"),
    *_of_gitleaks(
        "OpenAI key", "sk-proj- sk-svcacct- sk-admin-", r"[\w-]{58,74}T3BlbkFJ[\w-]{58,74}", "openai-api-key"
    ),
    *_of_gitleaks("OpenAI key", "sk-", r"[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}", "openai-api-key"),
    *_of_gitleaks("Anthropic key", "sk-ant-api03- sk-ant-admin01-", r"[\w-]{93}AA", "anthropic-api-key"),
    *_of_gitleaks("Hugging Face token", "hf_", rf"[A-Za-z]{{34}}{_END}", "huggingface-access-token"),
    *_of_gitleaks("JSON Web Token", "eyJ", r"[A-Za-z0-9]{16,}\.ey[\w/-]{17,}\.[\w/-]{10,}={0,2}", "jwt"),
    *_of_gitleaks("age key", "AGE-SECRET-KEY-", r"1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", "age-secret-key"),
    *_of_gitleaks("Doppler token", "dp.pt.", r"[A-Za-z0-9]{43}", "doppler-api-token"),
    *_of_gitleaks("Databricks token", "dapi", rf"[a-f0-9]{{32}}(?:-\d)?{_END}", "databricks-api-token"),
    *_of_gitleaks("New Relic key", "NRAK-", rf"[A-Za-z0-9]{{27}}{_END}", "new-relic-user-api-key"),
    *_of_gitleaks("Pulumi token", "pul-", rf"[a-f0-9]{{40}}{_END}", "pulumi-api-token"),
    *_of_gitleaks("Grafana token", "glsa_", r"[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}", "grafana-service-account-token"),
    *_of_gitleaks("Grafana token", "glc_", r"[A-Za-z0-9]{16}[A-Za-z0-9+/]{16,}={0,3}", "grafana-cloud-api-token"),
    *_of_gitleaks("Atlassian token", "ATATT3", r"[\w=-]{186}", "atlassian-api-token"),
    *_of_gitleaks("Artifactory key", "AKCp", rf"[A-Za-z0-9]{{69}}{_END}", "artifactory-api-key"),
    *_of_gitleaks("Dynatrace token", "dt0c01.", r"[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}", "dynatrace-api-token"),
    *_of_gitleaks("Linear key", "lin_api_", r"[A-Za-z0-9]{40}", "linear-api-key"),
    *_of_gitleaks("Postman key", "PMAK-", r"[a-fA-F0-9]{24}-[a-fA-F0-9]{34}", "postman-api-token"),
    *_of_gitleaks("Sentry token", "sntryu_", r"[a-f0-9]{64}", "sentry-user-token"),
    *_of_gitleaks("Sentry token", "sntrys_", r"eyJpYXQiO\w{7}[\w+/=]{53,}", "sentry-org-token"),
    *_of_gitleaks("PlanetScale token", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[\w-]{32,}", "planetscale-api-token"),
    *_of_gitleaks("Infracost key", "ico-", rf"[A-Za-z0-9]{{32}}{_END}", "infracost-api-token"),
    *_of_gitleaks(
        "1Password token", "ops_", r"eyJ[A-Za-z0-9]{13}[A-Za-z0-9+/]{237,}={0,3}", "1password-service-account-token"
    ),
    *_of_gitleaks("Shopify token", "shpat_ shpca_ shppa_ shpss_", rf"[a-fA-F0-9]{{32}}{_END}", "shopify-access-token"),
    *_of_gitleaks("Notion token", "ntn_", r"[0-9]{11}[A-Za-z0-9]{35}", "notion-api-token"),
    *_of_gitleaks("OpenShift token", "sha256~", r"[\w-]{43}(?![\w-])", "openshift-user-token"),
)

PLACEHOLDER = (
    # gitleaks, the global allow list, and those of curl-auth-user: what a template writes, and what nobody changed.
    r"\W*|true|false|null|(?P<one>.)(?P=one)*|change(?:it|me)|pass(?:word)?|pwd|test|token"
    r"|[$%@{<\[(`!].*|\*+.*"
    # Words of ours, and of languages in which names have types.
    r"|yes|no|on|off|none|nil|enabled?|disabled?|required|optional|string|str|any|secret|undefined|redacted"
)
"""What stands where a secret would, and is none: nothing is hidden for it."""

REFERENCE = (
    r"arn:.*"  # AWS, "Amazon Resource Names": of the secret, which stands in Secrets Manager or Parameter Store
    r"|(?:secretref|vault|ssm|secretsmanager|keyvault|gcpsm|op|sm|awssm|ref\+[a-z]+):.*"
    r"|(?:var|local|data|module|each|self|path|env|os|process|config|settings|secrets|vars|params)\.[\w.\[\]\"'-]+.*"
    r"|[A-Za-z_][\w.]*[(\[].*"  # a call, or an element
)
"""What says where the secret is: a name in a store of secrets, a variable, a call."""
