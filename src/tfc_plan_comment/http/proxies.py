"""The proxy of a request, where it is of a kind that requests cannot use."""

from urllib.parse import urlsplit
from urllib.request import getproxies_environment

import requests

USE_HTTP = "Name an http:// or https:// proxy in it, or except the host in NO_PROXY"
"""What to do about a SOCKS proxy."""


def name_socks_proxy(error: Exception, url: str) -> str | None:
    """The environment variable that names a SOCKS proxy for the URL, if the request failed for it; else None.

    requests needs PySocks for one, and says nothing but InvalidSchema without it. Which variable counts is told as in
    requests.utils.select_proxy.
    """
    if not isinstance(error, requests.exceptions.InvalidSchema):
        return None
    proxies = getproxies_environment()
    name = next((name for name in (urlsplit(url).scheme, "all") if proxies.get(name)), None)
    return f"{name.upper()}_PROXY" if name and proxies[name].lower().startswith("socks") else None
