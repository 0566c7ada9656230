# SPDX-License-Identifier: Apache-2.0
"""Properties of the reader of checksums that hold for all texts of a kind."""

import hashlib
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helion_images_panel.core.checksums import Checksum, NotAChecksum, parse
from tests.unit.core.checksum_cases import b64, wrapped

#: `tox -e thorough` tries more of each.
MORE = 5 if os.environ.get("THOROUGH") else 1

LENGTHS = {"md5": 32, "sha256": 64, "sha512": 128}

#: Names of algorithms that cannot be checked. The rule knows none of them.
FOREIGN_NAMES = """
    SHA3-256 SHA3-512 SHA-512/256 SHA512t256 SHA3_256 SHAKE128 SHAKE-256 KECCAK-256 Keccak512
    BLAKE2b BLAKE2b-256 BLAKE2s BLAKE2sp BLAKE3 b2sum b3sum RIPEMD-128 RMD256 WHIRLPOOL Whirlpool-T
    Tiger Tiger2-128 HAVAL256 HAVAL-128 SNEFRU-128 snefru256 Skein-256 Skein-512 MD2 MD4 MD6-256
    SM3 GOST GOST94 gostcrypto Streebog-256 streebog512 LSH-256 JH-256 Groestl-256 Grøstl FSB-256
    CubeHash-512 ECHO-256 Luffa-256 Fugue-256 Hamsi-512 BMW-256 XXH128 xxh3_128 MurmurHash3
    CityHash128 FarmHash128 SipHash-128 SpookyHash T1HA2 MeowHash k12 KangarooTwelve TurboSHAKE128
    M14 ParallelHash256 TupleHash128 KMAC256 cSHAKE128 HMAC-SHA256 HMAC-MD5 hmac_sha512 SHA256d
    SHA256-128 MD5-SHA Ascon-Hash256 Poseidon Pedersen Kupyna-256 Kupyna512 PANAMA RadioGatun
    ed2k AICH TTH BTIH DoubleSHA256 sha256tree MACTripleDES Стрибог
"""
FOREIGN = st.sampled_from(FOREIGN_NAMES.split())
#: Made-up names: letters and a number, as those of algorithms to come.
INVENTED = st.from_regex(r"Zq[a-z]{2,8}(-?(128|256|512))?", fullmatch=True)
CASED = st.sampled_from([str, str.upper, str.lower])
FILE = st.sampled_from(
    ["img.raw", "noble-server-cloudimg-amd64.img", "SHA256.img", "a (1).qcow2", "md5/img.iso"]
)

#: Layouts with a name before the digits.
NAMED = st.sampled_from(
    [
        "{name} ({file}) = {digits}",
        "{name}({file})= {digits}",
        "{name}: {digits}",
        "{name}:{digits}",
        "{name} : {digits}",
        "{name} = {digits}",
        "{name}={digits}",
        "{name} {digits}",
        "{name}\t{digits}",
        "{name}\n{digits}",
        "{name}:\n\n{digits}",
        "{name}\n{digits}  {file}",
        "# {name} HASH\n{digits}  {file}",
        "{name} hash of {file}:\n{digits}\nCertUtil: -hashfile command completed successfully.",
        "{name}-Hash von {file}:\n{digits}",
        "Hachage {name} de {file} :\n{digits}",
        "{name} checksum: {digits}",
        "Checksum ({name}): {digits}",
        "Algorithm : {name}\nHash      : {digits}\nPath      : C:\\img.raw",
        '"{name}": "{digits}"',
        '"{name}_hash": "{digits}",',
        '{{"algorithm": "{name}", "hash": "{digits}"}}',
        '{{"hash": "{digits}", "algorithm": "{name}"}}',
        "| {name} | {digits} |",
        "| File | {name} |\n|---|---|\n| img.raw | {digits} |",
        "<li><b>{name}</b>: <code>{digits}</code></li>",
        "- {name}: `{digits}`",
        "{digits} ({name})",
        "{digits} {name}",
        "{digits} - {name}",
        "{digits}\t{name}",
        "{digits} # {name}",
    ]
)
ALGORITHM = st.sampled_from(list(LENGTHS))
SPELLED = {
    "md5": ["md5", "MD5", "MD-5", "md5sum", "MD5SUMS"],
    "sha256": ["sha256", "SHA256", "SHA-256", "SHA2-256", "sha256sum", "SHA256SUMS"],
    "sha512": ["sha512", "SHA512", "SHA-512", "SHA2-512", "sha512sum", "SHA512SUMS"],
}


