"""Who had which right: the rules of `core/MODEL.md` worked out anew, slowly and simply, from an extract's chain.

`Authority(chain)` reads the authority logs that hold, hears them rank by rank, and then knows of each seat which rights
it has or had. Nothing depends on the order in which statements stand, nor on any clock.

Not here: whether the extract itself is signed.
"""

import copy
from types import SimpleNamespace

from form import Malformed, whole
from hashing import named, plain
from shapes import (AUTHORITY_SECTION, ENROL, ENTRY, GRANT, OPEN, READ, WRITE, is_legal_list, statement)
from signing import holds

CARDS, HEAD, DEVICE = 0, 1, 5
NOTHING = (0, bytes(32))


# Capabilities: (right, area, place), where an area or place is (0, None) for any, or (1, which).

def _covers(mine, theirs):
    return mine[0] == 0 or (theirs[0] == 1 and mine[1] == theirs[1])


def _has(mine, one):
    return mine[0] == 0 or mine[1] == one


def _lets_give(held, by, given):
    (right, _), area, place = held
    if given[0][0] == OPEN:
        return right == by and _covers(place, given[2])
    within = _covers(area, given[1]) and _covers(place, given[2])
    if given[0][0] == ENROL and right == ENROL and within:
        return True
    return right == by and within


def _is_within(held, given, to_device):
    needs = ENROL if to_device else GRANT
    return (any(one[0][0] == needs for one in held)
            and all(any(_lets_give(one, needs, each) for one in held) for each in given))


def gives(standing, right, area, place):
    """Whether a grant gives a right for records of an area at a place."""
    return any(one[0][0] == right and _has(one[1], area) and _has(one[2], place) for one in standing.capabilities)


def _may_enrol(standing):
    return any(one[0][0] == ENROL for one in standing.capabilities)


def _allows(author, grant):
    to_device = grant["to"][0] == 0
    shape = grant["rank"] == DEVICE if to_device else grant["rank"] < DEVICE
    return shape and author.rank < grant["rank"] and _is_within(author.capabilities, grant["capabilities"], to_device)


def _may_take(author, target):
    return author.rank < target.rank and _is_within(author.capabilities, target.capabilities, target.holder[0] == "device")


def _standing(holder, rank, capabilities, keys=None, words=None, at=None):
    return SimpleNamespace(holder=holder, rank=rank, capabilities=capabilities, keys=keys, words=words, at=at,
                           former=[], cuts=[])


def _standing_of(grant, at):
    which, to = grant["to"]
    if which == 0:
        return _standing(("device", to[0]), grant["rank"], grant["capabilities"], at=at)
    if which == 1:
        return _standing(("person", to[0]), grant["rank"], grant["capabilities"], words=to[1], at=at)
    return _standing(("person", to[0]), grant["rank"], grant["capabilities"], keys=to[1], at=at)


def _has_had(standing, key):
    return (standing.keys is not None and standing.keys[0] == key) or any(key == old for old, _ in standing.former)


def _follows(standing, new):
    return (standing.holder == ("person", new["person"]) and standing.keys is not None
            and standing.keys[0] == new["old"] and not _has_had(standing, new["keys"][0]))


def _go_on_with(standing, new):
    standing.former.append((new["old"], new["ends"]))
    standing.keys = new["keys"]


