#!/usr/bin/env python3
"""Checks a signed extract (a file that ends in .muster), with nothing of Muster's and nothing but Python 3.

    python3 muster_verify.py EXTRACT.muster            in words
    python3 muster_verify.py --json EXTRACT.muster     for a program

It shares no code with Muster, on purpose: it was written from `storage/FORMAT.md` and `core/MODEL.md`, so that nobody
has to take Muster's word for what an extract proves. Ends with 0 where everything is proven, 1 where it is not, 2 where
the file cannot be read.
"""

import json
import os
import sys
from datetime import datetime, timedelta, timezone

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from form import Malformed  # noqa: E402
from hashing import named  # noqa: E402
from rights import Authority, certificate_holds, gives, seal_holds, seat_id  # noqa: E402
from shapes import MAGIC, MOST_BYTES, OPEN, READ, WRITE, extract  # noqa: E402
from signing import holds  # noqa: E402

PROVEN, NO_SEAT, NO_RIGHT, NOT_SEALED = "proven", "no seat", "no right", "not sealed"


def broken(read):
    """What of the extract itself does not hold: table, chain, certificate or signature; None where all of it does."""
    claim, certificate = read["claim"], read["certificate"]
    if named("muster 1 extract table", read["table"]) != claim["table"]:
        return "table"
    if named("muster 1 extract chain", read["chain"]["bytes"]) != claim["chain"]:
        return "chain"
    if not certificate_holds(certificate, claim["school"]):
        return "certificate"
    if not holds(certificate["claim"]["key"], "extract 1", claim["bytes"], read["signature"]):
        return "signature"
    return None


def _sources(claim):
    return {source["device"]: dict(source["heads"]) for source in claim["sources"]}


def _author(authority, claim, log):
    (area, place, _), seat = log["descriptor"]["section"], log["descriptor"]["seat"]
    name = named("muster 1 log", claim["school"], log["descriptor"]["bytes"])
    seated = authority.seats.get(seat)
    if seated is None:
        return NO_SEAT
    told = [head for source in claim["sources"] if source["device"] == seated.device
            for of, heads in source["heads"] if of == name for head in heads]
    if log["head"] not in told or not seal_holds(seated.key, name, log["head"], log["seal"]):
        return NOT_SEALED
    rights = (WRITE, OPEN) if log["facts"] else (OPEN, WRITE, READ)
    right = authority.has_or_had(seat, lambda one: any(gives(one, right, area, place) for right in rights))
    return PROVEN if right else NO_RIGHT


def _signer(authority, certificate, areas):
    seat = seat_id(certificate)
    known = authority.seats.get(seat)
    if known is None or known.key != certificate["claim"]["key"]:
        return NO_SEAT

    def reads(one):
        return any(right == READ and (any_area == 0 or area in areas)
                   for (right, _), (any_area, area), _ in one.capabilities)

    return PROVEN if authority.has_or_had(seat, reads) else NO_RIGHT


def proven(read):
    """What the chain of grants proves, from the school's founding on."""
    claim, chain = read["claim"], read["chain"]
    school = named("muster 1 founding", chain["founding"]["bytes"])
    told = {named("muster 1 log", claim["school"], log["descriptor"]["bytes"]) for log in chain["authors"]}
    unnamed = sum(log not in told for source in claim["sources"] for log, _ in source["heads"])
    if school != claim["school"]:
        return {"signer": NO_SEAT, "authors": [], "void": len(chain["logs"]), "unnamed": unnamed}
    authority = Authority(chain)
    areas = {log["descriptor"]["section"][0] for log in chain["authors"]}
    return {
        "signer": _signer(authority, read["certificate"], areas),
        "authors": [_author(authority, claim, log) for log in chain["authors"]],
        "void": authority.void,
        "unnamed": unnamed,
    }


