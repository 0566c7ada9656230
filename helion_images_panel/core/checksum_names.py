# SPDX-License-Identifier: Apache-2.0
"""The algorithm that the words before a checksum name.

Many algorithms have checksums of the same length, and new ones appear. Their names are
therefore not listed: a word that is neither one of the supported algorithms, nor a
common word, nor the name of a file, is taken for an unsupported algorithm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Algorithms by the number of hexadecimal digits of their checksums, weakest first.
ALGORITHMS = {32: "md5", 64: "sha256", 128: "sha512"}


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SHA2 = frozenset(("sha256", "sha512"))

#: Words that say that a checksum follows, in the languages of common tools.
_CHECKSUM_WORDS = words_of("""
    hash hashes shasum shasums hashsum hashsums hashwert hashwerte checksum checksums sum sums
    digest digests fingerprint hachage hachages empreinte somme suma soma somma summe prüfsumme
    prüfsummen controlesom hashwaarde kontrollsumma kontrollsummor kontrolsum kontrollsum
    tarkistussumma tiiviste skrót součet kivonata kivonat karması sağlama özeti хэш хеш сумма
    ハッシュ チェックサム ハッシュ値 해시 체크섬
    """)

#: Other words that name no algorithm.
_COMMON_WORDS = _CHECKSUM_WORDS | words_of("""
    a an the this that these is are was were be of for from in on at by to and or with below above
    here see all each following your our its it as has have which after before
    algorithm algorithms algo alg value values hex hexadecimal hexdigest base64 b64 encoded encoding
    string lowercase uppercase expected computed calculated actual official published verify
    verified verification integrity check correct original originalchecksums
    file files filename filenames name names path image images img iso disk disks volume cloudimg
    qcow2 qcow raw vmdk vhd vhdx vdi ova vm cloud server size sizes length count bytes byte kb mb
    gb kib mib gib bit bits type types ftype kind format version release build arch architecture
    date time created updated modified last published author url uri link links href source sources
    target download downloads mirror location description note title label etag null none
    true false
    stdin os check content contents repr want data body header payload response request x amz goog
    meta minio ms blob object bucket upload http https ftp www
    amd64 arm64 aarch64 x86 x64 x86_64 i386 i686 ppc64le ppc64el s390x riscv64 armhf
    please them they you we if want any can may will not no do does use using used following follows
    compare test listed ones directory run once make sure contains contain less more tail cat grep
    installer package archive media boot kernel rootfs initrd binary appliance template release
    releases
    must should print prints output equal equals match matches
    ok certutil hashfile command completed successfully openssl dgst get filehash powershell
    begin end pgp gpg signed message
    von der die das des dem den für datei wert lautet ist mit
    de du la le les l d fichier fichiers pour par contrôle valeur image est avec
    del el los archivo fichero para por valor verificación comprobación control resumen imagen
    di il lo della dello per controllo valore immagine
    do da dos arquivo ficheiro verificação valor imagem
    van het een bestand voor waarde controlegetal
    för av fil filen til av tiedosto tiedoston
    plik pliku dla z kontrolna kontrolní soubor souboru pro fájl
    dosya dosyası için
    файла файл файле для контрольная значение алгоритм алгоритму по
    """)

#: Characters of the words before a checksum in Chinese, Japanese and Korean.
_COMMON_SIGNS = frozenset(
    "的哈希值校验和验码杂凑散列摘要文件检查总この対象ハッシュのファイルチェックサム해시의값파일체크섬"
)

#: Words that name the object of a checksum, such as a release.
_FOR = frozenset(("for", "für", "pour", "para"))

#: Words that make another algorithm of the one that follows.
MODIFIERS = words_of(
    """
    hmac keyed salted double tree merkle mgf1 pbkdf2 hkdf prf truncated xof mac authenticode verity
    fs-verity fsverity dm-verity rsa ecdsa
    """
)

#: Maximum number of unknown words in a line that may be the name of an algorithm.
_MAX_NAME_WORDS = 5

#: Numbers of bits at the end of the names of algorithms.
_SIZES = words_of("128 160 192 224 256 320 384 512 1024")

#: Suffixes of images, archives and lists. The suffix of another file may name an algorithm.
_SUFFIXES = words_of("""
    raw img qcow2 qcow iso vmdk vhd vhdx vdi ova ovf box xz gz bz2 zst zstd lz4 zip 7z tar tgz txz
    aki ami ari ploop bin dmg wim efi squashfs ext4 rootfs txt text asc sig sign gpg json yaml yml
    xml csv html htm md sum sums checksum checksums digests digest hash value
    hex manifest list log disk disk1 cloudimg
    com org net io dev de
    """)

#: Those of lists, whose names may tell the algorithm.
_LIST_SUFFIXES = words_of(
    "txt text asc sig sign gpg csv sum sums checksum checksums list digest hash value hex"
)

_WORD = re.compile(r"[\w./+~\\-]+")
_FILE = re.compile(r"\w\.[a-z]\w*[\W_]*(?:$|\s)|\bfile\b", re.IGNORECASE)
_SEGMENT_END = re.compile(r"[,;|{}\t]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=SHA|MD)")
#: "SHA 256" and "SHA-2 512" are one name, as "SHA 3-256" and "SHA-512 / 256" are.
_SPACED = (
    (re.compile(r"\b(sha|md)[ _]+(?=\d)", re.IGNORECASE), r"\1-"),
    (re.compile(r"\b(sha-?[23]) +(?=\d)", re.IGNORECASE), r"\1-"),
    (re.compile(r"\b(sha-?\d{3}) */ *(?=\d{3}\b)", re.IGNORECASE), r"\1/"),
)
_OURS = re.compile(
    r"(?:(?P<md5>md[-_]?5)|sha(?:[-_]?2)?[-_/]?(?P<size>256|512)"
    r"|shasums?[-_]?(?P<size2>256|512)|sha[-_]?2)(?![0-9])"
)
_NUMBER = re.compile(r"[\d.,:/x-]*(?:st|nd|rd|th|[kmgt]i?b?)?")


@dataclass(frozen=True)
class Label:
    """`algorithms` are supported ones that the words name; `foreign` is an unknown name.

    One of the two is empty. `is_of_file` means that the name is the suffix of a file, as in
    "image.raw.sha256", or the file is a list, as "SHA256SUMS.txt" is.
    """

    algorithms: frozenset[str] = frozenset()
    foreign: str = ""
    is_of_file: bool = False


def label_of(text: str, file_name: str = "", is_strict: bool = False) -> Label | None:
    """Return the algorithm that the words name; None if they name none.

    The last part of the text counts that names any: it is next to the digits.

    :param is_strict: whether the text is a name only, as in "NAME (file) = digits"
    """
    for pattern, merged in _SPACED:
        text = pattern.sub(merged, text)
    for segment in reversed(_SEGMENT_END.split(text)):
        label = _label_of_segment(segment, file_name, is_strict)
        if label:
            return label
    return None


def is_prose(text: str, file_name: str = "") -> bool:
    """Whether a line is a sentence about something else than checksums."""
    words = _words(text)
    unknown = [word for word in words if _class_of(word, file_name) is not None]
    return len(unknown) > _MAX_NAME_WORDS and not any(
        word.casefold() in _CHECKSUM_WORDS for word in words
    )


def _label_of_segment(segment: str, file_name: str, is_strict: bool) -> Label | None:
    algorithms: frozenset[str] = frozenset()
    foreign, previous, is_object, is_named = "", "", False, False
    of_file: Label | None = None
    for word in _words(segment):
        found = _class_of(word, file_name)
        folded = word.casefold()
        if found is None:
            is_object = is_object or (is_named and folded in _FOR)
            is_named = is_named or folded in _CHECKSUM_WORDS
        elif found.is_of_file:
            of_file, found = found, None
        elif found.algorithms:
            if previous in MODIFIERS:
                return Label(foreign=f"{previous} {word}")
            algorithms |= found.algorithms
        elif algorithms and (is_strict or (previous == "ours" and _is_name(word, segment))):
            # "SHA-256 TREE" may be another algorithm, "SHA-256 of Debian" is none.
            return found
        elif not is_object and not foreign:
            foreign = found.foreign
        previous = "ours" if found and found.algorithms else folded
    if algorithms and not (foreign and is_strict):
        return Label(algorithms)
    return Label(foreign=foreign) if foreign else of_file


def _is_name(word: str, segment: str) -> bool:
    """Whether a word after the name of an algorithm may belong to that name.

    It is a word of some language if it is in another script, or a file follows.
    """
    further = segment[segment.find(word) + len(word) :]
    is_ascii = word.isascii() and bool(re.search(r"[a-z]", word, re.IGNORECASE))
    return is_ascii and not _FILE.search(further)


def _words(text: str) -> list[str]:
    stripped = (word.strip("./+~\\-_") for word in _WORD.findall(text))
    return [word for word in stripped if word]


def _class_of(word: str, file_name: str) -> Label | None:
    """Return what the word names; None for a common word, a number, or the name of a file."""
    if word == file_name or len(word) == 1:
        return None
    base = re.split(r"[/\\](?=.*[^\W\d])", word)[-1] if re.search(r"[/\\].*\.[a-z]", word) else word
    spelled = _CAMEL.sub("_", base).casefold()
    stem, dot, suffix = spelled.rpartition(".")
    if dot and re.fullmatch(r"[^\W\d]\w*(-\w+)?", suffix):
        ours = _ours(suffix)
        if ours:
            return Label(ours, is_of_file=True)
        ours = _ours(stem) if suffix in _LIST_SUFFIXES else frozenset()
        if ours:
            return Label(ours, is_of_file=True)
        # Lists of other algorithms have names such as "whirlpool.txt".
        is_list = suffix in _LIST_SUFFIXES and not _is_common(stem) and "." not in stem
        if is_list or suffix not in _SUFFIXES:
            return Label(foreign=word, is_of_file=True)
        return None
    each = [_ours(part) for part in spelled.split("/")]
    if all(each):
        return Label(frozenset().union(*each))
    return None if _is_common(spelled) else Label(foreign=word)


def _is_common(word: str) -> bool:
    parts = [part for part in re.split(r"[-_/.+~]", word) if part]
    if len(parts) > 1 and parts[-1] in _SIZES and not _NUMBER.fullmatch(parts[0]):
        return False  # A name such as "echo-256".
    return all(
        part in _COMMON_WORDS or _NUMBER.fullmatch(part) or _COMMON_SIGNS.issuperset(part)
        for part in (parts if word not in _COMMON_WORDS else [])
    )


def _ours(word: str) -> frozenset[str]:
    """Return the supported algorithms that the word names, with common words around the name.

    Such words are "sha256sum", "x-checksum-sha256" or "SHA256SUMS-arm64", and none is
    "hmac-sha256" or "sha512/256".
    """
    for match in re.finditer(r"(?:^|(?<=[-_]))(?=md|sha)", word):
        found = _OURS.match(word, match.start())
        if found and _is_common(word[: found.start()]) and _is_suffix(word[found.end() :]):
            if found["md5"]:
                return frozenset(("md5",))
            size = found["size"] or found["size2"]
            return frozenset((f"sha{size}",)) if size else _SHA2
    return frozenset()


def _is_suffix(rest: str) -> bool:
    """Whether text may follow the name of an algorithm: anything after "sums", as in file names."""
    if not rest or _COMMON_SIGNS.issuperset(rest):
        return True
    first, *further = re.split(r"[-_.]", rest.lstrip("-_"))
    if first in ("sum", "sums", "checksum", "checksums"):
        return True
    has_gap = rest[0] in "-_"
    return (first in _CHECKSUM_WORDS or (has_gap and first in _COMMON_WORDS)) and all(
        part in _COMMON_WORDS for part in further
    )