class Authority:
    """See the module."""

    def __init__(self, chain):
        self.founding = chain["founding"]
        self.school = named("muster 1 founding", self.founding["bytes"])
        self.lists, self.lengths, self.placed = {}, {}, {}
        self._read_lists(chain["lists"])
        self.void = sum(not self._take_log(log) for log in chain["logs"])
        self.seats, self.grants, self.past = {}, {}, {}
        self.device_cuts, self.adopted, self.taken, self.lifted = {}, {}, {}, {}
        self.of_rank, self.vouched, self.proofs = {}, set(), {}
        self.on_grant, self.registered = {}, {}
        self._sort_out()
        self._evaluate()

    # What is read.

    def _read_lists(self, lists):
        before = None
        for each in lists:
            heads = dict(each["heads"])
            if each["changes"] and before is not None:
                heads = {**before, **heads}
            all_heads = sorted(heads.items()) if each["changes"] and before is not None else each["heads"]
            if is_legal_list(all_heads) and named("muster 1 frontier", _encoded(all_heads)) == each["id"]:
                self.lists[each["id"]] = heads
            before = heads

    def _take_log(self, log):
        seat = log["seat"]
        name = named("muster 1 log", self.school, seat + AUTHORITY_SECTION)
        length, last, found = 0, bytes(32), []
        for data in log["entries"]:
            try:
                entry = whole(ENTRY, data)
            except Malformed:
                return False
            header, body = entry["header"], entry["body"]
            if (entry["seal"] is not None or header["body_length"] != len(body) or header["body_hash"] != plain(body)
                    or header["log"] != name or (header["sequence"], header["previous"]) != (length, last)):
                return False
            last, length = named("muster 1 entry", header["bytes"]), length + 1
            try:
                kind, said = statement(body) if header["kind"] == 0 else ("unknown", None)
            except Malformed:
                kind, said = "unknown", None
            found.append(SimpleNamespace(name=last, seat=seat, log=name, sequence=header["sequence"],
                                         grant=header["grant"], authority=header["authority"], kind=kind, said=said))
        if not found or found[0].kind != "seat":
            return False
        certificate = found[0].said
        if (_seat_id(certificate) != seat or not certificate_holds(certificate, self.school)
                or not seal_holds(certificate["claim"]["key"], name, (length, last), log["seal"])):
            return False
        self.lengths[name] = length
        self.placed.update((one.name, one) for one in found)
        return True

    def _sort_out(self):
        for one in sorted(self.placed.values(), key=lambda one: one.name):
            if one.kind == "registration":
                self.registered.setdefault(one.said["grant"], []).append(one)
            elif one.kind not in ("seat", "cards", "unknown"):
                self.on_grant.setdefault(one.grant, []).append(one)
            elif one.kind == "seat" and _seat_id(one.said) == one.seat and certificate_holds(one.said, self.school):
                claim = one.said["claim"]
                self.seats[one.seat] = SimpleNamespace(device=claim["device"], person=claim["person"], key=claim["key"])

    # Where an author's line ends.

    def _covers_place(self, frontier, log, sequence):
        return any(length > sequence for length, _ in self.lists.get(frontier, {}).get(log, []))

    def _is_under(self, one, cut):
        if one.log not in self.lengths or one.sequence >= cut[0]:
            return False
        if self.lengths[one.log] < cut[0]:
            return True
        at = self.placed.get(cut[1])
        return at is not None and at.log == one.log and at.sequence == cut[0] - 1

    def _in_line(self, one, standing, weakest):
        seated = self.seats.get(one.seat)
        key = seated.person[1] if seated and seated.person else None
        ends = list(standing.cuts)
        ends += [cuts for old, cuts in standing.former if key is not None and old == key]
        if seated:
            ends += [cut.ends for cut in self.device_cuts.get(seated.device, []) if cut.rank <= weakest]
        for cuts in ends:
            cut = cuts.get(one.log, NOTHING)
            if not self._is_under(one, cut):
                return self._is_adopted(one, standing.rank)
        return True

    def _is_adopted(self, one, rank):
        adopters = self.adopted.get((one.log, one.sequence, one.name), [])
        return any(by < rank and (within is None or any(each[0][0] == GRANT for each in within))
                   for by, within in adopters)

    def is_held_by(self, standing, seat):
        seated = self.seats.get(seat)
        if seated is None:
            return False
        if seated.person is None:
            return standing.holder == ("device", seated.device)
        person, key = seated.person
        return standing.holder == ("person", person) and _has_had(standing, key)

    def _is_vouched(self, seat):
        return seat in self.seats and self.seats[seat].device in self.vouched

    def _is_seen(self, one, author):
        return author.at is None or self._covers_place(one.authority, *author.at)

    def _counts(self, one, author, weakest):
        return (self._is_seen(one, author) and self._is_vouched(one.seat) and self.is_held_by(author, one.seat)
                and self._in_line(one, author, weakest))

    def _proves(self, one, check):
        if one.name not in self.proofs:
            self.proofs[one.name] = check()
        return self.proofs[one.name]

    # Rank by rank.

    def _evaluate(self):
        head = ("person", self.founding["head"])
        rights = [((right, None), (0, None), (0, None)) for right in (READ, WRITE, GRANT, ENROL)]
        self._give(self.school, _standing(head, HEAD, rights, keys=self.founding["head_keys"]))
        self._hear_cards()
        for rank in range(HEAD, DEVICE + 1):
            ids = self.of_rank.pop(rank, [])
            self._vouch(rank, rank - 1)
            for each in ids:
                self._fix(each, rank)
            self._renew_and_hold_back(ids, rank)
            for one, _ in self._said_on(ids, rank):
                self._hear(one, rank)
        self.grants = {name: one for name, one in self.grants.items() if HEAD <= one.rank <= DEVICE}

    def _standing_named(self, name):
        return self.grants.get(name) or self.past.get(name)

    def _give(self, name, standing):
        if name not in self.grants:
            self.of_rank.setdefault(standing.rank, []).append(name)
            self.grants[name] = standing

    def _put(self, name, standing):
        self.grants.pop(name, None)
        self.past.pop(name, None)
        (self.past if standing.cuts else self.grants)[name] = standing

    def _hear_cards(self):
        said = {}
        for one in self.placed.values():
            if one.kind != "cards" or not self._proves(one, lambda: self._cards_hold(one.said)):
                continue
            signed = _signed_by_cards(one.said)
            for at, body in enumerate(one.said["says"]):
                try:
                    kind, what = statement(body)
                except Malformed:
                    continue
                if kind in ("removal", "suspension", "lift", "adoption") or (kind == "grant" and what["rank"] >= HEAD):
                    said[named("muster 1 cards say", signed, at.to_bytes(4, "little"))] = (kind, what)
        for kind, what in said.values():
            if kind == "lift":
                self.lifted.setdefault(what["suspension"], set()).add((CARDS, None))
        for name, (kind, what) in sorted(said.items()):
            if kind == "grant":
                self._give(name, _standing_of(what, None))
            elif kind == "removal":
                self._take(what, CARDS, None, name)
            elif kind == "suspension" and name not in self.lifted:
                self._cut_device(what["device"], CARDS, name, what["ends"], False)
            elif kind == "adoption":
                self._adopt(what, CARDS, None)

    def _cards_hold(self, said):
        signed = _signed_by_cards(said)
        good = sum(any(by == number and holds(card, "cards 1", signed, signature)
                       for by, signature in said["signatures"])
                   for number, card in enumerate(self.founding["cards"], 1))
        return said["school"] == self.school and good >= self.founding["threshold"]

    def _fix(self, name, rank):
        standing = copy.deepcopy(self.grants.get(name))
        if standing is None:
            return
        self._take_from(name, standing, rank)
        if standing.words is not None:
            standing.keys = None
            for one in self.registered.get(name, []):
                if self._is_vouched(one.seat) and self._takes_up(one, standing, standing.rank - 1):
                    standing.keys = one.said["keys"]
                    break
            self._take_from(name, standing, rank)
        self._put(name, standing)

    def _takes_up(self, one, standing, weakest):
        if standing.holder[0] != "person" or standing.words is None or one.seat not in self.seats:
            return False
        said = one.said
        if self.seats[one.seat].person != (standing.holder[1], said["keys"][0]):
            return False
        signed = said["grant"] + b"".join(said["keys"])
        return (self._in_line(one, standing, weakest)
                and self._proves(one, lambda: holds(standing.words[0], "registration 1", signed, said["proof"])))

    def _take_from(self, name, standing, rank):
        targets = [(0, name)]
        if standing.holder[0] == "person":
            keys = [standing.keys[0]] if standing.keys else []
            targets += [(1, (standing.holder[1], key)) for key in keys + [old for old, _ in standing.former]]
        else:
            targets.append((2, standing.holder[1]))
        for target in targets:
            for taking in self.taken.get(target, []):
                may = taking.rank < rank and (taking.by is None or _may_take(taking.by, standing))
                if may and taking.ends not in standing.cuts:
                    standing.cuts.append(taking.ends)

    def _said_on(self, ids, rank):
        said = []
        for name in ids:
            author = self._standing_named(name)
            if author is not None:
                said += [(one, copy.deepcopy(author)) for one in self.on_grant.get(name, [])
                         if self._counts(one, author, rank - 1)]
        return said

    # New keys, and what is held back, lifted and given up.

    def _renew_and_hold_back(self, ids, rank):
        fallen = set()
        while True:
            before = copy.deepcopy((
                {name: self._standing_named(name) for name in ids if self._standing_named(name)},
                self.device_cuts, self.taken, self.lifted, self.vouched,
            ))
            renewed = self._renew_all(ids, rank, fallen)
            self._hold_back(self._said_on(ids, rank), rank)
            self._vouch(rank, rank)
            known = len(fallen)
            for each in renewed:
                fallen |= self._fallen(each, rank)
            if len(fallen) == known:
                return
            standings, self.device_cuts, self.taken, self.lifted, self.vouched = before
            for name, standing in standings.items():
                self._put(name, standing)

    def _renew_all(self, ids, rank, fallen):
        every = []
        for name in ids:
            before = self._standing_named(name)
            if before is None:
                continue
            standing, by = copy.deepcopy(before), []
            while True:
                following = next((one for one in self.on_grant.get(name, [])
                                  if one.kind == "new keys" and one.name not in fallen
                                  and _follows(standing, one.said)
                                  and self._counts(one, standing, standing.rank - 1)
                                  and self._new_keys_hold(one)), None)
                if following is None:
                    break
                by.append(following)
                _go_on_with(standing, following.said)
            if by:
                self._take_from(name, standing, rank)
                self._put(name, standing)
                every.append((name, copy.deepcopy(before), by))
        return every

    def _new_keys_hold(self, one):
        said = one.said
        signed = self.school + said["person"] + said["old"] + b"".join(said["keys"]) + _encoded_cuts(said["cuts"])
        return self._proves(one, lambda: holds(said["old"], "new keys 1", signed, said["by_old"])
                            and holds(said["keys"][0], "new keys 1", signed, said["by_new"]))

    def _fallen(self, renewed, rank):
        name, author, by = renewed
        now = self._standing_named(name)
        author.cuts = list(now.cuts) if now else []
        fallen = set()
        for one in by:
            if not self._counts(one, author, rank):
                fallen.add(one.name)
            _go_on_with(author, one.said)
        return fallen

    def _hold_back(self, said, rank):
        own = {one.name: author.holder for one, author in said if one.kind == "suspension"}
        for one, author in said:
            if one.kind != "lift" or not _may_enrol(author):
                continue
            name = one.said["suspension"]
            if own.get(name, author.holder) != author.holder:
                continue
            self.lifted.setdefault(name, set()).add((rank, author.holder))
            for device, cuts in list(self.device_cuts.items()):
                left = [cut for cut in cuts if cut.by != name or cut.rank < rank or cut.removed]
                self.device_cuts[device] = left
        given_up = []
        for one, author in said:
            if one.kind == "suspension" and _may_enrol(author):
                lifts = self.lifted.get(one.name, set())
                if not any(by < rank or who == author.holder for by, who in lifts):
                    self._cut_device(one.said["device"], rank, one.name, one.said["ends"], False)
            elif one.kind == "removal" and self._is_own(one):
                given_up.append((one.said["of"], one.said["ends"]))
        for target, ends in given_up:
            self._give_up(target, rank, ends)

    def _is_own(self, one):
        which, target = one.said["of"]
        if which == 0:
            standing = self._standing_named(target)
            return standing is not None and self.is_held_by(standing, one.seat)
        return which == 1 and one.seat in self.seats and self.seats[one.seat].person == target

    def _give_up(self, target, rank, ends):
        self.taken.setdefault(target, []).append(SimpleNamespace(rank=rank - 1, by=None, ends=ends))
        for name, standing in list(self.grants.items()) + list(self.past.items()):
            if target[0] == 0:
                is_named = name == target[1]
            else:
                person, key = target[1]
                is_named = standing.holder == ("person", person) and _has_had(standing, key)
            if is_named and standing.rank == rank:
                standing = copy.deepcopy(standing)
                if ends not in standing.cuts:
                    standing.cuts.append(ends)
                self._put(name, standing)

    # All else that a rank says.

    def _hear(self, one, rank):
        author = copy.deepcopy(self._standing_named(one.grant))
        if author is None or not self._counts(one, author, rank):
            return
        if one.kind == "grant" and _allows(author, one.said):
            self._give(one.name, _standing_of(one.said, (one.log, one.sequence)))
        elif one.kind == "removal":
            self._take(one.said, rank, author, one.name)
        elif one.kind == "adoption":
            self._adopt(one.said, rank, author.capabilities)

    def _take(self, removal, rank, by, name):
        which, target = removal["of"]
        lifted = any(lifter < rank for lifter, _ in self.lifted.get(name, set()))
        if which == 2 and (by is None or _may_enrol(by)) and not lifted:
            self._cut_device(target, rank, name, removal["ends"], True)
        self.taken.setdefault((which, target), []).append(SimpleNamespace(rank=rank, by=by, ends=removal["ends"]))

    def _cut_device(self, device, rank, by, ends, removed):
        self.device_cuts.setdefault(device, []).append(SimpleNamespace(rank=rank, by=by, ends=ends, removed=removed))

    def _adopt(self, adoption, rank, within):
        for name in adoption["entries"]:
            self.adopted.setdefault(name, []).append((rank, within))

    # From which devices a rank is heard.

    def _vouch(self, rank, weakest):
        """Devices that a chain of grants lets in, from the founding device and the cards on, before every cut that is
        known so far. What is found only ever grows, so it is looked through until nothing more comes."""
        every = {**self.past, **self.grants}
        known = {self.founding["device"]} | {each.holder[1] for each in every.values() if each.holder[0] == "device"}
        given, speaks = {}, {}

        def speak(name, standing):
            standing = copy.deepcopy(standing)
            self._take_from(name, standing, standing.rank)
            for key in [standing.keys[0]] + [old for old, _ in standing.former]:
                speaks.setdefault((name, key), standing)

        def find(name, standing):
            if name not in given and any(one[0][0] in (ENROL, GRANT) for one in standing.capabilities):
                standing = copy.deepcopy(standing)
                self._take_from(name, standing, standing.rank)
                given[name] = standing
                if standing.keys is not None:
                    speak(name, standing)

        for name, standing in every.items():
            if standing.rank >= rank and standing.holder[0] == "person":
                find(name, standing)
        said = [one for one in self.placed.values() if one.kind in ("grant", "new keys", "registration")]
        before = None
        while before != (len(known), len(given), len(speaks)):
            before = (len(known), len(given), len(speaks))
            for one in said:
                seated = self.seats.get(one.seat)
                if seated is None or seated.person is None or seated.device not in known:
                    continue
                if one.kind == "registration":
                    name = one.said["grant"]
                    standing = given.get(name)
                    open_still = standing is not None and (standing.rank > rank or weakest < rank)
                    if open_still and self._takes_up(one, standing, weakest):
                        taken_up = copy.deepcopy(standing)
                        taken_up.keys, taken_up.former = one.said["keys"], []
                        speak(name, taken_up)
                    continue
                author = speaks.get((one.grant, seated.person[1]))
                if (author is None or not self._is_seen(one, author) or not self.is_held_by(author, one.seat)
                        or not self._in_line(one, author, weakest)):
                    continue
                if one.kind == "grant" and _allows(author, one.said):
                    if one.said["to"][0] == 0:
                        known.add(one.said["to"][1][0])
                    else:
                        find(one.name, _standing_of(one.said, (one.log, one.sequence)))
                elif one.kind == "new keys":
                    fixed = author.rank == rank and weakest >= rank
                    following = not fixed and _follows(author, one.said)
                    if following and (one.grant, one.said["keys"][0]) not in speaks and self._new_keys_hold(one):
                        author = copy.deepcopy(author)
                        _go_on_with(author, one.said)
                        speak(one.grant, author)
        self.vouched = known

    # What is asked.

    def has_or_had(self, seat, test):
        """Whether a seat holds, or held before it was taken away, a grant of which this is true."""
        every = list(self.grants.values()) + list(self.past.values())
        return any(self.is_held_by(standing, seat) and test(standing) for standing in every)


