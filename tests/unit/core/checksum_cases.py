# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501
"""Texts with checksums in the layouts of publishers and tools, and how each is understood.

All digits are those of `DATA` or of `OTHER`, but for those of algorithms that Python
lacks, whose checksums have the length and no meaning.
"""

from __future__ import annotations

import base64
import hashlib

DATA, OTHER = b"an image", b"another image"

MD5, SHA1, SHA224, SHA256, SHA384, SHA512, SHA3, BLAKE2 = (
    hashlib.new(name, DATA).hexdigest()
    for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b")
)
MD5_OTHER, SHA1_OTHER, SHA256_OTHER, SHA512_OTHER, SHA3_OTHER = (
    hashlib.new(name, OTHER).hexdigest() for name in ("md5", "sha1", "sha256", "sha512", "sha3_256")
)
#: Digits of other algorithms, by length.
X32, X64, X128 = (hashlib.shake_128(DATA).hexdigest(size) for size in (16, 32, 64))
CRC = "1c291ca3"


def b64(digits: str, url_safe: bool = False) -> str:
    encode = base64.urlsafe_b64encode if url_safe else base64.b64encode
    return encode(bytes.fromhex(digits)).decode()


def wrapped(text: str, width: int, between: str = "\n") -> str:
    return between.join(text[at : at + width] for at in range(0, len(text), width))


def pairs(digits: str, between: str = " ") -> str:
    return wrapped(digits, 2, between)


def print_md(name: str, digits: str) -> str:
    """The layout of gpg --print-md: groups of eight, eight of them in a line."""
    lines = [wrapped(line, 8, " ") for line in wrapped(digits, 64).splitlines()]
    return f"{name}: " + ("\n" + " " * (len(name) + 2)).join(lines)


PGP = f"""-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

{{}}
-----BEGIN PGP SIGNATURE-----

{wrapped(base64.b64encode(bytes(range(256)) * 2).decode(), 64)}
=aBcD
-----END PGP SIGNATURE-----
"""

PRINT_MDS = "\n".join(
    f"img.raw: {name:>6} = {wrapped(digits.upper(), 8, ' ')}"
    for name, digits in (
        ("MD5", MD5),
        ("SHA1", SHA1),
        ("RMD160", SHA1_OTHER),
        ("SHA224", SHA224),
        ("SHA256", SHA256),
        ("SHA384", SHA384),
    )
)

