#!/usr/bin/env python3
"""Checks a Qorgan package without a server and without anything but Python 3.9.

    python3 verify.py PACKAGE [--key VERIFIER_KEY] [--tsa CERTIFICATES.pem]

PACKAGE is the folder, or the .tar of it. --key (or a file that holds it) is the log's key, which you have from somewhere
else: the package holds one too, but whoever made a false package would have put a false key into it. Take this script from
somewhere else for the same reason.

Written from the description of the format, not from the program: RFC 9162 (trees), RFC 8032 (Ed25519), C2SP signed-note,
tlog-checkpoint, tlog-cosignature, tlog-proof. Ends with 0 if the package holds, with 1 and the name of the file if not.
"""
import base64, hashlib, json, os, re, struct, subprocess, sys, tarfile, tempfile

FIXED = ("manifest.json", "log/package.entry", "log/package.tlog-proof", "log/package.consistency")


class Bad(Exception):
    pass


def bad(file, why):
    raise Bad(f"{file}: {why}")


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
    if len(signature) != 64 or a is None or r is None or s >= L or same(times(8, a), (0, 1, 1, 0)):
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


# --- Keys, notes, checkpoints, slips ---
def unbase(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("another writing of the same bytes")
    return data


def key(text):
    name, id, data = text.split("+", 2)
    data = unbase(data)
    if len(data) != 33 or data[0] not in (1, 4):
        raise ValueError("not a key")
    if hashlib.sha256(name.encode() + b"\n" + data).hexdigest()[:8] != id:
        raise ValueError("the id is another key's")
    return name, bytes.fromhex(id), data[0], data[1:]


SEEN = {}


def note(file, text, keys, origin):
    """Every line must be signed by a key of the manifest, one of them the log's. Gives size, root and who signed."""
    if (text, origin) in SEEN:
        return SEEN[text, origin]
    body, _, lines = text.rpartition("\n\n")
    body += "\n"
    head = body.split("\n")
    if len(head) != 4 or head[0] != origin or not re.fullmatch("0|[1-9][0-9]*", head[1]) or not lines.endswith("\n"):
        bad(file, "no checkpoint of this log")
    names = []
    for line in lines[:-1].split("\n"):
        match = re.fullmatch("— (\\S+) (\\S+)", line)
        if not match:
            bad(file, "no signature")
        data = unbase(match[2])
        kind = [k for k in keys if k[0] == match[1] and k[1] == data[:4]]
        message, data = body.encode(), data[4:]
        if kind and kind[0][2] == 4:
            message = b"cosignature/v1\ntime %d\n" % struct.unpack(">Q", data[:8]) + message
            data = data[8:]
        if not kind or not signed(kind[0][3], message, data):
            bad(file, f"the signature of {match[1]} does not hold")
        names.append(match[1])
    if origin not in names:
        bad(file, "the log has not signed")
    SEEN[text, origin] = int(head[1]), unbase(head[2]), names
    return SEEN[text, origin]


def record(file, data):
    """An entry of the record: QAUDIT, 0, 1; fields with their length in four bytes; FFFFFFFF for one that is absent."""
    if data[:8] != b"QAUDIT\0\1":
        bad(file, "no entry of the record")
    fields, at = [], 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        at += 4
        fields.append(None if size == 0xFFFFFFFF else data[at : at + size])
        at += 0 if size == 0xFFFFFFFF else size
    if len(fields) != 13 or at != len(data):
        bad(file, "no entry of the record")
    return {"act": fields[4].decode(), "subject": fields[6].hex(), "facts": json.loads(fields[12])}


class Package:
    def __init__(self, path):
        self.tar, self.path, self.names = None, path, []
        if os.path.isdir(path):
            for folder, folders, files in os.walk(path):
                for name in folders + files:
                    whole = os.path.join(folder, name)
                    short = os.path.relpath(whole, path)
                    if os.path.islink(whole) or not (os.path.isdir(whole) or os.path.isfile(whole)):
                        bad(short, "no file of the package")
                    if os.path.isfile(whole):
                        self.names.append(short.replace(os.sep, "/"))
        else:
            self.tar = tarfile.open(path, "r:")
            for member in self.tar.getmembers():
                if not member.isreg() or member.name in self.names:
                    bad(member.name, "no file of the package")
                self.names.append(member.name)

    def open(self, name):
        if name not in self.names:
            bad(name, "missing")
        return self.tar.extractfile(name) if self.tar else open(os.path.join(self.path, name), "rb")

    def read(self, name):
        with self.open(name) as file:
            return file.read()

    def tied(self, name, old, new):
        lines = self.read(name).decode().split("\n")
        right = lines[:2] == [f"old {old[0]}", f"new {new[0]}"] and lines[-1] == ""
        if not right or not grown(*old, *new, [unbase(line) for line in lines[2:-1]]):
            bad(name, "the log did not grow out of the one before")

    def entry(self, entry, proof, keys, origin):
        data, text = self.read(entry), self.read(proof).decode()
        head, _, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if lines[0] != "c2sp.org/tlog-proof@v1" or not re.fullmatch("index (0|[1-9][0-9]*)", lines[1]):
            bad(proof, "no proof slip")
        size, root, names = note(proof, checkpoint, keys, origin)
        leaf = hashlib.sha256(b"\0" + data).digest()
        if included(leaf, int(lines[1][6:]), size, [unbase(line) for line in lines[2:]]) != root:
            bad(proof, "the proof does not lead to the checkpoint")
        return record(entry, data), (size, root), names


def stamped(package, stamp, authorities):
    """Time stamps (RFC 3161) are judged by openssl, where certificates are given with --tsa."""
    for file in authorities:
        with tempfile.TemporaryDirectory() as folder:
            for name, source in (("data", stamp["checkpoint"]), ("token", stamp["token"])):
                with open(os.path.join(folder, name), "wb") as out:
                    out.write(package.read(source))
            command = ["openssl", "ts", "-verify", "-data", "data", "-in", "token", "-CAfile", os.path.abspath(file)]
            ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            print(f"  time stamp of {stamp['authority']}: {'holds' if ran.returncode == 0 else 'NOT BELIEVED'}")


def check(path, trusted, authorities):
    package = Package(path)
    raw = package.read("manifest.json")
    manifest = json.loads(raw)
    if manifest["format"] != "qorgan-package/1":
        bad("manifest.json", "another version")
    listed = [file["path"] for file in manifest["files"]] + list(FIXED)
    for name in sorted(set(package.names) ^ set(listed)):
        bad(name, "missing" if name in listed else "no file of the package")
    origin, keys = manifest["log"]["origin"], [key(text) for text in manifest["log"]["keys"]]
    made, at, names = package.entry("log/package.entry", "log/package.tlog-proof", keys, origin)
    if made["act"] != "evidence.package_made" or made["subject"] != manifest["id"]:
        bad("log/package.entry", "not the making of this package")
    if made["facts"]["manifest"] != hashlib.sha256(raw).hexdigest():
        bad("manifest.json", "the log names another manifest")
    for file in manifest["files"]:
        hash, size = hashlib.sha256(), 0
        with package.open(file["path"]) as source:
            while piece := source.read(1 << 20):
                hash.update(piece)
                size += len(piece)
        if (hash.hexdigest(), size) != (file["sha256"], file["size"]):
            bad(file["path"], "not what the manifest says")
    sizes = {file["path"]: (file["size"], file["sha256"]) for file in manifest["files"]}
    before = None
    for exhibit in manifest["exhibits"]:
        told, content, original = package.read(exhibit["told"]), b"", exhibit["original"]
        if original:
            size, sha256 = sizes[original]
            if sha256 != exhibit["sha256"]:
                bad(original, "not what was taken in")
            content = bytes.fromhex(sha256 + exhibit["blake3"]) + struct.pack(">Q", size)
        seal = hashlib.sha256(b"qorgan/exhibit/1\n" + bytes.fromhex(exhibit["salt"]) + hashlib.sha256(told).digest() + content)
        for no, event in enumerate(exhibit["events"], 1):
            entry, point, _ = package.entry(event["entry"], event["proof"], keys, origin)
            facts, before = entry["facts"], before or point
            right = (no, event["event"], exhibit["id"], "exhibit." + event["event"], before)
            if (facts["no"], facts["event"], entry["subject"], entry["act"], point) != right or event["no"] != no:
                bad(event["entry"], f"event {no} is missing, doubled or another's")
            if no == 1 and (event["event"] != "taken" or facts["seal"] != seal.hexdigest()):
                bad(original or exhibit["told"], "not what the log says was taken in")
            words = event["words"]
            said = words and hashlib.sha256(b"qorgan/words/1\n" + bytes.fromhex(words["salt"]) + words["text"].encode())
            if (said.hexdigest() if said else None) != facts.get("words"):
                bad(event["entry"], "the words are not those that the log names")
        if made["facts"]["events"].get(exhibit["id"]) != len(exhibit["events"]) + 1:
            bad("manifest.json", f"events of {exhibit['number']} are missing")
    package.tied("log/package.consistency", before or at, at)
    for stamp in manifest["stamps"]:
        text = package.read(stamp["checkpoint"]).decode()
        lines = text.split("\n")
        if len(lines) != 4 or lines[0] != origin or before is None:
            bad(stamp["checkpoint"], "no checkpoint of this log")
        package.tied(stamp["link"], (int(lines[1]), unbase(lines[2])), before)
        stamped(package, stamp, authorities)
    vouched = any(k in keys and k[0] == origin for k in trusted)
    return manifest, hashlib.sha256(raw).hexdigest(), at[0], names, vouched


def main(arguments):
    trusted = []
    if "--key" in arguments:
        at = arguments.index("--key")
        text = arguments[at + 1]
        text = open(text).read().strip() if os.path.exists(text) else text
        trusted, arguments = [key(text)], arguments[:at] + arguments[at + 2 :]
    authorities = []
    while "--tsa" in arguments:
        at = arguments.index("--tsa")
        authorities.append(arguments[at + 1])
        arguments = arguments[:at] + arguments[at + 2 :]
    if len(arguments) != 1:
        print(__doc__)
        return 2
    try:
        manifest, hash, size, names, vouched = check(arguments[0], trusted, authorities)
        if trusted and not vouched:
            bad("manifest.json", "the package was signed by another log than the one whose key you gave")
    except Bad as why:
        print(f"REFUSED  {why}")
        return 1
    except Exception as why:
        print(f"REFUSED  {type(why).__name__}: {why}")
        return 1
    print(f"HOLDS  {manifest['about']}  sha256 {hash}")
    print(f"  log {manifest['log']['origin']}, {size} records, signed by {', '.join(names)}")
    for exhibit in manifest["exhibits"]:
        print(f"  {exhibit['number']}  {len(exhibit['events'])} events  {exhibit['sha256'] or 'a thing'}")
    if not vouched:
        print("  NOBODY VOUCHES for the key: give the log's key, which you have from somewhere else, with --key")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