def certificate_holds(certificate, school):
    """Whether a seat is certified by its device and, where there is one, its person, for this school."""
    claim = certificate["claim"]
    person, by_person = claim["person"], certificate["by_person"]
    if (person is None) != (by_person is None) or claim["school"] != school:
        return False
    if person is not None and not holds(person[1], "seat 1", claim["bytes"], by_person):
        return False
    return holds(claim["device"], "seat 1", claim["bytes"], certificate["by_device"])


def _seat_id(certificate):
    return named("muster 1 seat", certificate["claim"]["bytes"])


seat_id = _seat_id


def seal_holds(key, log, head, seal):
    """Whether the seat with this key sealed the end of a log."""
    return holds(key, "seal 1", log + _number(head[0]) + head[1], seal)


def _signed_by_cards(said):
    return said["school"] + said["nonce"] + _number(len(said["says"])) + b"".join(
        _number(len(one)) + one for one in said["says"])


def _number(value):
    """A number as it is written: seven bits a byte, the smallest first."""
    data = bytearray()
    while value >= 0x80:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(data + bytes([value]))


def _encoded_head(head):
    return _number(head[0]) + head[1]


def _encoded(heads):
    return _number(len(heads)) + b"".join(
        log + _number(len(ends)) + b"".join(_encoded_head(end) for end in ends) for log, ends in heads)


def _encoded_cuts(cuts):
    return _number(len(cuts)) + b"".join(log + _encoded_head(end) for log, end in cuts)
