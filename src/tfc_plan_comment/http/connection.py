"""A connection that sends what it is told and nothing else: no netrc entry, no cookie, no redirect."""

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from tfc_plan_comment import __version__
from tfc_plan_comment.errors import SettingsError
from tfc_plan_comment.http.body import Body
from tfc_plan_comment.http.deadline import Deadline
from tfc_plan_comment.http.head import InTime, head_until

# Seconds to connect, and between two pieces of an answer.
TIMEOUTS = (10.0, 60.0)
# The statuses that say of no request that it is wrong: the same one may go well a little later.
PASSING = (429, 500, 502, 503, 504)
# Seconds that a server gets even where nearly no time is left.
SHORTEST = 1.0
# Seconds for a whole answer, from the first byte that is sent to the last that comes; what goes to a file has its own.
LONGEST = 120.0


class _Authorization(AuthBase):
    """The bearer token, or none.

    Either way it keeps requests from looking for credentials: without an `auth`, requests takes them from the netrc
    file or from the URL itself, and puts them in the place of the header that we have set.
    """

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Http(requests.Session):
    """Even where requests does not follow a redirect, it prepares to, and trips over an address that is none."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: redirects are followed by hand."""


class Connection:
    """Sends requests, all with the same token (or none) and the same trust.

    Proxy variables are honoured, except for loopback addresses. Which certificates are trusted is decided by the
    first that is given of: `ca_bundle`, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE.
    """

    def __init__(
        self,
        *,
        token: str | None,
        ca_bundle: Path | None,
        headers: Mapping[str, str] | None = None,
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        self._ca_bundle, self._timeouts = ca_bundle, timeouts
        self._http = _Http()
        for scheme in ("https://", "http://"):
            self._http.mount(scheme, InTime())
        self._http.auth = _Authorization(token)
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # By default requests asks for whatever it can unpack, and that depends on what else is installed.
        accepted = {"Accept-Encoding": "gzip, deflate"}
        self._http.headers.update({"User-Agent": f"tfc-plan-comment/{__version__}", **accepted, **(headers or {})})
        self._http.verify = _ssl_cert_file() or True

    def send(  # noqa: PLR0913 (what HTTP consists of)
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
        until: Deadline,
    ) -> requests.Response:
        """The answer, whatever its status; with `stream`, its body is still to be read.

        No wait for the server is longer than there is time `until` then, or a second if that is less. However it is
        read, the head and the `content` of an answer are bounded in bytes and in time.

        Raises:
            requests.RequestException: there is no answer, or none of a sane size. Its text holds the URL and must not
                be shown.
            SettingsError: the environment names a CA bundle that is not there.
        """
        until = Deadline.after(max(min(until.left, LONGEST), SHORTEST), until.clock)
        connect, read = (min(seconds, until.left) for seconds in self._timeouts)
        try:
            with head_until(until):
                answer = self._http.request(
                    method,
                    url,
                    data=body,
                    headers=headers,
                    stream=True,
                    allow_redirects=False,
                    timeout=(connect, read),
                    # Given here and not to the session, which would let REQUESTS_CA_BUNDLE win.
                    verify=None if self._ca_bundle is None else str(self._ca_bundle),
                    proxies={"no_proxy": urlsplit(url).hostname or ""} if is_loopback(url) else None,
                )
            answer.raw = Body(answer.raw, until)
            if not stream:
                _ = answer.content  # which requests keeps
        except requests.RequestException:
            raise
        except OSError:  # all that requests says of a CA bundle that is not there
            raise SettingsError(
                "Environment",
                "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names a file that is not in the action's container",
                "Unset it, or give a file of the workspace in the input ca-bundle",
            ) from None
        return answer

    def close(self) -> None:
        """Close the sockets."""
        self._http.close()


def may_pass(error: requests.RequestException) -> bool:
    """True if asking again may help: the network fails now and then, but a certificate does not get better."""
    broken = (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError)
    passing = (requests.ConnectionError, requests.Timeout, *broken)
    return isinstance(error, passing) and not isinstance(error, requests.exceptions.SSLError)


def is_loopback(url: str) -> bool:
    """True if the URL's host is this machine: localhost, 127.0.0.0/8 or ::1."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        [
            "fd00:ec2::254",  # Amazon EC2 User Guide, "Access instance metadata"
            "fd00:ec2::23",  # Amazon EKS User Guide, "Set up the Amazon EKS Pod Identity Agent"
            "100.100.100.200",  # cloud-init, "AliYun": Alibaba Cloud
        ],
    )
)
"""The addresses that are not link-local at which a cloud tells its machines their credentials."""


def is_metadata_address(url: str) -> bool:
    """True if the URL names its host by an address of a cloud's metadata.

    That is any link-local one (169.254.0.0/16, fe80::/10), and those that are known beside it.
    The system reads `2852039166`, `0xa9fea9fe` and `::ffff:169.254.169.254` as 169.254.169.254, too.
    """
    host = urlsplit(url).hostname or ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        try:
            address = ipaddress.ip_address(socket.inet_aton(host))
        except (OSError, UnicodeError):
            return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    named = mapped or address
    return named.is_link_local or named in _METADATA


def check_ca_bundle(path: Path) -> None:
    """Say early, and in words, that a file is no CA bundle: requests would say it as an OSError, at the first request.

    Raises:
        SettingsError: it cannot be read, or holds no PEM certificate.
    """
    try:
        ssl.create_default_context(cafile=path)
    except OSError:  # ssl.SSLError is one
        raise SettingsError(
            "Input ca-bundle",
            f"{str(path)!r} cannot be read as PEM certificates",
            "Use a file with one or more blocks that start with -----BEGIN CERTIFICATE-----",
        ) from None


def _ssl_cert_file() -> str | None:
    """The file that SSL_CERT_FILE names, as Python's ssl module reads it; requests does not know the variable."""
    paths = ssl.get_default_verify_paths()
    return None if paths.cafile == paths.openssl_cafile else paths.cafile
