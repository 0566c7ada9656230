# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.checksums import Checksum, NotAChecksum, parse, read

MD5 = "d41d8cd98f00b204e9800998ecf8427e"
SHA256 = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
SHA512 = "cf83e1357eefb8bd" * 8


@pytest.mark.parametrize(
    ("text", "algorithm", "value"),
    [
        (MD5, "md5", MD5),
        (SHA256, "sha256", SHA256.lower()),
        (SHA512, "sha512", SHA512),
        (f"  {SHA512}\r\n", "sha512", SHA512),
        (f"sha256:{SHA256}", "sha256", SHA256.lower()),
        (f"SHA-256: {SHA256}", "sha256", SHA256.lower()),
        (f"sha256sum {SHA256}", "sha256", SHA256.lower()),
        (f"MD5SUM: {MD5}", "md5", MD5),
        # coreutils, text and binary
        (f"{SHA512}  debian-13-generic-amd64.qcow2", "sha512", SHA512),
        (f"{SHA256} *noble-server-cloudimg-amd64.img", "sha256", SHA256.lower()),
        # coreutils --tag, and the BSDs
        (
            f"SHA256 (Fedora-Cloud-Base-Generic-43.x86_64.qcow2) = {SHA256}",
            "sha256",
            SHA256.lower(),
        ),
        (f"SHA2-512(image.qcow2)= {SHA512}", "sha512", SHA512),
        # the name of another algorithm in the name of a file
        (f"SHA256 (image-md5-1.img) = {SHA256}", "sha256", SHA256.lower()),
        (f"SHA512 (SHA256) = {SHA512}", "sha512", SHA512),
        (f"{SHA256}  SHA512SUMS", "sha256", SHA256.lower()),
        (f"{SHA256}  md5", "sha256", SHA256.lower()),
        # the same twice
        (f"{MD5} {MD5.upper()}", "md5", MD5),
    ],
)
def test_one_checksum_in_the_words_of_its_publisher(text, algorithm, value):
    assert parse(text) == Checksum(algorithm, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no checksum",
        "abcdef",
        MD5[:-1],
        SHA256 + "0",
        "0" * 40,  # SHA-1
        "0" * 96,  # SHA-384
        "g" + MD5,
        MD5 + "xyz",
        f"{MD5}\n{SHA256}",
        f"{SHA256} a\n{SHA256[::-1]} b",
        # digits of one algorithm under the name of another
        f"md5:{SHA256}",
        f"SHA512 (image) = {SHA256}",
        f"sha256: {MD5}",
        # algorithms of the same length that cannot be checked
        f"SHA3-256 (image) = {SHA256}",
        f"SHA512/256 (image) = {SHA256}",
        f"SHA512t256 (image) = {SHA256}",
        f"blake2b:{SHA512}",
        f"BLAKE2b-512 (image) = {SHA512}",
    ],
)
def test_anything_else_is_none(text):
    with pytest.raises(NotAChecksum):
        parse(text)


@pytest.mark.parametrize("algorithm", ["sha512", "sha256", "md5", "blake2b", "sha3_256"])
def test_what_is_written_is_read(algorithm):
    checksum = Checksum(algorithm, "0123456789abcdef" * 4)
    assert read(str(checksum)) == checksum


@pytest.mark.parametrize("text", ["", "sha256", ":", f"sha256:{SHA256}", "sha256:12 34", "<b>:12"])
def test_what_was_not_written_here_is_not_read(text):
    with pytest.raises(NotAChecksum):
        read(text)
