"""Signs what schemathesis sends, and gives it an order to speak about.

Loaded by `cargo xtask judges api` (SCHEMATHESIS_HOOKS). Every request is signed as docs/partner-api/README.md
says (RFC 9421, RFC 9530, Ed25519), over the bytes and the address that go over the wire. The private keys are
those that `qorgan sandbox init` invented for a demonstration; nothing here is of use against anything else.

Environment:
  QORGAN_API      address of the node, http://127.0.0.1:PORT (loopback only)
  QORGAN_COUNTRY  folder of the simulated country: country.json, keys.json
  QORGAN_SIGN_INS file of the demonstration's sign-ins: login, password, secret of one-time codes, role, name
  QORGAN_TOKENS   file for the keys of a program of the staff: made by the first run, used by the next ones
  QORGAN_STATS    file for the counts by operation and status; left out: none are kept
  QORGAN_PEM      file for the key of whoever the order was handed to, its name behind it; left out: not written
"""

import atexit
import base64
import collections
import hashlib
import http.server
import itertools
import json
import os
import pathlib
import queue
import re
import secrets
import sys
import threading
import time
import urllib.parse
import uuid

import pyotp
import requests
import schemathesis
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from schemathesis.core.parameters import ParameterLocation

BASE = os.environ["QORGAN_API"].rstrip("/")
FOLDER = pathlib.Path(os.environ["QORGAN_COUNTRY"])
if urllib.parse.urlsplit(BASE).hostname not in ("127.0.0.1", "localhost"):
    sys.exit("loopback only")

COUNTRY = json.loads((FOLDER / "country.json").read_text(encoding="utf-8"))["institutions"]
KEYS = json.loads((FOLDER / "keys.json").read_text(encoding="utf-8"))
# The order, object, hand-over, referral and case of the description's examples, by their digits; and when it was handed over.
EXAMPLE_ORDER = "0199c2a07b3c8d10a1b2c3d4e5f60718"
EXAMPLE_OBJECT = "0199c2a07b3c7d10a1b2c3d4e5f60719"
EXAMPLE_HAND_OVER = "0199c2a07b3c7d10a1b2c3d4e5f60730"
EXAMPLE_REFERRAL = "0199c2a07b3c7d10a1b2c3d4e5f60740"
EXAMPLE_CASE = "C-2026-01234567"
EXAMPLE_TIME = "2026-09-01T09:00:00+05:00"
EXAMPLE_IDS = [f"ZBEK-2026-000117-{end}" for end in "AB"] + [f"ZALT-2026-09-01-00004{end}" for end in "23"]


class Signer(requests.auth.AuthBase):
    """Signs a prepared request with an institution's key."""

    def __init__(self, institution):
        self.code = institution["code"]
        self.keyid = institution["keyid"]
        self.key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(KEYS[self.code]))

    def __call__(self, request):
        body = request.body or b""
        if isinstance(body, str):
            body = body.encode("utf-8")
        covered = [("@method", request.method), ("@target-uri", request.url)]
        if body or request.method != "GET":
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode("ascii")
            request.headers["Content-Digest"] = f"sha-256=:{digest}:"
            request.headers.setdefault("Content-Type", "application/json")
            kind = request.headers["Content-Type"]
            kind = kind.decode("latin-1") if isinstance(kind, bytes) else kind
            covered += [("content-digest", request.headers["Content-Digest"]), ("content-type", kind.strip(" \t"))]
        now = int(time.time())
        names = " ".join(f'"{name}"' for name, _ in covered)
        params = (
            f'({names});created={now};expires={now + 120};nonce="{secrets.token_hex(16)}"'
            f';keyid="{self.keyid}";tag="qorgan-v1"'
        )
        lines = [f'"{name}": {value}' for name, value in covered] + [f'"@signature-params": {params}']
        signature = base64.b64encode(self.key.sign("\n".join(lines).encode("utf-8"))).decode("ascii")
        request.headers["Signature-Input"] = f"qorgan={params}"
        request.headers["Signature"] = f"qorgan=:{signature}:"
        return request


def the(what, found):
    """The first that is found; without one nothing can be tried."""
    for one in found:
        return one
    sys.exit(f"the country has no {what}")


