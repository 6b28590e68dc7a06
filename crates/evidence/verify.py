#!/usr/bin/env python3
"""Checks a Qorgan package without a server and without anything but Python 3.9.

    python3 -I verify.py PACKAGE [--key VKEY] [--witness VKEY ...] [--tsa CERTIFICATES.pem ...]

PACKAGE is the folder, or the .tar of it. --key (or a file that holds it) is the log's key, which you have from somewhere
else: the package holds one too, but whoever made a false package would have put a false key into it. Take this script from
somewhere else for the same reason. A witness whose key is given must have signed. Signatures of time stamps are judged by
openssl, where it is there. BLAKE3, which Python does not have, is not computed: that it is the one that was sealed is checked.

Ends with 0 if the package holds under the key you gave, with 1 and the name of the file if it does not, with 2 if it was
asked wrongly, with 3 if it is whole in itself and no key was given to hold it against.

Written from the description of the format, not from the program: RFC 9162 (trees), RFC 8032 (Ed25519), C2SP signed-note,
tlog-checkpoint, tlog-cosignature, tlog-proof, POSIX ustar, RFC 3161 (time stamps). From top to bottom: signatures, trees,
texts, files, the log, time stamps, the package, what is said of it.
"""
import sys

# Python looks for modules beside a script first, and beside this one lies the package that is to be checked.
if __name__ == "__main__" and not sys.flags.isolated and not getattr(sys.flags, "safe_path", False):
    sys.path.pop(0)

import base64, datetime, hashlib, json, os, re, struct, subprocess, tempfile, unicodedata

FIXED = ("manifest.json", "log/package.entry", "log/package.tlog-proof", "log/package.consistency")
KINDS = """taken described linked opened printed exported moved offered received declined called_back sealed unsealed derived
checked damaged proposed sent_back returned destroyed""".split()
TOLD = "title sort taken_by taken_from place how tool basis taken_at file_name".split()
NUMBER = "(0|[1-9][0-9]{0,19})"
MOST_MANIFEST, MOST_WHOLE, MOST_STAMPS, MOST_WITNESSES, MOST_FILES = 64 << 20, 256 << 10, 20, 63, 1_000_000


class Bad(Exception):
    pass


def bad(file, why):
    raise Bad(f"{file}: {why}")


def need(right, file, why):
    if not right:
        bad(file, why)


# --- Ed25519 (RFC 8032, section 5.1), verification only ---
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    g, h = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    a, b, c, d = f - e, h - g, h + g, f + e
    return a * b % P, c * d % P, b * c % P, a * d % P


def times(n, point):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = add(out, point)
        point, n = add(point, point), n >> 1
    return out


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def strong(data):
    """The point, unless it is none, or one of the few under which anything can be signed."""
    at = point(data)
    return None if at is None or same(times(8, at), (0, 1, 1, 0)) else at


def signed(key, message, signature):
    if len(signature) != 64:
        return False
    a, r, s = strong(key), strong(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(h, a)))


# --- Trees (RFC 9162, sections 2.1.3.2 and 2.1.4.2) ---
def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def included(leaf, index, size, proof):
    if index >= size:
        return None
    fn, sn, at = index, size - 1, leaf
    for hash in proof:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            at = node(hash, at)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            at = node(at, hash)
        fn, sn = fn >> 1, sn >> 1
    return at if sn == 0 else None


def grown(old, old_root, new, new_root, proof):
    if old == new:
        return not proof and old_root == new_root
    if old == 0 or old > new:
        return False
    proof = list(proof)
    if old & (old - 1) == 0:
        proof.insert(0, old_root)
    if not proof:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for hash in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(hash, fr), node(hash, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, hash)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


# --- Texts that can be read in one way only ---
def unbase(text, length=None):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text or length not in (None, len(data)):
        raise ValueError("another writing of the same bytes")
    return data


def hexed(file, text, length):
    need(re.fullmatch("[0-9a-f]{%d}" % (2 * length), text), file, "no hexadecimal digits, or not as many as there must be")
    return bytes.fromhex(text)


def number(text):
    return int(text) if re.fullmatch(NUMBER, text) and int(text) < 1 << 64 else None