#: Text, and the algorithm whose digits it has.
ACCEPTED: list[tuple[str, str]] = [
    # The digits alone.
    (MD5, "md5"),
    (SHA256, "sha256"),
    (SHA512, "sha512"),
    (SHA256.upper(), "sha256"),
    (f"\n\n\t{SHA512}  \r\n", "sha512"),
    (f"\ufeff{SHA256}", "sha256"),
    (f"{SHA256[:30]}\u200b{SHA256[30:]}", "sha256"),
    (f"“{SHA256}”", "sha256"),
    (f"`{SHA256}`", "sha256"),
    (f"<code>{SHA256}</code>", "sha256"),
    (f"0x{SHA256}", "sha256"),
    (f"[{SHA256}]", "sha256"),
    (f"{SHA256}.", "sha256"),
    (f"{SHA256};", "sha256"),
    # GNU coreutils, BusyBox, and lists of Debian, Ubuntu, CirrOS, Arch, openSUSE, Talos.
    (f"{MD5}  cirros-0.6.3-x86_64-disk.img", "md5"),
    (f"{SHA256} *noble-server-cloudimg-amd64.img", "sha256"),
    (f"{SHA256}  noble-server-cloudimg-amd64.img\n", "sha256"),
    (f"{SHA512}  debian-13-genericcloud-amd64.qcow2", "sha512"),
    (f"{SHA256}  ./Arch-Linux-x86_64-cloudimg.qcow2", "sha256"),
    (f"{SHA256}  openSUSE-Leap-16.0-Minimal-VM.x86_64-Cloud.qcow2", "sha256"),
    (f"{SHA512}  openstack-amd64.raw.xz", "sha512"),
    (f"{SHA512}  alpine-virt-3.23.0-x86_64.iso", "sha512"),
    (f"{SHA256}  -", "sha256"),
    (f"{SHA256}  vmlinuz", "sha256"),
    (f"{SHA256} img.raw", "sha256"),
    (f"{SHA256} - SHA-256", "sha256"),
    (f"\\{SHA256}  back\\\\slash.img", "sha256"),
    (f"{SHA256}\timg.raw", "sha256"),
    (f"$ sha256sum img.raw\n{SHA256}  img.raw\n$", "sha256"),
    (f"$ shasum -a 256 img.raw\n{SHA256}  img.raw", "sha256"),
    (f"user@host:~$ md5sum img.raw\n{MD5}  img.raw", "md5"),
    (f"{SHA256}  img-{SHA1}.raw", "sha256"),
    (f"{SHA256}  WHIRLPOOL.img", "sha256"),
    (f"{SHA256}  sha3-256/img.raw", "sha256"),
    # coreutils --tag, the BSDs, Fedora, Rocky, Alma, CentOS.
    (f"MD5 (img.raw) = {MD5}", "md5"),
    (f"SHA256 (FreeBSD-15.0-RELEASE-amd64-ufs.qcow2.xz) = {SHA256}", "sha256"),
    (f"SHA512 (FreeBSD-15.0-RELEASE-amd64-ufs.raw.xz) = {SHA512}", "sha512"),
    (
        f"# Rocky-10-GenericCloud.qcow2: 626196480 bytes\nSHA256 (Rocky-10.qcow2) = {SHA256}",
        "sha256",
    ),
    (
        f"# Fedora-Cloud-43.x86_64.qcow2: 1234 bytes\nSHA256 (Fedora-Cloud-43.x86_64.qcow2) = {SHA256}",
        "sha256",
    ),
    (f"SHA256 (a (copy 1).img) = {SHA256}", "sha256"),
    (f"SHA256 ({X128}.img) = {SHA256}", "sha256"),
    (f"SHA256(img.raw) = {SHA256}", "sha256"),
    (f"SHA256 (KECCAK-256) = {SHA256}", "sha256"),
    (f"SHA256 (img.raw) = {b64(SHA256)}", "sha256"),  # cksum --base64
    (f"SHA512 (img.raw) = {b64(SHA512)}", "sha512"),
    (f"MD5 (img.raw) = {b64(MD5)}", "md5"),
    (f"\\SHA256 (a\\nb.img) = {SHA256}", "sha256"),
    (PGP.format(f"SHA256 (AlmaLinux-10.qcow2) = {SHA256}"), "sha256"),
    (PGP.format(f"{SHA512}  img.raw"), "sha512"),
    (PGP.format(f"- {SHA512}"), "sha512"),
    # OpenSSL, old and new.
    (f"SHA256(img.raw)= {SHA256}", "sha256"),
    (f"SHA2-256(img.raw)= {SHA256}", "sha256"),
    (f"SHA2-512(img.raw)= {SHA512}", "sha512"),
    (f"MD5(img.raw)= {MD5}", "md5"),
    (f"SHA2-256(stdin)= {SHA256}", "sha256"),
    (f"(stdin)= {SHA256}", "sha256"),
    (f"SHA256(img.raw)= {pairs(SHA256, ':')}", "sha256"),
    (f"{SHA256} *img.raw", "sha256"),
    (f"$ openssl dgst -sha256 img.raw\nSHA2-256(img.raw)= {SHA256}", "sha256"),
    # certutil of Windows, in its languages, new and old.
    (
        f"SHA256 hash of img.raw:\n{SHA256}\nCertUtil: -hashfile command completed successfully.",
        "sha256",
    ),
    (
        f"SHA256 hash of file img.raw:\n{pairs(SHA256)}\nCertUtil: -hashfile command completed successfully.",
        "sha256",
    ),
    (f"MD5 hash of file C:\\Users\\Jane Doe\\img.raw:\n{pairs(MD5)}", "md5"),
    (
        f"SHA256-Hash von img.raw:\n{SHA256}\nCertUtil: -hashfile-Befehl wurde erfolgreich ausgeführt.",
        "sha256",
    ),
    (f"SHA512-Hash der Datei img.raw:\n{pairs(SHA512)}", "sha512"),
    (f"Hachage SHA256 de img.raw :\n{SHA256}", "sha256"),
    (f"Hash SHA256 de img.raw:\n{SHA256}", "sha256"),
    (f"Hash SHA256 di img.raw:\n{SHA256}", "sha256"),
    (f"Hash SHA256 do arquivo img.raw:\n{SHA256}", "sha256"),
    (f"SHA256-hash van img.raw:\n{SHA256}", "sha256"),
    (f"SHA256-hash för img.raw:\n{SHA256}", "sha256"),
    (f"Skrót SHA256 pliku img.raw:\n{SHA256}", "sha256"),
    (f"Hash SHA256 souboru img.raw:\n{SHA256}", "sha256"),
    (f"Хэш SHA256 img.raw:\n{SHA256}", "sha256"),
    (f"SHA256 的 img.raw 哈希:\n{SHA256}", "sha256"),
    (f"SHA256 ハッシュ (対象 img.raw):\n{SHA256}", "sha256"),
    (f"SHA256 해시(img.raw):\n{SHA256}", "sha256"),
    (f"img.raw için SHA256 karması:\n{SHA256}", "sha256"),
    # PowerShell.
    (
        f"Algorithm       Hash                          Path\n---------       ----                          ----\nSHA256          {SHA256.upper()}       C:\\img.raw",
        "sha256",
    ),
    (
        f"Algorithm : SHA256\nHash      : {SHA256.upper()}\nPath      : C:\\Users\\Jane Doe\\img.raw",
        "sha256",
    ),
    (
        f"Algorithm : SHA512\nHash      : {wrapped(SHA512.upper(), 66, chr(10) + ' ' * 12)}\nPath      : C:\\img.raw",
        "sha512",
    ),
    (f"Hash\n----\n{SHA256.upper()}", "sha256"),
    (f'"Algorithm","Hash","Path"\n"SHA256","{SHA256.upper()}","C:\\img.raw"', "sha256"),
    (pairs(SHA256.upper(), "-"), "sha256"),  # BitConverter
    # gpg --print-md and --print-mds.
    (print_md("img.raw", SHA256.upper()), "sha256"),
    (print_md("img.raw", SHA512.upper()), "sha512"),
    (f"img.raw: {pairs(MD5.upper())}", "md5"),
    (PRINT_MDS, "sha256"),
    # Names and headings.
    (f"sha256:{SHA256}", "sha256"),
    (f"sha512:{SHA512}", "sha512"),
    (f"md5:{MD5}", "md5"),
    (f"image@sha256:{SHA256}", "sha256"),
    (f"sha256={SHA256}", "sha256"),
    (f"sha256-{SHA256}", "sha256"),
    (f"SHA256 = {SHA256}", "sha256"),
    (f"SHA-256: {SHA256}", "sha256"),
    (f"SHA 256: {SHA256}", "sha256"),
    (f"SHA-2 256: {SHA256}", "sha256"),
    (f"SHA2-256: {SHA256}", "sha256"),
    (f"SHA_256: {SHA256}", "sha256"),
    (f"SHA2: {SHA256}", "sha256"),
    (f"SHA-2: {SHA512}", "sha512"),
    (f"MD-5: {MD5}", "md5"),
    (f"SHA-256 checksum: {SHA256}", "sha256"),
    (f"SHA256 Checksum (img.raw): {SHA256}", "sha256"),
    (f"Checksum (SHA-256): {SHA256}", "sha256"),
    (f"Checksum (MD5): {MD5}", "md5"),
    (f"SHA256-Summe: {SHA256}", "sha256"),
    (f"SHA256-Prüfsumme: {SHA256}", "sha256"),
    (f"Prüfsumme (SHA-512): {SHA512}", "sha512"),
    (f"Somme de contrôle SHA256 : {SHA256}", "sha256"),
    (f"Suma de comprobación SHA-256: {SHA256}", "sha256"),
    (f"Somma di controllo MD5: {MD5}", "md5"),
    (f"Контрольная сумма SHA256: {SHA256}", "sha256"),
    (f"SHA256校验和：{SHA256}", "sha256"),
    (f"SHA256 fingerprint: {pairs(SHA256.upper(), ':')}", "sha256"),
    (f"Checksum: {SHA256}", "sha256"),
    (f"Hash: {SHA256}", "sha256"),
    (f"The SHA-256 checksum of this image is {SHA256}.", "sha256"),
    (f"Ubuntu Server 24.04 SHA256: {SHA256}", "sha256"),
    (f"SHA256 of Debian 13: {SHA256}", "sha256"),
    (f"MD5/SHA256: {SHA256}", "sha256"),
    (f"SHA\u2011256: {SHA256}", "sha256"),
    (f"SHA\u2013512 \u2014 {SHA512}", "sha512"),
    (f"sha256.value: {SHA256}", "sha256"),
    (f"Hash SHA256 c\u1ee7a t\u1ec7p img.raw:\n{SHA256}", "sha256"),
    (f"SHA256 \u05e9\u05dc img.raw:\n{SHA256}", "sha256"),
    (f"SHA256SUMS-arm64\n{SHA256}  img.raw", "sha256"),
    (f"SHA256SUMS.txt\n{SHA256}  img.raw", "sha256"),
    (f"sha256sum-latest:\n{SHA256}", "sha256"),
    (f"CHECKSUMS.txt\n{SHA256}  img.raw", "sha256"),
    (f"SHASUMS256.txt\n{SHA256}  img.raw", "sha256"),
    (f"img.raw.sha256\n{SHA256}", "sha256"),
    (f"==> img.raw.sha512sum <==\n{SHA512}  img.raw", "sha512"),
    (f"SHA256\n\n{SHA256}", "sha256"),
    (f"SHA-512:\n\n{wrapped(SHA512, 64)}", "sha512"),
    (f"img.raw\n{SHA256}", "sha256"),
    (f"img.raw: {SHA256}", "sha256"),
    (f"https://example.org/images/img.raw\n{SHA256}", "sha256"),
    (f"# Checksums for Debian 13 cloud images\n{SHA512}  img.raw", "sha512"),
    (f"# Made on Monday by Jane Doe, who likes images\n{SHA512}  img.raw", "sha512"),
    (f"{SHA256} (SHA-256)", "sha256"),
    (f"{SHA256} [sha256]", "sha256"),
    (f"{SHA256}  SHA512SUMS", "sha256"),
    (f"{SHA256}  md5", "sha256"),
    (f"x-checksum-sha256: {SHA256}", "sha256"),
    (f"IMAGE_SHA256={SHA256}", "sha256"),
    (f"image_checksum: sha256:{SHA256}", "sha256"),
    (f"sha256sum = '{SHA256}'", "sha256"),
    (f'checksum = "sha512:{SHA512}"', "sha512"),
    (f"file_checksum_md5 = {MD5}", "md5"),
    (f"NetBSD: SHA512 (NetBSD-10.img.gz) = {SHA512}", "sha512"),
    (f"echo '{SHA256}  img.raw' | sha256sum -c", "sha256"),
    (f"sha256sum: {SHA256} OK", "sha256"),
    (f'iso_checksum_type = "sha256"\niso_checksum = "{SHA256}"', "sha256"),
    (f"| checksum | {MD5} |\n| os_hash_algo | sha512 |\n| os_hash_value | {SHA512} |", "sha512"),
    # Flatcar's DIGESTS, Gentoo's too.
    (
        f"# MD5 HASH\n{MD5}  img.bz2\n# SHA1 HASH\n{SHA1}  img.bz2\n# SHA512 HASH\n{SHA512}  img.bz2\n",
        "sha512",
    ),
    (f"# BLAKE2B HASH\n{BLAKE2}  img.iso\n# SHA512 HASH\n{SHA512}  img.iso\n", "sha512"),
    (f"# SHA512 HASH\n{SHA512}  img.iso\n# WHIRLPOOL HASH\n{X128}  img.iso\n", "sha512"),
    # JSON and YAML: simplestreams, CoreOS streams, Artifactory, Google Cloud Storage, Glance.
    (f'"sha256": "{SHA256}"', "sha256"),
    (f'"sha256_hash": "{SHA256}"', "sha256"),
    (f'"md5_hash": "{MD5}",', "md5"),
    (f"sha256_checksum: {SHA256}", "sha256"),
    (f'"md5Hash": "{b64(MD5)}",', "md5"),
    (f'"sha256Hash": "{SHA256}"', "sha256"),
    (f'"checksumSha256": "{SHA256}"', "sha256"),
    (
        f'{{"ftype": "disk1.img", "md5": "{MD5}", "path": "server/x.img", "sha256": "{SHA256}", "size": 12}}',
        "sha256",
    ),
    (
        f'"disk1.img": {{\n  "ftype": "disk1.img",\n  "md5": "{MD5}",\n  "path": "x.img",\n  "sha256": "{SHA256}",\n  "size": 12\n}}',
        "sha256",
    ),
    (
        f'"disk": {{\n "location": "https://example.org/x.qcow2.xz",\n "signature": "https://example.org/x.sig",\n "sha256": "{SHA256}",\n "uncompressed-sha256": "{SHA256_OTHER}"\n}}',
        "sha256",
    ),
    (
        f'"checksums" : {{\n  "sha1" : "{SHA1}",\n  "md5" : "{MD5}",\n  "sha256" : "{SHA256}"\n}},\n"originalChecksums" : {{\n  "sha256" : "{SHA256}"\n}}',
        "sha256",
    ),
    (f'"crc32c": "n03x6A==",\n"md5Hash": "{b64(MD5)}"', "md5"),
    (f'{{"algorithm": "sha256", "hash": "{SHA256}"}}', "sha256"),
    (f'{{"hash": "{SHA256}", "algorithm": "sha256"}}', "sha256"),
    (f'"os_hash_algo": "sha512", "os_hash_value": "{SHA512}"', "sha512"),
    (f"  file: img.iso\n  sha256: {SHA256}\n  sha512: {SHA512}\n", "sha512"),
    (f"&quot;sha256&quot;: &quot;{SHA256}&quot;", "sha256"),
    # HTTP: Digest, Content-Digest, Repr-Digest, Content-MD5, x-goog-hash; integrity of scripts.
    (f"Content-Digest: sha-256=:{b64(SHA256)}:", "sha256"),
    (f"Repr-Digest: sha-512=:{b64(SHA512)}:", "sha512"),
    (f"Repr-Digest: sha-256=:{b64(SHA256)}:, sha-512=:{b64(SHA512)}:", "sha512"),
    (f"Digest: SHA-256={b64(SHA256)}", "sha256"),
    (f"Digest: unixsum=30637, sha-256={b64(SHA256)}", "sha256"),
    (f"Content-MD5: {b64(MD5)}", "md5"),
    (f"x-goog-hash: crc32c=n03x6A==,md5={b64(MD5)}", "md5"),
    (f"x-amz-checksum-sha256: {b64(SHA256)}", "sha256"),
    (f"sha256-{b64(SHA256)}", "sha256"),
    (f"sha512-{b64(SHA512)}", "sha512"),
    (f"sha256-{b64(SHA256, url_safe=True)}", "sha256"),
    (f"sha384-{b64(SHA384)} sha512-{b64(SHA512)}", "sha512"),
    (f"SHA256:{b64(SHA256).rstrip('=')}", "sha256"),  # OpenSSH
    (b64(SHA256), "sha256"),
    (f"SHA512: {wrapped(b64(SHA512), 64)}", "sha512"),
    (wrapped(b64(SHA512), 76), "sha512"),
    # Wrapped and grouped.
    (wrapped(SHA512, 66), "sha512"),
    (wrapped(SHA512, 114), "sha512"),
    (wrapped(SHA256, 40), "sha256"),
    (wrapped(SHA256, 60, "\r\n"), "sha256"),
    (wrapped(SHA512, 72, "\n> "), "sha512"),
    (wrapped(SHA512, 75, "=\n"), "sha512"),
    (wrapped(SHA512, 80, " \\\n  "), "sha512"),
    (f"SHA-256: {wrapped(SHA256, 32, ' ')}", "sha256"),
    (f"{wrapped(SHA512, 48)} SHA-512", "sha512"),
    (wrapped(SHA512, 48), "sha512"),
    (f"SHA512: {wrapped(SHA512, 64)}", "sha512"),
    (f"SHA512 (img.raw) = {wrapped(SHA512, 32)}", "sha512"),
    (f"SHA512: {wrapped(SHA512, 97)}  img.raw", "sha512"),
    (f"MD5: {wrapped(MD5, 16, ' ')}", "md5"),
    (wrapped(SHA256, 8, " "), "sha256"),
    (wrapped(SHA256, 4, ":"), "sha256"),
    (", ".join(f"0x{pair}" for pair in pairs(SHA256).split()), "sha256"),
    # Pasted tables.
    (f"| File | Size | SHA256 |\n|---|---|---|\n| img.raw | 12 GB | {SHA256} |", "sha256"),
    (f"File\tMD5\tSHA256\nimg.raw\t{MD5}\t{SHA256}", "sha256"),
    (f"| File | SHA3-256 | SHA-256 |\n|---|---|---|\n| img.raw | {SHA3} | {SHA256} |", "sha256"),
    (f"name,sha1,sha256\nimg.raw,{SHA1},{SHA256}", "sha256"),
    (f"<tr><td>SHA256</td><td>{SHA256}</td></tr>", "sha256"),
    (f"Note; see SHA512\nSHA256: {SHA256}; checked", "sha256"),
    (f"| SHA256 | {SHA256} |\n| SHA512 | {SHA512} |", "sha512"),
    (f"| Release | Codename | SHA256 |\n|---|---|---|\n| 13 | Trixie | {SHA256} |", "sha256"),
    (
        f"| Image | MD5 | WHIRLPOOL | SHA512 |\n|-|-|-|-|\n| img | {MD5} | {X128} | {SHA512} |",
        "sha512",
    ),
    # Several algorithms: the strongest.
    (f"{MD5}\n{SHA256}\n{SHA512}", "sha512"),
    (f"MD5: {MD5} SHA1: {SHA1} SHA256: {SHA256}", "sha256"),
    (f"MD5: {MD5}\nSHA3-256: {SHA3}", "md5"),
    (f"CRC32: {CRC}\nMD5: {MD5}\nSHA1: {SHA1}", "md5"),
    (f"SHA3-256: {SHA3}\nSHA256: {SHA256}", "sha256"),
    (f"SHA-384: {SHA384}\nSHA-256: {SHA256}", "sha256"),
    (f"{MD5}\n{SHA1}\n{SHA256}", "sha256"),
    # Names of variables, and words around them.
    (f'export DEBIAN_SHA256="{SHA256}"', "sha256"),
    (f"ARG BASE_IMAGE_SHA512SUM={SHA512}", "sha512"),
    (f"DEBIAN_12_MD5='{MD5}'", "md5"),
    (f"Verify with sha256sum; it must print {SHA256}", "sha256"),
    (f"The sum should match: {SHA256}", "sha256"),
    (f"Please verify them before you use the image!\n\n{SHA256}  img.raw", "sha256"),
    (
        f"Use this command:\n\ntail +13 CHECKSUMS.md5 | md5sum --check | less\n\n{MD5}  ./img.raw",
        "md5",
    ),
    (f"InstallerSha256: {SHA256.upper()}", "sha256"),
    # Languages whose words are not listed.
    (f"SHA-256 ellenőrzőösszeg: {SHA256}", "sha256"),
    (f"Sağlama toplamı (SHA256): {SHA256}", "sha256"),
    # As in a URL.
    (f"https://example.org/img.raw?checksum=sha256%3A{SHA256}", "sha256"),
    # A file of this name, and not another algorithm.
    (f"SHA256 (tree) = {SHA256}", "sha256"),
    # Elements and attributes of documents.
    (f"<sha256>{SHA256}</sha256>", "sha256"),
    (f"<sha1>{SHA1}</sha1><md5>{MD5}</md5><sha256>{SHA256}</sha256>", "sha256"),
    (f"SHA256:<br/>{SHA256[:40]}<br />{SHA256[40:]}", "sha256"),
    (
        f"<tr><th>File</th><th>BLAKE3</th><th>SHA256</th></tr><tr><td>img.raw</td><td>{X64}</td><td>{SHA256}</td></tr>",
        "sha256",
    ),
    (
        f"<tr>\n <th>SHA256</th>\n <th>BLAKE3</th>\n</tr>\n<tr>\n <td>{SHA256}</td>\n <td>{X64}</td>\n</tr>",
        "sha256",
    ),
    (
        f'<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>{b64(SHA256)}</ds:DigestValue>',
        "sha256",
    ),
    (f"<blake3>{X64}</blake3><sha256>{SHA256}</sha256>", "sha256"),
    (f'<hash type="sha3-256">{SHA3}</hash><hash type="sha-256">{SHA256}</hash>', "sha256"),
    (f'<hash algorithm="SHA-512"><value>{SHA512}</value></hash>', "sha512"),
    (f'<file name="img.raw" size="12345678" md5="{MD5}" sha1="{SHA1}"/>', "md5"),
    (f'<a href="img.raw" title="SHA256: {SHA256}">img.raw</a>', "sha256"),
    (f'<button data-sha256="{SHA256}">Copy</button>', "sha256"),
    (f'<script integrity="sha512-{b64(SHA512)}"></script>', "sha512"),
    (f"<p>SHA256: <tt>{SHA256[:32]}<wbr>{SHA256[32:]}</tt></p>", "sha256"),
    (f"SHA256 <{SHA256}>", "sha256"),
    (f"<sha256:{SHA256}>", "sha256"),
    # hashdeep, whose lines on its own call are no names.
    (
        f"%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n## Invoked from: /tmp\n## $ hashdeep img.raw\n##\n12345,{MD5},{SHA256},/tmp/img.raw",
        "sha256",
    ),
    (
        f"%%%% HASHDEEP-1.0\n%%%% size,md5,whirlpool,filename\n## Invoked from: /tmp\n12345,{MD5},{X128},/tmp/img.raw",
        "md5",
    ),
    # Debian's Release files: the size stands after the digits.
    (f"SHA256:\n {SHA256}  12345678 main/img.raw", "sha256"),
]