def iban(bank):
    """An account of a bank, with right check digits (ISO 13616)."""
    body = f"{bank['iban_code']}A000000000001"
    digits = "".join(str(int(c, 36)) for c in body + "KZ00")
    return f"KZ{98 - int(digits) % 97:02d}{body}"


# How many keys a program of the staff uses.
KEYS_OF_STAFF = 15
HANDED_OVER = queue.SimpleQueue()
REFERRED = queue.SimpleQueue()


class Gateway(http.server.BaseHTTPRequestHandler):
    """The country's gateway, as far as it is needed: takes everything, and remembers what a register and a body are handed."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        if self.path.endswith("/registrations"):
            HANDED_OVER.put(json.loads(body)["hand_over_id"])
        if self.path.endswith("/referrals"):
            REFERRED.put(json.loads(body)["referral_id"])
        self.send_response(202)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def open_gateway(address):
    """Where the agreements say that the institutions listen."""
    at = urllib.parse.urlsplit(address)
    server = http.server.ThreadingHTTPServer((at.hostname, at.port), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def an_order():
    """Files a report as a bank and waits until an order about it lies in somebody's inbox."""
    banks = [i for i in COUNTRY if i["kind"] == "bank" and i.get("iban_code")]
    filer, holder = the("bank", banks), the("second bank", banks[1:])
    office = requests.get(f"{BASE}/api/v1/clock", timeout=10).json()["office"]
    payment = {
        "amount": {"amount": "620000.00", "currency": "KZT"},
        "at": office,
        "own_institution": filer["code"],
        "own_account": iban(filer),
        "to": {"kind": "iban", "value": iban(holder)},
    }
    report = {"type": "report.v1", "external_id": f"judges-{secrets.token_hex(8)}", "kind": "money", "payments": [payment]}
    open_gateway(filer["gateway"])
    filed = requests.post(f"{BASE}/api/v1/reports", json=report, auth=Signer(filer), timeout=10)
    if filed.status_code not in (200, 201):
        sys.exit(f"a report was not taken: {filed.status_code} {filed.text}")
    gateways = [i for i in COUNTRY if i["role"] == "antifraud_centre"] + [holder]
    for _ in range(100):
        for gateway in gateways:
            signer = Signer(gateway)
            page = requests.get(f"{BASE}/api/v1/inbox?after=0&limit=1", auth=signer, timeout=10).json()
            if page.get("messages"):
                return office, Signer(filer), signer, page["messages"][0]["message"]
        time.sleep(0.2)
    sys.exit("no order came of a report within 20 s")


class Staff(requests.auth.AuthBase):
    """A program of somebody of the staff, by keys that their owner made on the page for keys: in turn, for one bears
    600 requests a minute."""

    def __init__(self, login):
        kept = pathlib.Path(os.environ["QORGAN_TOKENS"])
        if not kept.exists():
            kept.write_text("\n".join(self.made(login)), encoding="ascii")
        self.keys = itertools.cycle(kept.read_text(encoding="ascii").split())

    @staticmethod
    def made(login):
        """Signs in and makes keys: once, for a one-time code is taken once."""
        lines = pathlib.Path(os.environ["QORGAN_SIGN_INS"]).read_text(encoding="utf-8").splitlines()
        _, password, secret, *_ = the("sign-in", (line.split() for line in lines if line.startswith(f"{login} ")))
        browser = requests.Session()
        browser.headers.update({"Origin": BASE, "Accept": "text/html"})
        known = {"login": login, "password": password, "code": pyotp.TOTP(secret).now(), "next": "/me/tokens"}
        browser.post(f"{BASE}/sign-in", data=known, timeout=10).raise_for_status()
        for number in range(KEYS_OF_STAFF):
            wanted = {"idempotency_key": str(uuid.uuid4()), "name": f"judges {number}", "does": "write", "days": "1"}
            page = browser.post(f"{BASE}/me/tokens", data=wanted, timeout=10)
            yield the("key", re.findall(r"qtk_[A-Za-z0-9_-]{43}", page.text))

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {next(self.keys)}"
        return request


