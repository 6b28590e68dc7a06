"""Names for `cargo xtask bench lookalike`, one JSON object a line: names of organisations, variants of them made by dnstwist
and by replacing letters with those of other alphabets that look the same, and names that are nobody's variant.

The organisations are those given as arguments and banks from the MISP warning list of bank sites; the others are the names
that are visited most (the million of Tranco) and sites of universities. Nothing of it is written by the product.
"""

import json
import os
import random
import sys
from pathlib import Path

import dnstwist
import pymispwarninglists

DRAW = random.Random(int(os.environ.get("DRAW", "1")))
ORGANISATIONS = 200
EACH = 50
LISTS = Path(pymispwarninglists.__file__).parent / "data" / "misp-warninglists" / "lists"
# Letters of the Kazakh and Russian alphabets that are seen as Latin ones; by eye, not from the product's table.
CYRILLIC = {
    "a": "аә", "b": "вь", "c": "с", "d": "ԁ", "e": "еёә", "g": "ԍ", "h": "һн", "i": "і", "j": "ј", "k": "кқ", "l": "ӏ",
    "m": "м", "n": "п", "o": "оө", "p": "р", "q": "ԛ", "r": "г", "s": "ѕ", "t": "т", "u": "и", "w": "ш", "x": "х", "y": "уүұ",
}
SPOKEN = {
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "k": "к", "l": "л", "m": "м",
    "n": "н", "o": "о", "p": "п", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "y": "ы", "z": "з",
}
WORDS = ["bank", "login", "online", "pay", "bonus", "secure", "kz", "support", "cabinet", "promo"]
ENDINGS = ["top", "xyz", "com", "online", "site", "click", "info", "shop"]


def warninglist(name):
    return [str(v).lower().lstrip(".") for v in json.loads((LISTS / name / "list.json").read_text())["list"]]


def ascii_name(name):
    try:
        return name.encode("ascii").decode() if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return None


def variants(domain):
    """Of each sort of variant a few, so that no sort outweighs the others."""
    fuzz = dnstwist.Fuzzer(domain, dictionary=WORDS, tld_dictionary=ENDINGS)
    fuzz.generate()
    sorts = {}
    for made in fuzz.domains:
        if made["fuzzer"] != "*original":
            sorts.setdefault(made["fuzzer"], set()).add(made["domain"])
    label, _, ending = domain.partition(".")
    letters = [i for i, c in enumerate(label) if c in CYRILLIC]
    for _ in range(40):
        chosen = DRAW.sample(letters, DRAW.randint(1, len(letters))) if letters else []
        name = "".join(DRAW.choice(CYRILLIC[c]) if i in chosen else c for i, c in enumerate(label))
        if name != label:
            sorts.setdefault("kazakh and russian letters", set()).add(f"{name}.{ending}")
    if all(c in SPOKEN for c in label):
        sorts["written as spoken"] = {"".join(SPOKEN[c] for c in label) + "." + ending}
    sorts["before another name"] = {f"{domain}.{word}-{n}.{end}" for n in range(3) for word, end in zip(WORDS, ENDINGS)}
    names = {sort: sorted(filter(None, map(ascii_name, made))) for sort, made in sorts.items()}
    for made in names.values():
        DRAW.shuffle(made)
    drawn = []
    while len(drawn) < EACH and any(names.values()):
        for sort in sorted(names):
            if names[sort] and len(drawn) < EACH:
                drawn.append((sort, names[sort].pop()))
    return drawn


def main():
    given = sys.argv[1:]
    banks = sorted({b for b in warninglist("bank-website") if b.count(".") == 1 and len(b.split(".")[0]) >= 3 and b.isascii()})
    organisations = given + DRAW.sample([b for b in banks if b not in given], ORGANISATIONS - len(given))
    for domain in organisations:
        print(json.dumps({"organisation": domain}))
    for domain in organisations:
        for sort, name in variants(domain):
            print(json.dumps({"variant": name, "of": domain, "sort": sort}))
    others = set()
    for name in ["tranco", "university_domains"]:
        others.update(filter(None, (ascii_name(n) for n in warninglist(name))))
    for name in sorted(others):
        print(json.dumps({"other": name}))


main()