#: Text, and the words that are named as the reason.
UNKNOWN: list[tuple[str, str]] = [
    (f"WHIRLPOOL (img.raw) = {X128}", "WHIRLPOOL"),
    (f"Whirlpool(img.raw)= {X128}", "Whirlpool"),
    (f"XXH128 (img.raw) = {X32}", "XXH128"),
    (f"XXH3_128bits: {X32}", "XXH3_128bits"),
    (f"SHAKE-256 (img.raw) = {X64}", "SHAKE-256"),
    (f"SHAKE256(img.raw)= {X64}", "SHAKE256"),
    (f"KECCAK-256 (img.raw) = {X64}", "KECCAK-256"),
    (f"GOST: {X64}", "GOST"),
    (f"ГОСТ Р 34.11-2012: {X64}", "ГОСТ"),
    (f"Streebog-256 (img.raw) = {X64}", "Streebog-256"),
    (f"Streebog 512: {X128}", "Streebog"),
    (f"SNEFRU-256: {X64}", "SNEFRU-256"),
    (f"Skein-512 (img.raw) = {X128}", "Skein-512"),
    (f"Skein512256: {X64}", "Skein512256"),
    (f"RIPEMD-128: {X32}", "RIPEMD-128"),
    (f"RIPEMD256: {X64}", "RIPEMD256"),
    (f"HAVAL128,4: {X32}", "HAVAL128"),
    (f"Tiger/128: {X32}", "Tiger/128"),
    (f"MD2: {X32}", "MD2"),
    (f"MD4 (img.raw) = {X32}", "MD4"),
    (f"MD6: {X64}", "MD6"),
    (f"SM3(img.raw)= {X64}", "SM3"),
    (f"BLAKE2b (img.raw) = {BLAKE2}", "BLAKE2b"),
    (f"BLAKE2s256: {X64}", "BLAKE2s256"),
    (f"b3sum: {X64}", "b3sum"),
    (f"BLAKE3: {X64}", "BLAKE3"),
    (f"k12: {X64}", "k12"),
    (f"KangarooTwelve: {X64}", "KangarooTwelve"),
    (f"SHA3-256 (img.raw) = {SHA3}", "SHA3-256"),
    (f"SHA3: {SHA3}", "SHA3"),
    (f"SHA-3 256: {SHA3}", "SHA-3-256"),
    (f"SHA 3: {SHA3}", "SHA-3"),
    (f"SHA: {X64}", "SHA"),
    (f"SHA512/256: {X64}", "SHA512/256"),
    (f"SHA-512 / 256: {X64}", "SHA-512/256"),
    (f"SHA512t256 (img.raw) = {X64}", "SHA512t256"),
    (f"HMAC-SHA256(img.raw)= {X64}", "HMAC-SHA256"),
    (f"HMAC-SHA2-256(img.raw)= {X64}", "HMAC-SHA2-256"),
    (f"HMAC SHA256: {X64}", "hmac SHA256"),
    (f"SHA256d: {X64}", "SHA256d"),
    (f"sha256tree: {X64}", "sha256tree"),
    (f"SHA-256 WHIRLPOOL: {X64}", "WHIRLPOOL"),
    (f"Whirlpool hash of img.raw:\n{X128}", "Whirlpool"),
    (f"Hachage WHIRLPOOL de img.raw :\n{X128}", "WHIRLPOOL"),
    (f"Somme de contrôle WHIRLPOOL : {X128}", "WHIRLPOOL"),
    (f"WHIRLPOOL-Hash von img.raw:\n{X128}", "WHIRLPOOL-Hash"),
    (f"# WHIRLPOOL HASH\n{X128}  img.iso", "WHIRLPOOL"),
    (f"WHIRLPOOL\nimg.raw\n\n{X128}", "WHIRLPOOL"),
    (f"WHIRLPOOL:\n{wrapped(X128, 64)}", "WHIRLPOOL"),
    (f"WHIRLPOOL (img.raw) = {wrapped(X128, 64)}", "WHIRLPOOL"),
    (f"img.raw.whirlpool\n{X128}", "img.raw.whirlpool"),
    (f"whirlpool.txt\n{X128}", "whirlpool.txt"),
    (f"SHA3SUMS.asc\n{X64}  img.raw", "SHA3SUMS.asc"),
    (f"blake3.hash: {X64}", "blake3.hash"),
    (f"==> img.raw.b3 <==\n{X64}", "img.raw.b3"),
    (f"Checksum (BLAKE3): {X64}", "BLAKE3"),
    (f"img.raw (BLAKE3): {X64}", "BLAKE3"),
    (f"{X64} (BLAKE3)", "BLAKE3"),
    (f"{X64}  SHA3-256", "SHA3-256"),
    (f"{X128} WHIRLPOOL", "WHIRLPOOL"),
    (f"{X64} - BLAKE3", "BLAKE3"),
    (f'"blake3": "{X64}"', "blake3"),
    (f'"hash_type": "whirlpool", "hash": "{X128}"', "whirlpool"),
    (f'{{"hash": "{X128}", "algorithm": "whirlpool"}}', "whirlpool"),
    (f'{{\n "hash": "{X64}",\n "algorithm": "sha3-256"\n}}', "sha3-256"),
    (f"Algorithm : RIPEMD256\nHash      : {X64}\nPath      : C:\\img.raw", "RIPEMD256"),
    (f"Algorithm  Hash  Path\n---------  ----  ----\nSM3  {X64}  C:\\img.raw", "SM3"),
    (f"| File | BLAKE3 |\n|---|---|\n| img.raw | {X64} |", "BLAKE3"),
    (f"| Algorithm | Hash |\n|---|---|\n| BLAKE3 | {X64} |", "BLAKE3"),
    (f"name,sha1,blake3\nimg.raw,{SHA1},{X64}", "sha1"),
    (f"| File | SHA1 | WHIRLPOOL |\n|-|-|-|\n| SHA512SUMS | {SHA1} | {X128} |", "SHA1"),
    (f"WHIRLPOOL of Debian Trixie Netinst\n{X128}", "WHIRLPOOL"),
    (f"id: {X32}", "id"),
    (f"Content-Digest: id-sha-256=:{b64(X64)}:", "id-sha-256"),
    (f"Hash: WHIRLPOOL\n{X128}", "WHIRLPOOL"),
    (f"Content-Digest: sha3-256=:{b64(SHA3)}:", "sha3-256"),
    (f"ed25519: {b64(X64)}", "ed25519"),
    (f"SHA3-256 (img.raw) = {b64(SHA3)}", "SHA3-256"),
    (f"SHA1: {SHA1}", "SHA1"),
    # Elements of documents.
    (f"<blake3>{X64}</blake3>", "blake3"),
    (f"<whirlpool>{X128}</whirlpool>", "whirlpool"),
    (f'<hash type="sha3-256">{SHA3}</hash>', "sha3-256"),
    (f"<tr><th>File</th><th>BLAKE3</th></tr><tr><td>img.raw</td><td>{X64}</td></tr>", "BLAKE3"),
    (f"These are the BLAKE3 sums of the images.\n\n{X64}  img.raw", "BLAKE3"),
    (f'<hash algorithm="SM3"><value>{X64}</value></hash>', "SM3"),
    # Other checksums that are made with a supported algorithm.
    (f"SHA256 (tree): {X64}", "tree SHA256"),
    (f"Authenticode SHA256: {X64}", "authenticode SHA256"),
    (f"fs-verity sha256: {X64}", "fs-verity sha256"),
    (f"BUILD_HMAC_SHA256={X64}", "BUILD_HMAC_SHA256"),
    (f"IMAGE_BLAKE3={X64}", "IMAGE_BLAKE3"),
]

