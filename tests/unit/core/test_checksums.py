# SPDX-License-Identifier: Apache-2.0
import contextlib
import time

import pytest

from helion_images_panel.core.checksums import (
    Checksum,
    NotAChecksum,
    SeveralChecksums,
    UnknownName,
    WrongLength,
    parse,
    read,
)
from tests.unit.core import checksum_cases as cases

MD5 = "d41d8cd98f00b204e9800998ecf8427e"
SHA256 = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
SHA512 = "cf83e1357eefb8bd" * 8
SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"


def grouped(digits, size, between=" "):
    return between.join(digits[at : at + size] for at in range(0, len(digits), size))


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
        # digits in the name of a file
        (f"{SHA256}  build-{SHA1}.qcow2", "sha256", SHA256.lower()),
        (f"{SHA256}  {SHA1}.qcow2", "sha256", SHA256.lower()),
        (f"{SHA256} *images/{MD5}", "sha256", SHA256.lower()),
        (f"SHA256 ({SHA512}.img) = {SHA256}", "sha256", SHA256.lower()),
        (f"build-{SHA1}.qcow2: {SHA256}", "sha256", SHA256.lower()),
        # digits in groups
        (grouped(SHA256, 8), "sha256", SHA256.lower()),
        (f"image.qcow2: {grouped(SHA256, 8)}", "sha256", SHA256.lower()),
        (grouped(SHA256, 2, ":"), "sha256", SHA256.lower()),
        (grouped(MD5, 4), "md5", MD5),
        (f"SHA512: {grouped(SHA512[:64], 8)}\r\n      {grouped(SHA512[64:], 8)}", "sha512", SHA512),
        # of a programmer
        (f"0x{SHA256}", "sha256", SHA256.lower()),
        (f"sha256 = 0X{SHA256}", "sha256", SHA256.lower()),
        # several algorithms: the strongest that can be checked
        (f"{MD5}\n{SHA256}", "sha256", SHA256.lower()),
        (f"MD5: {MD5} SHA256: {SHA256}", "sha256", SHA256.lower()),
        (f"SHA512: {SHA512}, MD5: {MD5}", "sha512", SHA512),
        (f"SHA1\n{SHA1}\n\nSHA256\n{SHA256}\n", "sha256", SHA256.lower()),
        (f"SHA1: {SHA1}\nSHA256: {SHA256}", "sha256", SHA256.lower()),
        (f"SHA3-256: {SHA256[::-1]}\nSHA256: {SHA256}", "sha256", SHA256.lower()),
        # signed, by another algorithm than the list is of
        (
            f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{SHA512}  a.iso\n",
            "sha512",
            SHA512,
        ),
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
        f"{SHA256} a\n{SHA256[::-1]} b",
        f"SHA3-256\n{SHA256}",
        f"{MD5} {MD5[::-1]}",
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


DIGITS = {"md5": cases.MD5, "sha256": cases.SHA256, "sha512": cases.SHA512}


@pytest.mark.parametrize(("text", "algorithm"), cases.ACCEPTED)
def test_layouts_of_publishers_and_tools(text, algorithm):
    assert parse(text) == Checksum(algorithm, DIGITS[algorithm])


@pytest.mark.parametrize(("text", "name"), cases.UNKNOWN)
def test_digits_of_another_algorithm_are_refused_with_its_name(text, name):
    with pytest.raises(UnknownName) as refusal:
        parse(text)
    assert refusal.value.name == name


@pytest.mark.parametrize(("text", "digits", "algorithm"), cases.WRONG_LENGTH)
def test_a_wrong_number_of_digits_is_refused_with_the_number(text, digits, algorithm):
    with pytest.raises(WrongLength) as refusal:
        parse(text)
    assert (refusal.value.digits, refusal.value.algorithm) == (digits, algorithm)


@pytest.mark.parametrize("text", cases.NOTHING)
def test_a_text_without_a_checksum_is_refused(text):
    with pytest.raises(NotAChecksum) as refusal:
        parse(text)
    assert type(refusal.value) is NotAChecksum