def a_referral(staff):
    """Opens a case and refers it to a body that is connected."""
    case = {"title": "Judges", "template": "payment-fraud"}
    opened = requests.post(f"{BASE}/api/v1/cases", json=case, auth=staff, timeout=10)
    opened.raise_for_status()
    number = opened.json()["number"]
    body = the("body", (code for i in COUNTRY for code in i.get("keeps", {}).get("bodies", [])))
    refer = {"body": body, "ground": "Judges"}
    done = requests.post(f"{BASE}/api/v1/cases/{number}/do/refer", json=refer, auth=staff, timeout=10)
    if done.status_code != 200:
        sys.exit(f"a case was not referred: {done.status_code} {done.text}")
    return number


OFFICE, FILER, ADDRESSEE, ORDER = an_order()
KEEPER = Signer(the("institution that keeps a register", (i for i in COUNTRY if i.get("keeps", {}).get("registers"))))
HAND_OVER = HANDED_OVER.get(timeout=20)
BODY = Signer(the("institution that answers for a body", (i for i in COUNTRY if i.get("keeps", {}).get("bodies"))))
STAFF = Staff("aliya")
CASE = a_referral(STAFF)
REFERRAL = REFERRED.get(timeout=20)

if os.environ.get("QORGAN_PEM"):
    # For the shell example of the page.
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = ADDRESSEE.key.private_bytes(serialization.Encoding.PEM, *form).decode("ascii")
    pathlib.Path(os.environ["QORGAN_PEM"]).write_text(pem + ADDRESSEE.keyid + "\n", encoding="ascii")


@schemathesis.auth(refresh_interval=None)
class Signature:
    """A bank files, a register's keeper numbers, a body answers, a program of the staff works on cases, whoever an order was handed to speaks about it. Cases about a missing signature go without."""

    def get(self, case, context):
        if case.meta is not None and case.meta.is_negative_at(ParameterLocation.HEADER):
            return None
        if case.path.endswith("/reports"):
            return FILER
        if case.path.startswith("/api/v1/cases"):
            return STAFF
        if "/referrals/" in case.path:
            return BODY
        return KEEPER if "/registrations/" in case.path else ADDRESSEE

    def set(self, case, data, context):
        case._auth = data


def here(value):
    """An example as this node has it: its own order, object, hand-over and time stand in for the invented ones."""
    if isinstance(value, str):
        order, item = ORDER["order_id"].split("_")[1], ORDER["objects"][0]["object_id"].split("_")[1]
        value = value.replace(EXAMPLE_ORDER, order).replace(EXAMPLE_OBJECT, item)
        value = value.replace(EXAMPLE_HAND_OVER, HAND_OVER.split("_")[1]).replace(EXAMPLE_TIME, OFFICE)
        return value.replace(EXAMPLE_REFERRAL, REFERRAL.split("_")[1]).replace(EXAMPLE_CASE, CASE)
    if isinstance(value, list):
        return [here(one) for one in value]
    if isinstance(value, dict):
        return {name: here(one) for name, one in value.items()}
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    """Without an order that is there, half of the operations would answer 404 for ever."""
    if case.path_parameters:
        case.path_parameters = here(dict(case.path_parameters))
    case.body = here(case.body)
    negative = case.meta is not None and case.meta.generation.mode.is_negative
    for name in ("answer_id", "external_id"):
        # Under the example's own id what is wrong would be refused for having another body than the example (409),
        # and nobody would see whether it is refused for being wrong.
        if negative and isinstance(case.body, dict) and case.body.get(name) in EXAMPLE_IDS:
            case.body[name] = f"judges-{secrets.token_hex(8)}"


@schemathesis.check
def signatures_are_believed(ctx, response, case):
    """What is signed is refused for anything but its signature: else the other checks would see refusals only."""
    if case._auth is not None and response.status_code == 401:
        raise AssertionError(f"signed, and refused: {response.text}")


@schemathesis.serializer("application/xml")
def xml(context, value):
    """A text is sent as it is: the examples are whole messages."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8")


COUNTS = collections.Counter()


@schemathesis.hook
def after_call(context, case, response):
    """How often each operation answered how."""
    COUNTS[f"{case.operation.label} {response.status_code}"] += 1


@atexit.register
def write_counts():
    """For whoever wants to know that the operations were reached at all."""
    path = os.environ.get("QORGAN_STATS")
    if path:
        pathlib.Path(path).write_text(json.dumps(dict(sorted(COUNTS.items())), indent=1), encoding="utf-8")
