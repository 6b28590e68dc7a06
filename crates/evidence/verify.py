#!/usr/bin/env python3
"""Checks a Qorgan package without a server and without anything but Python 3.9.

    python3 -I verify.py PACKAGE [--key VKEY] [--witness VKEY ...] [--tsa CERTIFICATES.pem ...]

PACKAGE is the folder, or the .tar of it. --key (or a file that holds it) is the log's key, which you have from somewhere
else: the package holds one too, but whoever made a false package would have put a false key into it. Take this script from
somewhere else for the same reason. A witness whose key is given must have signed. Time stamps are judged by openssl.

Written from the description of the format, not from the program: RFC 9162 (trees), RFC 8032 (Ed25519), C2SP signed-note,
tlog-checkpoint, tlog-cosignature, tlog-proof, POSIX ustar. Ends with 0 if the package holds, with 1 and the name of the file
if not. BLAKE3, which Python does not have, is not computed: that it is the one that was sealed is checked.
"""
import sys

# Python looks for modules beside a script first, and beside this one lies the package that is to be checked.
if __name__ == "__main__" and not sys.flags.isolated and not getattr(sys.flags, "safe_path", False):
    sys.path.pop(0)

import base64, hashlib, json, os, re, struct, subprocess, tempfile

FIXED = ("manifest.json", "log/package.entry", "log/package.tlog-proof", "log/package.consistency")
KINDS = """taken described linked opened printed exported moved offered received declined called_back sealed unsealed derived
checked damaged proposed sent_back returned destroyed""".split()
TOLD = "title sort taken_by taken_from place how tool basis taken_at file_name".split()
NUMBER = "(0|[1-9][0-9]{0,19})"
MOST_WHOLE = 64 << 20


class Bad(Exception):
    pass


def bad(file, why):
    raise Bad(f"{file}: {why}")


def need(right, file, why):
    if not right:
        bad(file, why)


def say(text):
    """What a package says is printed so that it can neither hide nor overwrite what this script says."""
    print("".join(c if c.isprintable() else ascii(c)[1:-1] for c in text))


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


def signed(key, message, signature):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    weak = [p is None or same(times(8, p), (0, 1, 1, 0)) for p in (a, r)]
    if len(signature) != 64 or s >= L or any(weak):
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
    def once(pairs):
        if len(dict(pairs)) != len(pairs):
            bad(file, "something is said twice")
        return dict(pairs)

    def never(text):
        bad(file, f"{text} is no number")

    def whole(text):
        return never(text) if text == "-0" else int(text)

    text = data.decode("utf-8")
    value = json.loads(text, object_pairs_hook=once, parse_constant=never, parse_int=whole)
    json.dumps(value, ensure_ascii=False).encode("utf-8")  # no half of a sign
    return value


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
        self.path, self.places = path, {}
        if os.path.isdir(path):
            self.walk("")
        else:
            self.tape()
        folded = [name.lower() for name in self.places]
        need(len(set(folded)) == len(folded), path, "two names differ in capitals only")

    def walk(self, short):
        for found in os.scandir(os.path.join(self.path, short)):
            name = f"{short}/{found.name}" if short else found.name
            if found.is_dir(follow_symlinks=False):
                self.walk(name)
            else:
                need(found.is_file(follow_symlinks=False) and is_path(name), name, "no file of the package")
                self.places[name] = None

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
                size = int.from_bytes(block[128:136], "big") if block[124] == 0x80 else int(block[124:135], 8)
                need(is_path(name) and header(name, size) == block, name, "no file of the package")
                need(name not in self.places and file.tell() + size <= length, name, "no file of the package")
                self.places[name] = file.tell(), size
                file.seek(size, 1)
                fill = -size % 512
                need(file.read(fill) == bytes(fill), name, "there are bytes behind it")

    def open(self, name):
        need(name in self.places, name, "missing")
        place = self.places[name]
        return Part(self.path, *place) if place else open(os.path.join(self.path, name), "rb")

    def read(self, name):
        with self.open(name) as file:
            data = file.read(MOST_WHOLE + 1)
        need(len(data) <= MOST_WHOLE, name, "too long")
        return data

    def text(self, name):
        return self.read(name).decode("utf-8")