def judge(data):
    """Everything about a file's bytes: a verdict for a program, and what was read, or None."""
    try:
        read = extract(data)
    except Malformed:
        return {"verdict": "not sound", "because": "form"}, None
    because = broken(read)
    if because:
        return {"verdict": "not sound", "because": because}, read
    found = proven(read)
    all_of_it = found["signer"] == PROVEN and not found["unnamed"] and all(one == PROVEN for one in found["authors"])
    return {"verdict": "proven" if all_of_it else "not proven", **found}, read


def _when(moment):
    utc_ms, offset = moment
    at = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=utc_ms, minutes=offset)
    return f"{at.day} {at:%B %Y, %H:%M}"


def _source_words(source):
    name = source["name"] or "a device without a name"
    if source["own"]:
        return f"{name}: made this extract"
    return f"{name}: last heard from {_when(source['heard'])}" if source["heard"] else f"{name}: never heard from"


def words(verdict, read):
    """The verdict in sentences."""
    if read is None:
        return ["NOT SOUND: the file is damaged, was changed, or is no signed extract."]
    because = {
        "table": "the table was changed after it was signed",
        "chain": "the chain of grants was changed after it was signed",
        "certificate": "the signer's certificate does not hold",
        "signature": "for whom, what for, or what it claims to be complete to was changed",
    }.get(verdict.get("because"))
    if because:
        return [f"NOT SOUND: {because}."]
    claim = read["claim"]
    number = " ".join(claim["school"].hex()[at:at + 4] for at in range(0, 16, 4))
    said = [
        f"{claim['what']}.",
        f"From {claim['school_name']}, made by {claim['by']} on {_when(claim['at'])}.",
        f"For {claim['to']}: {claim['purpose']}. For nobody and nothing else.",
        f"{claim['rows']} lines, {claim['people']} people.",
        "Proven: table, recipient, purpose and the list below are as they were signed.",
        f"Not proven: that this is the school it says it is. Its number is {number}: ask the school for its own, by "
        "another way.",
        {
            PROVEN: "Proven, from the school's founding on: whoever signed it could read these records.",
            NO_SEAT: "NOT proven: that whoever signed it belongs to the school.",
            NO_RIGHT: "NOT proven: that whoever signed it may read these records.",
        }[verdict["signer"]],
    ]
    authors = verdict["authors"]
    bad = [one for one in authors if one != PROVEN]
    if not bad and not verdict["unnamed"]:
        said.append(f"Proven, from the founding on: all {len(authors)} logs it was made from were written by somebody "
                    "who had the right to.")
    for which, why in ((NO_SEAT, "that their writers belong to the school"),
                       (NO_RIGHT, "that their writers had the right"),
                       (NOT_SEALED, "that their writers sealed them as far as is said here")):
        if which in bad:
            said.append(f"NOT proven of {bad.count(which)} of {len(authors)} logs: {why}.")
    if verdict["unnamed"]:
        said.append(f"NOT proven: who wrote {verdict['unnamed']} of the logs it says it was made from.")
    said.append("NOT proven by this file: that the table is what the records say. "
                f"{claim['by'] or 'Whoever'} signed it and answers for that; whoever holds the records can compare.")
    said.append("Not proven: that what people marked was true, and the clocks.")
    said.append("Complete to what these devices had handed over:")
    said += [f"  {_source_words(source)}" for source in claim["sources"]]
    if claim["notes"]:
        said.append("Not in it:")
        said += [f"  {note}" for note in claim["notes"]]
    return said


def main(arguments):
    as_json = "--json" in arguments
    files = [one for one in arguments if one != "--json"]
    if len(files) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(files[0], "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        print(f"{files[0]} cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    if not data.startswith(MAGIC):
        print(f"{files[0]} is no signed extract: give the file that ends in .muster", file=sys.stderr)
        return 2
    verdict, read = judge(data)
    if as_json:
        print(json.dumps(verdict, sort_keys=True))
    else:
        print("\n".join(words(verdict, read)))
    return 0 if verdict["verdict"] == "proven" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
