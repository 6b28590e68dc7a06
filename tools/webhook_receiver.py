#!/usr/bin/env python3
"""A partner's receiver: checks every notification with the public Standard Webhooks library.

Usage: WEBHOOK_SECRET=whsec_... python webhook_receiver.py PORT [--fail-first N] [--seconds S]
Answers 204 to a valid signature, 401 to a bad one, 503 to the first N valid ones (to see repetitions). Prints one line
of JSON a notification (id, which try of that id, valid, type) and a summary at the end. On loopback only; ends by itself.

`crates/partner/examples/notify_once.rs` starts it beside a real sender:
    python3 -m venv target/judges/webhooks && target/judges/webhooks/bin/pip install standardwebhooks==1.1.0
    cargo run -p partner --example notify_once -- target/judges/webhooks/bin/python tools/webhook_receiver.py
"""
import argparse
import collections
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook

arguments = argparse.ArgumentParser()
arguments.add_argument("port", type=int)
arguments.add_argument("--fail-first", type=int, default=0)
arguments.add_argument("--seconds", type=float, default=120)
given = arguments.parse_args()

webhook = Webhook(os.environ["WEBHOOK_SECRET"])
lock = threading.Lock()
seen, answers, valid_so_far = collections.Counter(), collections.Counter(), 0


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        global valid_so_far
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        name = self.headers.get("webhook-id")
        try:
            data = webhook.verify(body, dict(self.headers.items()))
            valid, kind = True, data.get("type")
        except Exception as refused:  # whatever the library finds wrong
            data, valid, kind = None, False, type(refused).__name__
        with lock:
            seen[name] += 1
            attempt = seen[name]
            valid_so_far += valid
            answer = 401 if not valid else 503 if valid_so_far <= given.fail_first else 204
            answers[answer] += 1
        line = {"id": name, "attempt": attempt, "valid": valid, "type": kind, "answered": answer, "body": data}
        print(json.dumps(line), flush=True)
        self.send_response(answer)
        self.send_header("Content-Length", "0")
        self.end_headers()


server = ThreadingHTTPServer(("127.0.0.1", given.port), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"listening": given.port}), flush=True)
time.sleep(given.seconds)
server.shutdown()
repeated = sum(times > 1 for times in seen.values())
print(json.dumps({"deliveries": sum(seen.values()), "ids": len(seen), "repeated_ids": repeated, "answers": dict(answers)}))