# --- Keys, checkpoints, entries ---
def key(text):
    name, id, coded = text.split("+", 2)
    data = unbase(coded, 33)
    if not name or re.search("\\s|[\0-\x1f\x7f-\x9f]", name) or data[0] not in (1, 4):
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
        need(len(set(names)) == len(names) and kinds == [1] + [4] * len(self.witnesses), "manifest.json", "no such keys")

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
        waiting, who = [self.key] + self.witnesses, []
        for line in lines[:-1].split("\n"):
            match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
            need(match, file, "no signature")
            data = unbase(match[2])
            while waiting and (waiting[0][0], waiting[0][1]) != (match[1], data[:4]):
                need(who, file, "the log has not signed")
                waiting.pop(0)
            need(waiting, file, "signed by a stranger, twice, or out of order")
            need(verified(waiting[0], body.encode(), data[4:]), file, "a signature does not hold")
            who.append(waiting.pop(0))
        self.seen[text] = self.point(file, body), who
        return self.seen[text]

    def tied(self, name, old, new):
        lines = self.files.text(name).split("\n")
        right = lines[:2] == [f"old {old[0]}", f"new {new[0]}"] and lines[-1] == "" and len(lines) <= 67
        need(right and grown(*old, *new, [unbase(line, 32) for line in lines[2:-1]]), name, "the log did not grow out of the one before")

    def entry(self, entry, proof):
        data, text = self.files.read(entry), self.files.text(proof)
        head, _, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        need(lines[0] == "c2sp.org/tlog-proof@v1" and 2 <= len(lines) <= 66, proof, "no proof slip")
        need(lines[1][:6] == "index " and number(lines[1][6:]) is not None, proof, "no proof slip")
        (size, root), who = self.note(proof, checkpoint)
        leaf, index = hashlib.sha256(b"\0" + data).digest(), number(lines[1][6:])
        path = [unbase(line, 32) for line in lines[2:]]
        need(included(leaf, index, size, path) == root, proof, "the proof does not lead to the checkpoint")
        return dict(record(entry, data), index=index, at_point=(size, root), who=who)


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
    if sha256:
        content = hexed("manifest.json", sha256, 32) + hexed("manifest.json", blake3, 32) + struct.pack(">Q", size)
    else:
        need(not blake3 and not size and original is None, "manifest.json", "a thing has no bytes")
    salt = hexed("manifest.json", exhibit["salt"], 32)
    return hashlib.sha256(b"qorgan/exhibit/1\n" + salt + hashlib.sha256(told).digest() + content).hexdigest()


def said(words):
    if words is None:
        return None
    salt = hexed("manifest.json", words["salt"], 16)
    return hashlib.sha256(b"qorgan/words/1\n" + salt + hashlib.sha256(words["text"].encode()).digest()).hexdigest()


def history(log, manifest, exhibit, listed, made, before):
    """All events of an exhibit, each at a later place of the log, up to the one by which it came here."""
    seal, place, name = sealed(log.files, exhibit, listed), -1, exhibit["number"]
    need(exhibit["events"], "manifest.json", f"events of {name} are missing")
    for no, event in enumerate(exhibit["events"], 1):
        entry = log.entry(event["entry"], event["proof"])
        facts, before = entry["facts"], before or entry["at_point"]
        right = event["no"] == no and is_event(entry, exhibit, no, event["event"]) and place < entry["index"]
        right = right and (event["at"], event["actor"]) == (entry["at"], entry["actor"])
        need(right and before == entry["at_point"], event["entry"], f"event {no} is missing, doubled or another's")
        if no == 1:
            original = exhibit["original"]
            taken = event["event"] == "taken" and facts.get("seal") == seal
            need(taken, original or exhibit["told"], "not what the log says was taken in")
            form = "file" if exhibit["sha256"] else "item"
            same = (facts.get("number"), facts.get("form"), facts.get("parent")) == (name, form, exhibit["parent"])
            need(same, event["entry"], "it was taken in under another number, form or origin")
        need(("words" in facts) == (event["words"] is not None) and facts.get("words") == said(event["words"]), event["entry"],
             "the words are not those that the log names")
        place = entry["index"]
    last = len(exhibit["events"]) + 1
    told = made["facts"]["events"][exhibit["id"]]
    need(type(told) is int and told == last, "manifest.json", f"events of {name} are missing")
    file = f"log/{name}/exported.entry"
    came = log.entry(file, f"log/{name}/exported.tlog-proof")
    right = is_event(came, exhibit, last, "exported") and came["facts"].get("package") == manifest["id"]
    right = right and place < came["index"] < made["index"] and came["at_point"] == made["at_point"]
    need(right, file, "not the event by which the exhibit came into this package")
    return before


def placed(manifest):
    """Every file has its one place by what it is: whoever opens a folder finds there what its name says, and nothing else."""
    known = {"verify.py"}
    for exhibit in manifest["exhibits"]:
        number, original = exhibit["number"], exhibit["original"]
        need(re.fullmatch("[A-Z0-9-]+", number), "manifest.json", "no number of an exhibit")
        right = exhibit["told"] == f"exhibits/{number}/told.json" and original in (None, f"exhibits/{number}/original")
        known.update([exhibit["told"]] + [original] * (original is not None))
        for no, event in enumerate(exhibit["events"], 1):
            names = [f"log/{number}/{no:04}.entry", f"log/{number}/{no:04}.tlog-proof"]
            right = right and [event["entry"], event["proof"]] == names
            known.update(names)
        need(right, "manifest.json", f"files of {number} lie elsewhere")
    for no, stamp in enumerate(manifest["stamps"]):
        names = [f"log/stamp-{no:02}.{end}" for end in ("checkpoint", "tsr", "consistency")]
        need([stamp["checkpoint"], stamp["token"], stamp["link"]] == names, "manifest.json", "stamps lie elsewhere")
        known.update(names)
    for file in manifest["files"]:
        page = re.fullmatch("index[.][a-z]{2,3}[.]html", file["path"])
        need(page or file["path"] in known, file["path"], "no file of the package")