def strict(file, data):
    """JSON in which nothing is said twice and every number is an integer that fits into eight bytes."""

    def once(pairs):
        need(len(dict(pairs)) == len(pairs), file, "something is said twice")
        return dict(pairs)

    def never(text):
        bad(file, "a number in it is no integer")

    def whole(text):
        need(len(text) <= 20, file, "a number in it has more than 20 digits")
        return never(text) if text == "-0" else int(text)

    try:
        hooks = dict(object_pairs_hook=once, parse_constant=never, parse_float=never, parse_int=whole)
        value = json.loads(data.decode("utf-8"), **hooks)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # no half of a sign
    except (ValueError, RecursionError):
        bad(file, "it does not read as JSON")
    return value


def shallow(value, left=100):
    """Numbers in their range, and not nested deeper than anybody's stack."""
    if isinstance(value, (dict, list)):
        inner = value.values() if isinstance(value, dict) else value
        return left > 0 and all(shallow(one, left - 1) for one in inner)
    return type(value) is not int or -(1 << 63) <= value < 1 << 64


class Maybe:
    def __init__(self, form):
        self.form = form


U64, I64 = range(1 << 64), range(-(1 << 63), 1 << 63)
WORDS = {"salt": str, "text": str}
EVENT = dict(no=U64, event=str, at=I64, actor=str, by=str, entry=str, proof=str, words=Maybe(WORDS))
EXHIBIT = dict(id=str, number=str, title=str, parent=Maybe(str), told=str, original=Maybe(str), size=U64)
EXHIBIT.update(sha256=str, blake3=str, salt=str, events=[EVENT])
MANIFEST = dict(format=str, id=str, made_at=str, made_by=str, organisation=str, about=str)
MANIFEST.update(log=dict(key=str, witnesses=[str]), files=[dict(path=str, size=U64, sha256=str)], exhibits=[EXHIBIT])
MANIFEST.update(stamps=[dict(authority=str, checkpoint=str, token=str, link=str)])


def shaped(file, value, form, name="it"):
    """Exactly those fields, of exactly those types."""
    if isinstance(form, Maybe):
        if value is not None:
            shaped(file, value, form.form, name)
    elif isinstance(form, range):
        need(type(value) is int and value in form, file, f"{name} is no such number")
    elif isinstance(form, list):
        need(type(value) is list, file, f"{name} is no list")
        for one in value:
            shaped(file, one, form[0], name)
    elif isinstance(form, dict):
        need(type(value) is dict and not set(value) - set(form), file, f"{name} has other fields")
        for field, its in form.items():
            need(field in value, file, f"`{field}` is missing")
            shaped(file, value[field], its, field)
    else:
        need(type(value) is form, file, f"{name} is of another type")


def is_path(path):
    parts = path.split("/")
    good = all(re.fullmatch("[A-Za-z0-9_-]([A-Za-z0-9._-]*[A-Za-z0-9_-])?", part) for part in parts)
    return good and len(path) <= 100 and len(parts) <= 6