#: Text, the digits that were counted, and the algorithm that was named, if any.
WRONG_LENGTH: list[tuple[str, int, str]] = [
    (SHA1, 40, ""),
    (SHA224, 56, ""),
    (SHA384, 96, ""),
    (SHA256[:-1], 63, ""),
    (SHA256 + "0", 65, ""),
    (wrapped(SHA1, 32), 40, ""),
    (f"md5: {SHA256}", 64, "md5"),
    (f"SHA512 (img.raw) = {SHA256}", 64, "sha512"),
    (f"sha256: {MD5}", 32, "sha256"),
    (f"SHA256: {SHA256[:-2]}", 62, "sha256"),
    (f"SHA256: {wrapped(SHA512, 66)}", 128, "sha256"),
    (f"SHA2: {SHA1}", 40, ""),
]

#: Texts with no digits of a checksum at all.
NOTHING: list[str] = [
    "",
    "no checksum here",
    "abcdef",
    "2026-11-28 10:35",
    f"{SHA256[:32]}...{SHA256[40:]}",
    f"SHA256: {SHA256[:32]}…",
    "https://example.org/SHA256SUMS",
    f"g{MD5}",
    f"{MD5}xyz",
    f"build-{SHA256}.qcow2",
    f"{SHA256}-amd64.img",
    "d41d8cd9-8f00-b204-e980-0998ecf8427e",
    "MD5: d41d8cd9-8f00-b204-e980-0998ecf8427e",
    "SHA256",
    f"b2-{b64(X64)}",
    PGP.format("no list"),
]

#: Texts of which no part is the checksum for certain.
SEVERAL: list[str] = [
    f"{MD5} {MD5_OTHER}",
    f"{SHA256}\n{SHA256_OTHER}",
    wrapped(SHA512, 64),
    wrapped(SHA512, 32),
    wrapped(SHA256, 32),
    wrapped(SHA384, 64),
    wrapped(SHA384, 32),
    f"{SHA256}  a.img\n{SHA256_OTHER}  b.img",
    f"SHA256: {SHA256}\nSHA256: {SHA256_OTHER}",
    f"SHA256 (a) = {SHA256} SHA256 (b) = {SHA256_OTHER}",
]