def stamped(files, stamp, authorities):
    """Whether an authority of whose certificates we were given stamped that (RFC 3161)."""
    for file in authorities:
        with tempfile.TemporaryDirectory() as folder:
            for name, source in (("data", stamp["checkpoint"]), ("token", stamp["token"])):
                with open(os.path.join(folder, name), "wb") as out:
                    out.write(files.read(source))
            command = ["openssl", "ts", "-verify", "-data", "data", "-in", "token", "-CAfile", os.path.abspath(file)]
            if subprocess.run(command, cwd=folder, capture_output=True).returncode == 0:
                return f"time stamp of {stamp['authority']}: holds"
    return f"time stamp of {stamp['authority']}: NOT CHECKED, or by none of the certificates given"


def check(path, keys, authorities):
    files = Files(path)
    raw = files.read("manifest.json")
    manifest = strict("manifest.json", raw)
    shaped("manifest.json", manifest, MANIFEST)
    need(manifest["format"] == "qorgan-package/1", "manifest.json", "another version")
    named = [file["path"] for file in manifest["files"]] + list(FIXED)
    named += [f"log/{e['number']}/exported.{end}" for e in manifest["exhibits"] for end in ("entry", "tlog-proof")]
    need(len(set(named)) == len(named) and all(map(is_path, named)), "manifest.json", "no list of files")
    placed(manifest)
    for name in sorted(set(files.places) ^ set(named)):
        bad(name, "missing" if name in named else "no file of the package")
    log = Log(files, manifest)
    # First of all: of a stranger's package nothing else is worth the work.
    need(not keys or keys == [log.key], "manifest.json", "signed by another log than the one whose key you gave")
    made = log.entry("log/package.entry", "log/package.tlog-proof")
    right = made["act"] == "evidence.package_made" and made["subject"] == manifest["id"]
    need(right, "log/package.entry", "not the making of this package")
    hash = hashlib.sha256(raw).hexdigest()
    need(made["facts"].get("manifest") == hash, "manifest.json", "the log names another manifest")
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
    before = None
    for exhibit in manifest["exhibits"]:
        before = history(log, manifest, exhibit, listed, made, before)
    at = made["at_point"]
    log.tied("log/package.consistency", before or at, at)
    stamps = []
    for stamp in manifest["stamps"]:
        point = log.point(stamp["checkpoint"], files.text(stamp["checkpoint"]))
        need(before is not None, stamp["checkpoint"], "there is nothing to stamp")
        log.tied(stamp["link"], point, before)
        stamps.append(stamped(files, stamp, authorities))
    return manifest, hash, log, made, stamps


def options(arguments):
    """Gives what is left, and what stood behind each option."""
    given, rest, waiting = {"--key": [], "--witness": [], "--tsa": []}, [], list(arguments)
    while waiting:
        one = waiting.pop(0)
        if one in given and waiting:
            given[one].append(waiting.pop(0))
        else:
            rest.append(one)
    return rest, given


def key_of(text):
    if os.path.isfile(text):
        with open(text) as file:
            text = file.read()
    return key(text.strip())


def main(arguments):
    sys.stdout.reconfigure(errors="backslashreplace")  # a console that does not know a letter
    rest, given = options(arguments)
    if len(rest) != 1 or rest[0].startswith("--") or len(given["--key"]) > 1:
        print(__doc__)
        return 2
    try:
        keys, witnesses = [key_of(text) for text in given["--key"]], [key_of(text) for text in given["--witness"]]
        manifest, hash, log, made, stamps = check(rest[0], keys, given["--tsa"])
        for witness in witnesses:
            need(witness in made["who"][1:], "log/package.tlog-proof", f"the witness {witness[0]} has not signed it")
    except Bad as why:
        say(f"REFUSED  {why}")
        return 1
    except Exception as why:
        say(f"REFUSED  {type(why).__name__}: {why}")
        return 1
    say(f"  log {log.key[0]}, {made['at_point'][0]} records, act of {manifest['id']}, manifest sha256 {hash}")
    for exhibit in manifest["exhibits"]:
        where = "" if exhibit["original"] or not exhibit["sha256"] else ", its bytes are not in the package"
        say(f"  {exhibit['number']}  {len(exhibit['events'])} events  {exhibit['sha256'] or 'a thing'}{where}")
    for name, *_ in witnesses:
        say(f"  seen by the witness {name}")
    for witness in log.witnesses:
        if witness not in made["who"]:
            say(f"  the office asks the witness {witness[0]}, which has not signed it")
    for line in stamps:
        say("  " + line)
    print("  BLAKE3 is not computed; index pages are not compared; that no event was left out, whoever holds the whole record can count")
    say(f"  said by the office alone: about \"{manifest['about']}\", made {manifest['made_at']} by {manifest['made_by']}, titles, names")
    # Last, where it stands on the screen whatever the package says above.
    print("HOLDS" if keys else "HOLDS TOGETHER, but NOBODY VOUCHES for the log's key: give it with --key, from elsewhere than the package")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
