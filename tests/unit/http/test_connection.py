"""Where a redirect leads is told by the host that its address names, however that is written."""

import pytest

from tfc_plan_comment.http.connection import is_metadata_address


@pytest.mark.parametrize(
    ("host", "is_one"),
    [
        *((host, True) for host in ("169.254.169.254", "169.254.169.254:443", "[fe80::1]", "[fe80::1%25eth0]")),
        *((host, True) for host in ("2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518")),
        *((host, True) for host in ("[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "user@169.254.169.254")),
        *((host, True) for host in ("[fd00:ec2::254]", "[fd00:ec2::254%25eth0]", "[FD00:EC2:0::254]:443")),
        *((host, True) for host in ("[fd00:ec2::23]", "100.100.100.200", "0x646464c8", "[::ffff:100.100.100.200]")),
        *((host, False) for host in ("[fd00:ec2::253]", "[fd00::254]", "100.100.100.201")),
        *((host, False) for host in ("10.0.0.1", "127.0.0.1", "[::1]", "example.com", "169.254.169.254.example.com")),
        *((host, False) for host in ("", "a b", "\u0661\u0662", "167772161")),
    ],
)
def test_an_address_of_metadata_in_any_spelling(host: str, is_one: bool) -> None:  # noqa: FBT001 - a case
    """Also as one number, with octal or hexadecimal parts, and inside an address of IPv6."""
    assert is_metadata_address(f"https://{host}/latest/meta-data") is is_one
