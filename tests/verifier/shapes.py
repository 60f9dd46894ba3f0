"""What a signed extract is made of: the shapes of `storage/FORMAT.md`, and the limits that hold there."""

from form import (Malformed, blob, byte, choice, fields, fixed, flag, nothing, optional, sequence, signed, text,
                  together, unsigned, whole)

MAGIC = b"muster extract 1\n"
MOST_BYTES = 64 * 1024 * 1024
MOST_DEVICES, MOST_AUTHORITY_LOGS, MOST_LOGS = 1_000, 20_000, 262_144
MOST_CAPABILITIES, MOST_CUTS, MOST_ADOPTED, MOST_SAID, CARDS = 4_096, 3_500, 1_024, 64, 3
BRANCHES = 16

HASH, SHORT, SIGNATURE = fixed(32), fixed(16), fixed(64)
MOMENT = together(signed(64), signed(16))
HEAD = together(unsigned(64), HASH)
HEADS = sequence(together(HASH, sequence(HEAD)))
PERSON_KEYS = together(HASH, HASH)
ANY_OR_AREA = choice(nothing, unsigned(16))
ANY_OR_PLACE = choice(nothing, SHORT)
CAPABILITY = together(choice(*[nothing] * 7), ANY_OR_AREA, ANY_OR_PLACE)
READ, WRITE, GRANT, ENROL, HOLD, OPEN, KEEP_LEADS = range(7)
CUTS = sequence(together(HASH, HEAD))
ENTRY_NAME = together(HASH, unsigned(64), HASH)
REASON = choice(*[nothing] * 7)
TARGET = choice(HASH, together(SHORT, HASH), HASH)

SEAT_CLAIM = fields(school=HASH, device=HASH, person=optional(together(SHORT, HASH)), key=HASH, incarnation=SHORT)
CERTIFICATE = fields(claim=SEAT_CLAIM, by_device=SIGNATURE, by_person=optional(SIGNATURE))
FOUNDING = fields(version=byte, nonce=HASH, head=SHORT, head_keys=PERSON_KEYS, device=HASH,
                  cards=together(*[HASH] * CARDS), threshold=byte, recovery=HASH)
DESCRIPTOR = fields(seat=HASH, section=together(unsigned(16), SHORT, unsigned(16)))
AUTHORITY_SECTION = bytes(1 + 16 + 1)
SOURCE = fields(device=HASH, name=text, heads=HEADS, heard=optional(MOMENT), own=flag)
CLAIM = fields(school=HASH, school_name=text, what=text, to=text, purpose=text, by=text, at=MOMENT,
               rows=unsigned(32), people=unsigned(32), notes=sequence(text), sources=sequence(SOURCE), table=HASH,
               chain=HASH)
CHAIN = fields(
    founding=FOUNDING,
    lists=sequence(fields(id=HASH, changes=flag, heads=HEADS)),
    logs=sequence(fields(seat=HASH, entries=sequence(blob), seal=SIGNATURE)),
    authors=sequence(fields(descriptor=DESCRIPTOR, head=HEAD, seal=SIGNATURE, facts=flag)),
)
EXTRACT = fields(claim=CLAIM, certificate=CERTIFICATE, table=blob, chain=CHAIN, signature=SIGNATURE)

HEADER = fields(version=byte, suite=byte, kind=byte, log=HASH, sequence=unsigned(64), previous=HASH, act=SHORT,
                at=MOMENT, authority=HASH, grant=HASH, epoch=HASH, body_length=unsigned(32), body_hash=HASH)
ENTRY = fields(header=HEADER, body=blob, seal=optional(SIGNATURE))

GRANTEE = choice(together(HASH, HASH), together(SHORT, PERSON_KEYS, SHORT, together(unsigned(32), unsigned(32))),
                 together(SHORT, PERSON_KEYS))
GIVEN = fields(to=GRANTEE, rank=byte, capabilities=sequence(CAPABILITY), until=optional(MOMENT))
REGISTRATION = fields(grant=HASH, keys=PERSON_KEYS, proof=SIGNATURE)
REMOVAL = fields(of=TARGET, reason=REASON, cuts=CUTS)
SUSPENSION = fields(device=HASH, reason=REASON, cuts=CUTS)
LIFT = fields(suspension=HASH)
ADOPTION = fields(entries=sequence(ENTRY_NAME))
NEW_KEYS = fields(person=SHORT, old=HASH, keys=PERSON_KEYS, cuts=CUTS, by_old=SIGNATURE, by_new=SIGNATURE)
SAID_BY_CARDS = fields(school=HASH, nonce=SHORT, says=sequence(blob),
                       signatures=sequence(together(byte, SIGNATURE)))
STATEMENTS = {
    1: ("seat", CERTIFICATE), 2: ("grant", GIVEN), 3: ("registration", REGISTRATION), 4: ("removal", REMOVAL),
    5: ("suspension", SUSPENSION), 6: ("lift", LIFT), 7: ("adoption", ADOPTION), 8: ("new keys", NEW_KEYS),
    9: ("cards", SAID_BY_CARDS),
}


def _ascending(items):
    return all(left < right for left, right in zip(items, items[1:]))


def statement(body):
    """A statement's kind and what it says; `unknown` for a kind of a newer version. May be `Malformed`."""
    tag, rest = whole(together(unsigned(16), blob), body)
    if tag not in STATEMENTS:
        return ("unknown", None)
    kind, shape = STATEMENTS[tag]
    said = whole(shape, rest)
    within = {
        "grant": lambda: len(said["capabilities"]) <= MOST_CAPABILITIES,
        "adoption": lambda: len(said["entries"]) <= MOST_ADOPTED,
        "cards": lambda: len(said["says"]) <= MOST_SAID and len(said["signatures"]) <= CARDS,
    }
    if "cuts" in said:
        logs = [log for log, _ in said["cuts"]]
        if len(logs) > MOST_CUTS or not _ascending(logs):
            raise Malformed
        said["ends"] = dict(said["cuts"])
    if not within.get(kind, lambda: True)():
        raise Malformed
    return (kind, said)


def is_legal_list(heads):
    """Whether a list of authority heads, by log, is in its one form."""
    return (len(heads) <= MOST_AUTHORITY_LOGS and _ascending([log for log, _ in heads])
            and all(0 < len(ends) <= BRANCHES and _ascending(ends) for _, ends in heads))


def extract(data):
    """A signed extract from a file's bytes. May be `Malformed`."""
    if len(data) > MOST_BYTES or not data.startswith(MAGIC):
        raise Malformed
    read = whole(EXTRACT, data[len(MAGIC):])
    chain = read["chain"]
    if (len(read["claim"]["sources"]) > MOST_DEVICES or len(chain["logs"]) > MOST_AUTHORITY_LOGS
            or len(chain["authors"]) > MOST_LOGS):
        raise Malformed
    return read