@pytest.mark.parametrize("text", cases.SEVERAL)
def test_a_text_with_several_checksums_is_refused(text):
    with pytest.raises(SeveralChecksums):
        parse(text)


def digits_of(number, length=64):
    return f"{number:x}".rjust(length, "0")


LIST = f"""# debian.qcow2: 1234 bytes
{digits_of(1)}  ./debian.qcow2
{digits_of(2)} *debian.qcow2.manifest
{digits_of(3)}  old-debian.qcow2
{digits_of(4)}  debian.iso
"""
TAGGED = f"""-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

# fedora.qcow2: 1234 bytes
SHA256 (fedora.qcow2) = {digits_of(5)}
# fedora.raw.xz: 12 bytes
SHA256 (fedora.raw.xz) = {digits_of(6)}
"""
BLOCKS = f"""SHA1:
{digits_of(7, 40)}  a.img
{digits_of(8, 40)}  b.img
SHA256:
{digits_of(9)}  a.img
{digits_of(10)}  b.img
"""
BY_FILE = f"""a.img
MD5: {digits_of(11, 32)}
SHA256: {digits_of(12)}
b.img
MD5: {digits_of(13, 32)}
SHA256: {digits_of(14)}
"""


PATHS_BELOW = f"""Algorithm : SHA256
Hash      : {digits_of(17)}
Path      : C:\\a.img

Algorithm : SHA256
Hash      : {digits_of(18)}
Path      : C:\\b.img
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        (LIST, "debian.qcow2", 1),
        (LIST, "debian.qcow2.manifest", 2),
        (LIST, "old-debian.qcow2", 3),
        (LIST, "debian.iso", 4),
        (TAGGED, "fedora.qcow2", 5),
        (TAGGED, "fedora.raw.xz", 6),
        (BLOCKS, "a.img", 9),
        (BLOCKS, "b.img", 10),
        (BY_FILE, "a.img", 12),
        (BY_FILE, "b.img", 14),
        # As a Mac writes it, and as the list does.
        (f"{digits_of(19)}  e\u0301.img\n{digits_of(20)}  b.img", "\u00e9.img", 19),
        (PATHS_BELOW, "a.img", 17),
        (PATHS_BELOW, "b.img", 18),
        # A file that was given another name by whoever has it.
        (f"{digits_of(15)}  published.img", "mine.img", 15),
    ],
)
def test_the_line_of_a_list_that_names_the_file(text, name, number, ends):
    found = parse(text.replace("\n", ends), name)
    assert found == Checksum("sha256", digits_of(number))


OF_A, OF_B = digits_of(21), digits_of(22)


@pytest.mark.parametrize(
    "text",
    [
        f"<tr><td>a.img</td><td>{OF_A}</td></tr><tr><td>b.img</td><td>{OF_B}</td></tr>",
        f"<h3>a.img</h3><dl><dt>SHA256<dd>{OF_A}</dl><h3>b.img</h3><dl><dt>SHA256<dd>{OF_B}</dl>",
        f"<li>a.img<br>SHA256: {OF_A}</li><li>b.img<br>SHA256: {OF_B}</li>",
        f"<f name='a.img' sha256='{OF_A}'/><f name='b.img' sha256='{OF_B}'/>",
        f"<f><name>a.img</name><sha256>{OF_A}</sha256></f>"
        f"<f><name>b.img</name><sha256>{OF_B}</sha256></f>",
        f'{{"a.img": "{OF_A}", "b.img": "{OF_B}"}}',
        f'[{{"name":"a.img","sha256":"{OF_A}"}},{{"name":"b.img","sha256":"{OF_B}"}}]',
        f'[{{"sha256":"{OF_A}","name":"a.img"}},{{"sha256":"{OF_B}","name":"b.img"}}]',
    ],
)
@pytest.mark.parametrize(("name", "digits"), [("a.img", OF_A), ("b.img", OF_B)])
def test_a_document_in_one_line_is_read_as_a_list(text, name, digits):
    assert parse(text, name) == Checksum("sha256", digits)


@pytest.mark.parametrize("text", [LIST, TAGGED, BLOCKS, BY_FILE, PATHS_BELOW])
@pytest.mark.parametrize("name", ["", "another.img", "img", "qcow2"])
def test_a_list_that_says_nothing_of_the_file(text, name):
    with pytest.raises(SeveralChecksums):
        parse(text, name)


def test_the_files_own_line_counts_though_it_cannot_be_checked():
    with pytest.raises(NotAChecksum):
        parse(f"{SHA1}  mine.img\n{SHA256}  other.img", "mine.img")


@pytest.mark.parametrize(
    "text", [" " * 65536, "ab " * 21845, "a" * 65536, "(" * 65536, "sha1" * 16384]
)
def test_whatever_is_pasted_is_read_in_a_moment(text):
    began = time.monotonic()
    with pytest.raises(NotAChecksum):
        parse(text, "mine.img")
    assert time.monotonic() - began < 5


#: As many characters as the form takes.
PASTED = 65536
#: Names that begin wherever the digits below do, and end elsewhere; short ones, and too long ones.
ALMOST = [f"{MD5} " * times + "z" for times in (7, 990)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *((f"{MD5} " * 1985, name) for name in ALMOST),
        *((f"{MD5} " * 990 + "." + f"\n{MD5}" * 990, name) for name in ALMOST),
        *(
            (f"{'/' * (PASTED // 2)}\n" + f"{MD5}\n" * 990, "/" * times + "z")
            for times in (9, 32000)
        ),
        (("sha256 " * (PASTED // 14)) + "\n" + f"{SHA256}\n" * 500, "mine.img"),
        ("sha256 " * (PASTED // 14) + "\n" + f"{MD5}\n" * 990, "mine.img"),
        ("(" * (PASTED // 2) + f" {MD5}" * 990, "mine.img"),
        (f".{MD5}" * 1985, "mine.img"),
        (f"{MD5} md5(" * 1700, "mine.img"),
        (("aa" + " " * 300) * 217, "mine.img"),
        (("aa" + " " * 1000 + "z ") * 65, "mine.img"),
        (("aa " * 2000 + "aaz ") * 10, "mine.img"),
        ("aa" + "\t" * (PASTED - 2), "mine.img"),
        ("aa\n" * (PASTED // 3), "mine.img"),
        *(
            (part * (PASTED // len(part)), "mine.img")
            for part in ("<a ", "<a>", "<td>", " <td", "[", '{"a":', "\n")
        ),
        ("<a " + "x" * 999 + ">" * 64, "mine.img"),
        (("<a " + "x" * 990 + ">") * 65, "mine.img"),
        (("<a " + "x = " * 240 + ">") * 66, "mine.img"),
        (("<a " + "md5" * 330 + "='" + ">") * 66, "mine.img"),
        (("<a>" + " " * 1000) * 65, "mine.img"),
        ("A" * (PASTED - 9) + "_MD5", "mine.img"),
        ("A_" * (PASTED // 2), "mine.img"),
    ],
)
def test_a_text_made_to_keep_the_dashboard_busy_does_not(text, name):
    began = time.process_time()
    with contextlib.suppress(NotAChecksum):
        parse(text[:PASTED], name)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("algorithm", ["sha512", "sha256", "md5", "blake2b", "sha3_256"])
def test_what_is_written_is_read(algorithm):
    checksum = Checksum(algorithm, "0123456789abcdef" * 4)
    assert read(str(checksum)) == checksum


@pytest.mark.parametrize("text", ["", "sha256", ":", f"sha256:{SHA256}", "sha256:12 34", "<b>:12"])
def test_what_was_not_written_here_is_not_read(text):
    with pytest.raises(NotAChecksum):
        read(text)