@st.composite
def checksums(draw):
    algorithm = draw(ALGORITHM)
    return algorithm, hashlib.new(algorithm, draw(st.binary(max_size=8))).hexdigest()


@st.composite
def shapes(draw, algorithm, digits):
    """The digits in one piece or wrapped, as they stay one checksum when they are named."""
    cased = draw(CASED)(digits)
    shape = draw(st.sampled_from(["plain", "plain", "lines", "groups", "base64"]))
    if shape == "plain":
        return cased
    if shape == "base64":
        return b64(digits)
    if shape == "groups":
        return wrapped(cased, draw(st.sampled_from([2, 4, 8, 16])), draw(st.sampled_from(" :")))
    # Lines that are themselves as long as the checksum of an algorithm are tried elsewhere.
    width = draw(st.integers(20, len(digits)).filter(lambda width: width not in (32, 64)))
    return wrapped(cased, width, draw(st.sampled_from(["\n", "\r\n", "\n    "])))


@given(st.data())
@settings(max_examples=300 * MORE)
def test_a_named_checksum_is_accepted_in_every_layout(data):
    algorithm, digits = data.draw(checksums())
    name = data.draw(st.sampled_from(SPELLED[algorithm]))
    text = data.draw(NAMED).format(
        name=name, file=data.draw(FILE), digits=data.draw(shapes(algorithm, digits))
    )
    assert parse(text) == Checksum(algorithm, digits)


@given(st.data())
@settings(max_examples=600 * MORE)
def test_a_checksum_of_another_algorithm_is_never_accepted(data):
    algorithm, digits = data.draw(checksums())
    name = data.draw(CASED)(data.draw(FOREIGN | INVENTED))
    text = data.draw(NAMED).format(
        name=name, file=data.draw(FILE), digits=data.draw(shapes(algorithm, digits))
    )
    with pytest.raises(NotAChecksum):
        parse(text)


@given(st.data())
@settings(max_examples=300 * MORE)
def test_neighbours_of_other_algorithms_do_not_change_the_checksum(data):
    """Of several checksums of the file, each named, the supported one is used."""
    algorithm, digits = data.draw(checksums())
    name = data.draw(st.sampled_from(SPELLED[algorithm]))
    other = hashlib.shake_128(digits.encode()).hexdigest(LENGTHS[algorithm] // 2)
    layout = data.draw(st.sampled_from(["{}: {}", "{} (img.raw) = {}", '"{}": "{}",', "# {}\n{}"]))
    lines = [
        layout.format(name, data.draw(shapes(algorithm, digits))),
        layout.format(data.draw(FOREIGN | INVENTED), data.draw(shapes(algorithm, other))),
    ]
    text = data.draw(st.sampled_from(["\n", "\n\n", "\r\n"])).join(
        data.draw(st.permutations(lines))
    )
    assert parse(text) == Checksum(algorithm, digits)


@given(checksums(), st.integers(1, 127), st.sampled_from(["\n", "\r\n", "\n\t"]))
@settings(max_examples=300 * MORE)
def test_digits_wrapped_at_any_width_are_joined_after_a_name(checksum, width, between):
    algorithm, digits = checksum
    text = f"{algorithm}:{between}{wrapped(digits, width, between)}"
    assert parse(text) == Checksum(algorithm, digits)


@given(st.text(max_size=200))
@settings(max_examples=200 * MORE)
def test_any_text_is_read_or_refused(text):
    try:
        found = parse(text, text[:20])
    except NotAChecksum:
        return
    assert len(found.value) == LENGTHS[found.algorithm]