# --- Files: a folder, or the plainest tar there is, byte for byte as it is written ---
def header(name, size):
    if size < 1 << 33:
        length = b"%011o\0" % size
    else:
        length = b"\x80\0\0\0" + struct.pack(">Q", size)
    block = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + length + b"00000000000\0" + b" " * 8 + b"0"
    block = block.ljust(257, b"\0") + b"ustar\x0000"
    block = (block.ljust(329, b"\0") + b"0000000\0" * 2).ljust(512, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


class Part:
    """A file inside of another."""

    def __init__(self, path, begin, size):
        self.file, self.left = open(path, "rb"), size
        self.file.seek(begin)

    def read(self, most=-1):
        data = self.file.read(self.left if most < 0 else min(most, self.left))
        self.left -= len(data)
        return data

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()


class Files:
    def __init__(self, path):
        self.path, self.places, self.now = path, {}, path  # `now`: the file that was looked at last
        if os.path.isdir(path):
            self.walk("")
        else:
            self.tape()
        for name in self.places:
            for at in (match.start() for match in re.finditer("/", name)):
                need(name[:at] not in self.places, name[:at], "a file and a folder of one name")
        folded = [name.lower() for name in self.places]
        need(len(set(folded)) == len(folded), "manifest.json", "two names differ in capitals only")

    def walk(self, short):
        for found in os.scandir(os.path.join(self.path, short)):
            name = f"{short}/{found.name}" if short else found.name
            need(is_path(name) and len(self.places) < MOST_FILES, name, "no file of the package")
            before = len(self.places)
            if found.is_dir(follow_symlinks=False):
                self.walk(name)
            else:
                need(found.is_file(follow_symlinks=False), name, "no file of the package")
            if len(self.places) == before:
                self.places[name] = None  # an empty folder, too: it is a stranger by its own name

    def tape(self):
        length = os.path.getsize(self.path)
        with open(self.path, "rb") as file:
            while True:
                block = file.read(512)
                if block == bytes(512):
                    need(file.read(513) == bytes(512), self.path, "it does not end as the archive of a package does")
                    return
                need(len(block) == 512, self.path, "no archive of a package")
                name = block[:100].rstrip(b"\0").decode("ascii", "replace")
                octal = re.fullmatch(rb"[0-7]{11}\0", block[124:136])
                need(octal or block[124] == 0x80, self.path, "no archive of a package")
                size = int(block[124:135], 8) if octal else int.from_bytes(block[128:136], "big")
                need(is_path(name) and header(name, size) == block, self.path, "no archive of a package")
                need(name not in self.places and len(self.places) < MOST_FILES, name, "no file of the package")
                fill = -size % 512
                need(file.tell() + size + fill <= length, self.path, "no archive of a package")
                self.places[name] = file.tell(), size
                file.seek(size, 1)
                need(file.read(fill) == bytes(fill), name, "there are bytes behind it")

    def open(self, name):
        self.now = name
        need(name in self.places, name, "missing")
        place = self.places[name]
        return Part(self.path, *place) if place else open(os.path.join(self.path, name), "rb")

    def read(self, name, most=MOST_WHOLE):
        with self.open(name) as file:
            data = file.read(most + 1)
        need(len(data) <= most, name, "too long")
        return data

    def text(self, name):
        return self.read(name).decode("utf-8")


# --- Keys, checkpoints, entries ---
def key(text):
    name, id, coded = text.split("+", 2)
    data = unbase(coded, 33)
    if not name or re.search("\\s|[\0-\x1f\x7f-\x9f]", name) or data[0] not in (1, 4) or not strong(data[1:]):
        raise ValueError("not a key")
    if hashlib.sha256(name.encode() + b"\n" + data).hexdigest()[:8] != id:
        raise ValueError("the id is another key's")
    return name, bytes.fromhex(id), data[0], data[1:]


def verified(key, body, data):
    """Whether a line of signature is that key's: of the text (type 1), or of a witness that saw it at a time (type 4)."""
    if key[2] == 4:
        at, data = int.from_bytes(data[:8], "big"), data[8:]
        if at >= 1 << 63:
            return False
        body = b"cosignature/v1\ntime %d\n" % at + body
    return signed(key[3], body, data)


def record(file, data):
    """An entry of the record: QAUDIT, 0, 1; fields with their length in four bytes; FFFFFFFF for one that is absent."""
    fields, at = [], 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        at += 4
        absent = size == 0xFFFFFFFF
        fields.append(None if absent else data[at : at + size])
        at += 0 if absent else size
    right = data[:8] == b"QAUDIT\0\1" and len(fields) == 13 and at == len(data)
    need(right and None not in fields[:7] + fields[12:], file, "no entry of the record")
    lengths = [(0, 16), (1, 8), (2, 8), (6, 16), (7, 16), (8, 8), (9, 16), (10, 8)]
    for place, length in lengths:
        need(fields[place] is None or len(fields[place]) == length, file, "no entry of the record")
    need((fields[7] is None) == (fields[8] is None), file, "no entry of the record")
    need((fields[9] is None) == (fields[10] is None), file, "no entry of the record")
    actor, act, kind = (field.decode("utf-8") for field in fields[3:6])
    (fields[11] or b"").decode("utf-8")
    (at,) = struct.unpack(">q", fields[1])
    facts = strict(file, fields[12])
    # In the one writing that the record has, in whatever order.
    written = shallow(facts) and json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    need(written == fields[12], file, "no entry of the record")
    return dict(at=at, actor=actor, act=act, kind=kind, subject=fields[6].hex(), facts=facts if type(facts) is dict else {})


class Log:
    def __init__(self, files, manifest):
        self.files, self.seen = files, {}
        lines = manifest["log"]
        try:
            self.key, self.witnesses = key(lines["key"]), [key(text) for text in lines["witnesses"]]
        except ValueError as why:
            bad("manifest.json", f"keys: {why}")
        names = [k[0] for k in [self.key] + self.witnesses]
        kinds = [k[2] for k in [self.key] + self.witnesses]
        right = len(set(names)) == len(names) <= 1 + MOST_WITNESSES and kinds == [1] + [4] * len(self.witnesses)
        need(right, "manifest.json", "no such keys")

    def point(self, file, body):
        lines = body.split("\n")
        need(len(lines) == 4 and lines[0] == self.key[0] and lines[3] == "", file, "no checkpoint of this log")
        need(number(lines[1]) is not None, file, "no checkpoint of this log")
        return number(lines[1]), unbase(lines[2], 32)

    def note(self, file, text):
        """Signed by the log, then by witnesses in their order, by each once and by nobody else."""
        if text in self.seen:
            return self.seen[text]
        body, _, lines = text.rpartition("\n\n")
        body += "\n"
        need(lines.endswith("\n") and len(text.encode()) <= 128 << 10, file, "no checkpoint")
        need(not re.search("[\0-\x09\x0b-\x1f]", body), file, "no checkpoint")
        waiting, who = [self.key] + self.witnesses, {}
        for line in lines[:-1].split("\n"):
            match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
            need(match, file, "no signature")
            data = unbase(match[2])
            while waiting and (waiting[0][0], waiting[0][1]) != (match[1], data[:4]):
                need(who, file, "the log has not signed")
                waiting.pop(0)
            need(waiting, file, "signed by a stranger, twice, or out of order")
            need(verified(waiting[0], body.encode(), data[4:]), file, "a signature does not hold")
            who[waiting[0]] = int.from_bytes(data[4:12], "big")  # of a witness: when it saw it
            waiting.pop(0)
        self.seen[text] = self.point(file, body), who
        return self.seen[text]

    def tied(self, name, old, new):
        lines = self.files.text(name).split("\n")
        right = lines[:2] == [f"old {old[0]}", f"new {new[0]}"] and lines[-1] == "" and len(lines) <= 67
        need(right and grown(*old, *new, [unbase(line, 32) for line in lines[2:-1]]), name, "the log did not grow out of the one before")

    def entry(self, entry, proof):
        data = self.files.read(entry)
        fields, text = record(entry, data), self.files.text(proof)
        head, _, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        need(lines[0] == "c2sp.org/tlog-proof@v1" and 2 <= len(lines) <= 66, proof, "no proof slip")
        need(lines[1][:6] == "index " and number(lines[1][6:]) is not None, proof, "no proof slip")
        (size, root), who = self.note(proof, checkpoint)
        leaf, index = hashlib.sha256(b"\0" + data).digest(), number(lines[1][6:])
        path = [unbase(line, 32) for line in lines[2:]]
        why = f"it does not prove that {entry} stands in the log: one of the two is another"
        need(included(leaf, index, size, path) == root, proof, why)
        return dict(fields, index=index, at_point=(size, root), note=checkpoint, who=who)


# --- Time stamps (RFC 3161): read here, their signatures judged by openssl ---
SHA2 = {"2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"}
ECDSA = {"1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", "1.2.840.10045.2.1"}
RSA = {"1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", "1.2.840.113549.1.1.1"}
NAMES = {"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU"}
P256_P384 = ["1.2.840.10045.3.1.7"], ["1.3.132.0.34"]
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"


def der(data):
    """What stands in a row: tag, content, and the whole of each. Lengths in their shortest form, nothing left behind."""
    out, at = [], 0
    while at < len(data):
        tag, size, head = data[at], data[at + 1], at + 2
        if size > 0x80:
            head += size & 0x7F
            size = int.from_bytes(data[at + 2 : head], "big")
            if head - at - 2 > 4 or size < 0x80 or data[at + 2] == 0:
                raise ValueError("no DER")
        if tag & 0x1F == 0x1F or data[at + 1] == 0x80 or head + size > len(data):
            raise ValueError("no DER")
        out.append((tag, data[head : head + size], data[at : head + size]))
        at = head + size
    return out


def oid(data):
    parts, value = [], 0
    for byte in data:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            parts, value = parts + [value], 0
    first = min(parts[0] // 40, 2)
    return ".".join(map(str, [first, parts[0] - 40 * first] + parts[1:]))


def algorithm(data):
    """What stands first in it, as a name."""
    return oid(der(data)[0][1])


def certified(certificate):
    """Of a certificate: number, algorithm, issuer, validity, subject, key, extensions."""
    return [field for field in der(der(der(certificate)[0][1])[0][1]) if field[0] != 0xA0]


def named(name):
    """A name in a certificate, as RFC 4514 writes it."""
    out = []
    for _, group, _ in reversed(der(name)):
        for _, pair, _ in der(group):
            kind, value = der(pair)
            out.append(f"{NAMES.get(oid(kind[1]), oid(kind[1]))}={value[1].decode('utf-8', 'replace')}")
    return ",".join(out)


def stamp_of(answer, digest, others):
    """Of a stamp of that SHA-256: when (seconds since 1970), and the name of who signed. What is not taken raises an error."""
    need(len(answer) <= 64 << 10, "stamp", "too long")
    ((_, whole, _),) = der(answer)
    status, token = der(whole)
    kind, wrapped = der(token[1])
    ((_, signed_data, _),) = der(wrapped[1])
    _, _, content, *rest = der(signed_data)
    content_kind, octets = der(content[1])
    ((_, octets, _),) = der(octets[1])
    ((_, info, _),) = der(octets)
    _, _, imprint, _, when, *more = der(info)
    hash, hashed = der(imprint[1])
    ((_, signer, _),) = der(rest[-1][1])
    _, sid, digest_kind, attributes, signing, *_ = der(signer)
    issuer, number = der(sid[1])
    pool = [whole for tag, field, _ in rest if tag == 0xA0 for _, _, whole in der(field)]
    mine = [c for c in map(certified, pool + others) if (c[2][2], c[0][1]) == (issuer[2], number[1])][0]
    authority = [field for tag, field, _ in more if tag == 0xA0]
    key_kind, *curve = [oid(field) for tag, field, _ in der(der(mine[5][1])[0][1]) if tag == 6]
    taken = RSA if key_kind == "1.2.840.113549.1.1.1" else ECDSA if curve in P256_P384 else ()
    right = der(status[1])[0][1] in (b"\0", b"\1") and (sid[0], attributes[0]) == (0x30, 0xA0)
    right = right and (oid(kind[1]), oid(content_kind[1])) == (SIGNED_DATA, TST_INFO)
    right = right and (algorithm(hash[1]), hashed[1]) == ("2.16.840.1.101.3.4.2.1", digest)
    right = right and algorithm(digest_kind[1]) in SHA2 and algorithm(signing[1]) in taken
    right = right and all(der(name)[0][:2] == (0xA4, mine[4][2]) for name in authority)
    right = right and SIGNING_CERTIFICATE_V2 in [algorithm(field) for _, field, _ in der(attributes[1])]
    need(right and re.fullmatch(rb"[0-9]{14}([.][0-9]*[1-9])?Z", when[1]), "stamp", "not taken")
    at = datetime.datetime.strptime(when[1][:14].decode(), "%Y%m%d%H%M%S") - datetime.datetime(1970, 1, 1)
    return int(at.total_seconds()), named(mine[4][1])


# --- The package ---
def is_event(entry, exhibit, no, event):
    facts = entry["facts"]
    said = type(facts.get("no")) is int and facts["no"] == no and facts.get("event") == event and event in KINDS
    return said and entry["act"] == "exhibit." + event and (entry["kind"], entry["subject"]) == ("exhibit", exhibit["id"])


def sealed(files, exhibit, listed):
    told, content, original = files.read(exhibit["told"]), b"", exhibit["original"]
    shaped(exhibit["told"], strict(exhibit["told"], told), {field: str for field in TOLD})
    size, sha256, blake3 = (exhibit[field] for field in ("size", "sha256", "blake3"))
    if original is not None:
        need(listed.get(original) == (size, sha256), original, "not what was taken in")
    shown = original or exhibit["told"]
    if sha256:
        content = hexed(shown, sha256, 32) + hexed(shown, blake3, 32) + struct.pack(">Q", size)
    else:
        need(not blake3 and not size and original is None, shown, "a thing has no bytes")
    salt = hexed(shown, exhibit["salt"], 32)
    return hashlib.sha256(b"qorgan/exhibit/1\n" + salt + hashlib.sha256(told).digest() + content).hexdigest()


def said(file, words):
    if words is None:
        return None
    salt = hexed(file, words["salt"], 16)
    return hashlib.sha256(b"qorgan/words/1\n" + salt + hashlib.sha256(words["text"].encode()).digest()).hexdigest()


def history(log, manifest, exhibit, listed, made, before):
    """All events of an exhibit, each at a later place of the log, up to the one by which it came here."""
    seal, place, name = sealed(log.files, exhibit, listed), -1, exhibit["number"]
    need(exhibit["events"], "manifest.json", f"events of {name} are missing")
    for no, event in enumerate(exhibit["events"], 1):
        entry = log.entry(event["entry"], event["proof"])
        facts, before = entry["facts"], before or entry
        right = event["no"] == no and is_event(entry, exhibit, no, event["event"]) and place < entry["index"]
        right = right and (event["at"], event["actor"]) == (entry["at"], entry["actor"])
        need(right and (no == 1) == (event["event"] == "taken"), event["entry"], f"event {no} is missing, doubled or another's")
        if no == 1:
            original = exhibit["original"]
            need(facts.get("seal") == seal, original or exhibit["told"], "not what the log says was taken in")
            form = "file" if exhibit["sha256"] else "item"
            same = (facts.get("number"), facts.get("form"), facts.get("parent")) == (name, form, exhibit["parent"])
            need(same, event["entry"], "it was taken in under another number, form or origin")
        need(("words" in facts) == (event["words"] is not None) and facts.get("words") == said(event["entry"], event["words"]), event["entry"],
             "the words are not those that the log names")
        # One checkpoint with the same signatures beside all of them: none can be left out of one place alone.
        need(before["note"] == entry["note"], event["proof"], f"event {no} stands under another checkpoint")
        place = entry["index"]
    last = len(exhibit["events"]) + 1
    told = made["facts"]["events"][exhibit["id"]]
    need(type(told) is int and told == last, "manifest.json", f"events of {name} are missing")
    file = f"log/{name}/exported.entry"
    came = log.entry(file, f"log/{name}/exported.tlog-proof")
    right = is_event(came, exhibit, last, "exported") and came["facts"].get("package") == manifest["id"]
    need(came["note"] == made["note"], f"log/{name}/exported.tlog-proof", "it stands under another checkpoint")
    right = right and place < came["index"] < made["index"]
    need(right, file, "not the event by which the exhibit came into this package")
    return before


def placed(manifest):
    """Every file has its one place by what it is: whoever opens a folder finds there what its name says, and nothing else."""
    known = set()
    for exhibit in manifest["exhibits"]:
        number, original = exhibit["number"], exhibit["original"]
        need(re.fullmatch("[A-Z]{1,4}-[0-9]{4}-[0-9]{1,12}", number), "manifest.json", "no number of an exhibit")
        right = exhibit["told"] == f"exhibits/{number}/told.json" and original in (None, f"exhibits/{number}/original")
        known.update([exhibit["told"]] + [original] * (original is not None))
        for no, event in enumerate(exhibit["events"], 1):
            names = [f"log/{number}/{no:04}.entry", f"log/{number}/{no:04}.tlog-proof"]
            right = right and [event["entry"], event["proof"]] == names
            known.update(names)
        need(right, "manifest.json", f"files of {number} lie elsewhere")
    need(len(manifest["stamps"]) <= MOST_STAMPS, "manifest.json", "too many stamps")
    for no, stamp in enumerate(manifest["stamps"]):
        names = [f"log/stamp-{no:02}.{end}" for end in ("checkpoint", "tsr", "consistency")]
        need([stamp["checkpoint"], stamp["token"], stamp["link"]] == names, "manifest.json", "stamps lie elsewhere")
        known.update(names)
    listed = [file["path"] for file in manifest["files"]]
    need(known <= set(listed), "manifest.json", "a file is not listed with its hash")
    for path in listed:
        beside = re.fullmatch("index[.][a-z]{2,3}[.]html|case[.]jsonld|verify[.]py", path)
        need(beside or path in known, path, "no file of the package")


def pem(path):
    """The certificates in a file."""
    with open(path, encoding="ascii", errors="replace") as file:
        blocks = re.findall("-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----", file.read())
    if not blocks:
        raise ValueError(f"{path} holds no certificate")
    return [base64.b64decode(block) for block in blocks]


def stamped(files, stamp, authorities):
    """What an authority of whose certificates we were given says: when, and who."""
    body, answer = files.read(stamp["checkpoint"]), files.read(stamp["token"])
    why = "give certificates with --tsa"
    for path, certificates in authorities:
        why = "by none of the certificates given"
        try:
            at, signer = stamp_of(answer, hashlib.sha256(body).digest(), certificates)
        except Exception:
            continue
        with tempfile.TemporaryDirectory() as folder:
            for name, data in (("data", body), ("token", answer)):
                with open(os.path.join(folder, name), "wb") as out:
                    out.write(data)
            trusted = os.path.abspath(path)
            command = ["openssl", "ts", "-verify", "-data", "data", "-in", "token", "-CAfile", trusted, "-untrusted", trusted]
            command += ["-partial_chain", "-auth_level", "2", "-verify_depth", "3", "-attime", str(at)]
            try:
                if subprocess.run(command, cwd=folder, capture_output=True).returncode == 0:
                    return f"{time(at * 10**6)}, says {short(signer)}"
            except OSError:
                why = "this machine has no openssl"
    return None, why


def check(path, keys, witnesses, authorities):
    files = Files(path)
    try:
        return judged(files, keys, witnesses, authorities)
    except Bad:
        raise
    except Exception as why:
        bad(files.now, f"it does not read as what it should be ({type(why).__name__})")


def judged(files, keys, witnesses, authorities):
    raw = files.read("manifest.json", MOST_MANIFEST)
    manifest = strict("manifest.json", raw)
    shaped("manifest.json", manifest, MANIFEST)
    need(manifest["format"] == "qorgan-package/1", "manifest.json", "another version")
    log = Log(files, manifest)
    # First of all: of a stranger's package nothing else is worth the work.
    need(not keys or keys == [log.key], "manifest.json", "signed by another log than the one whose key you gave")
    made = log.entry("log/package.entry", "log/package.tlog-proof")
    need(made["act"] == "evidence.package_made", "log/package.entry", "not the making of this package")
    # Before anything that the manifest says is looked at: whatever was changed in it, it is it that is named.
    hash = hashlib.sha256(raw).hexdigest()
    need(made["facts"].get("manifest") == hash, "manifest.json", "the log names another manifest")
    need(made["subject"] == manifest["id"], "log/package.entry", "not the making of this package")
    for witness in witnesses:
        heard = witness in log.witnesses and witness in made["who"]
        need(heard, "log/package.tlog-proof", f"the witness {witness[0]}, whose key was given, has not signed it")
    named = [file["path"] for file in manifest["files"]] + list(FIXED)
    named += [f"log/{e['number']}/exported.{end}" for e in manifest["exhibits"] for end in ("entry", "tlog-proof")]
    need(len(set(named)) == len(named) and all(map(is_path, named)), "manifest.json", "no list of files")
    for name in sorted(set(named) - set(files.places)):
        bad(name, "missing")
    for name in sorted(set(files.places) - set(named)):
        bad(name, "no file of the package")
    placed(manifest)
    listed = {}
    for file in manifest["files"]:
        digest, size = hashlib.sha256(), 0
        with files.open(file["path"]) as source:
            while piece := source.read(1 << 20):
                digest.update(piece)
                size += len(piece)
        need((digest.hexdigest(), size) == (file["sha256"], file["size"]), file["path"], "not what the manifest says")
        listed[file["path"]] = size, file["sha256"]
    ids, numbers = ([exhibit[field] for exhibit in manifest["exhibits"]] for field in ("id", "number"))
    events = made["facts"].get("events")
    once = len(set(ids)) == len(ids) == len(set(numbers)) and type(events) is dict and set(events) == set(ids)
    need(once, "manifest.json", "not the exhibits that the act names, each once")
    first = None
    for exhibit in manifest["exhibits"]:
        first = history(log, manifest, exhibit, listed, made, first)
    before = (first or made)["at_point"]
    log.tied("log/package.consistency", before, made["at_point"])
    stamps = []
    for stamp in manifest["stamps"]:
        size, root = log.point(stamp["checkpoint"], files.text(stamp["checkpoint"]))
        need(first and size, stamp["checkpoint"], "there is nothing to stamp")
        log.tied(stamp["link"], (size, root), before)
        stamps.append((size, stamp["authority"], stamped(files, stamp, authorities)))
    return manifest, hash, log, made, stamps


# --- What is said of it ---
def plain(text):
    """What a package says can neither hide nor overwrite what this script says."""

    def seen(c):
        return c.isprintable() and unicodedata.category(c)[0] != "M" and c not in "\u115f\u1160\u2800\u3164\uffa0"

    return "".join(c if seen(c) else f"\\u{ord(c):04x}" for c in text)


def short(text):
    """The same, in one line that nothing pushes away."""
    whole = plain(" ".join(word for word in text.split(" ") if word))
    return whole if len(whole) <= 200 else whole[:200] + "\u2026"


def time(micros):
    if 0 <= micros < 253402207200 * 10**6:
        return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=micros // 10**6)).isoformat() + "Z"
    return f"{micros} microseconds after 1970 began"


def seconds(at):
    return time(min(at * 10**6, (1 << 63) - 1))


def lines(manifest, hash, log, made, stamps, keys, witnesses):
    exhibits, events = manifest["exhibits"], sum(len(e["events"]) for e in manifest["exhibits"])
    yield f"Package {plain(manifest['id'])}: {len(exhibits)} exhibits, {events} events, {len(manifest['files'])} files"
    yield f"  manifest.json has the SHA-256 {hash}"
    yield f"  made at {time(made['at'])} by {short(made['actor'])}, as the record has it"
    yield f"  log {short(log.key[0])}, {made['at_point'][0]} records under the signed checkpoint"
    for one in exhibits:
        times = [event["at"] for event in one["events"]]
        between = f"{time(times[0])} to {time(times[-1])}"
        yield f"Exhibit {one['number']}: {len(times)} events, {between}, and the one by which it came here"
        where = f"bytes in {one['original']}" if one["original"] else "bytes that are NOT in the package"
        yield f"  {one['size']} {where}, SHA-256 {one['sha256']}" if one["sha256"] else "  a thing, without bytes"
        for no, (earlier, later) in enumerate(zip(times, times[1:]), 2):
            if later < earlier:
                yield f"  REMARK: event {no} has an earlier time than the one before it; the log has them in this order"
    silent = [short(witness[0]) for witness in log.witnesses if witness not in made["who"]]
    for witness in log.witnesses:
        name, at = short(witness[0]), made["who"].get(witness)
        if at is None:
            yield f"No word of witness {name} under this checkpoint"
        elif witness in witnesses:
            yield f"Witness {name} saw this checkpoint at {seconds(at)}"
        else:
            yield f"Somebody signed as witness {name} at {seconds(at)}: you gave no key for it, it may be anybody"
    for size, authority, told in stamps:
        if isinstance(told, str):
            yield f"Time stamp: {size} records were there at {told}"
        else:
            yield f"Time stamp of {size} records, said to be of {short(authority)}: NOT CHECKED, {told[1]}"
    yield "BLAKE3 is not computed by this script: that the one named is the one that was sealed is checked"
    yield "Said by the office alone and compared with nothing: names of persons, titles, index pages, case.jsonld, and"
    yield f"  about: {short(manifest['about'])}"
    yield f"  made: {short(manifest['made_at'])} by {short(manifest['made_by'])}, {short(manifest['organisation'])}"
    yield "No package shows that no event was left out: whoever holds the whole record can count them"
    # Last, where it stands on the screen whatever the package says above.
    without = f", WITHOUT A WORD of witness {', '.join(silent)}" if silent else ""
    unvouched = f"WHOLE IN ITSELF{without}, but NOBODY VOUCHES for it: give the log's key with --key, from elsewhere than the package"
    yield f"HOLDS{without}" if keys else unvouched


def options(arguments):
    """Gives what is left, and what stood behind each option: `--key K` or `--key=K`."""
    given, rest, waiting = {"--key": [], "--witness": [], "--tsa": []}, [], list(arguments)
    while waiting:
        one, equals, value = waiting.pop(0).partition("=")
        if one not in given:
            rest.append(one + equals + value)
        elif equals or waiting:
            given[one].append(value if equals else waiting.pop(0))
        else:
            rest.append(one)
    return rest, given


def key_of(text, kind):
    if os.path.isfile(text):
        with open(text) as file:
            text = file.read()
    read = key(text.strip())
    if read[2] != kind:
        raise ValueError(f"{read[0]} is not the key of a {'log' if kind == 1 else 'witness'}")
    return read


def main(arguments):
    sys.stdout.reconfigure(errors="backslashreplace")  # a console that does not know a letter
    rest, given = options(arguments)
    if len(rest) != 1 or rest[0].startswith("--") or len(given["--key"]) > 1:
        print(__doc__)
        return 2
    try:
        os.stat(rest[0])
        keys, witnesses = [key_of(text, 1) for text in given["--key"]], [key_of(text, 4) for text in given["--witness"]]
        authorities = [(path, pem(path)) for path in given["--tsa"]]
    except (OSError, ValueError) as why:
        print("error:", plain(str(why)), file=sys.stderr)
        return 2
    try:
        found = check(rest[0], keys, witnesses, authorities)
    except Bad as why:
        print("REFUSED ", short(str(why)))
        return 1
    for line in lines(*found, keys, witnesses):
        print(line)
    return 0 if keys else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
