#!/usr/bin/env python3
"""Makes the table of benches/RESULTS.md out of the lines that `benches/run` kept: table.py FILE"""
import json, sys

lines = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]
by = {}
for line in lines:
    by.setdefault(line["bench"], []).append(line)


def get(bench, *path, at=0):
    """A figure; None where it was not measured."""
    try:
        found = by[bench][at]
        for key in path:
            found = found[key]
        return found
    except (KeyError, IndexError, TypeError):
        return None


def of(bench, **wanted):
    """The place of the line of a bench that says all of this."""
    lines = by.get(bench, [])
    return next((at for at, line in enumerate(lines) if all(line.get(key) == value for key, value in wanted.items())), len(lines))


def shown(value, unit=""):
    if value is None:
        return "not measured"
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{text}{unit}"


def ratio(ours, theirs):
    return f"{ours / theirs:.2g} ×" if ours is not None and theirs else ""


rows = []


def row(what, must, aim, value, unit, over=False, beside=()):
    """`over`: more is better. `beside`: (name, its figure)."""
    reached = "" if value is None or must is None else (
        "aim" if aim is not None and (value >= aim if over else value <= aim)
        else "must" if (value >= must if over else value <= must) else "**not reached**")
    others = "; ".join(f"{name} {shown(other, unit)} ({ratio(value, other)})" for name, other in beside if other is not None)
    rows.append((what, shown(must, unit) if must is not None else "", shown(aim, unit) if aim is not None else "",
                 shown(value, unit), reached, others))


rate = "entries_a_second"
row("verify and store, blind (entries/s)", 60000, 150000, get("catch_up", rate, "verify_and_store_blind", "median"), "", True,
    [("SQLite", get("peer_batches", "sqlite")), ("SQLCipher", get("peer_batches", "sqlcipher")), ("redb", get("peer_batches", "redb"))])
row("verify, decrypt, apply (entries/s)", 20000, 40000, get("catch_up", rate, "verify_decrypt_apply_at_the_end", "median"), "", True,
    [("automerge", get("peer_automerge_sync", rate)), ("samod", get("peer_samod_memory", rate))])
row("catch-up of 40,000 entries for 1,600 documents", 3, 1, get("catch_up", "catch_up_s"), " s", False,
    [("automerge", get("peer_automerge_sync", "catch_up_s")), ("samod on files", get("peer_samod_files", "catch_up_s")),
     ("the parts alone", (get("catch_up", "parts_ms", "sum") or 0) / 1000)])
row("... on the wire", 12e6, 5e6, get("catch_up", "wire_bytes"), " B", False,
    [("automerge", get("peer_automerge_sync", "wire_bytes")), ("samod", get("peer_samod_memory", "wire_bytes"))])
row("... memory", 150, 60, get("catch_up", "memory_mb"), " MB", False, [("samod, both sides", get("peer_samod_memory", "memory_peak_mb"))])
away = of("joining", was_away=True)
row("away for a term: a register of today usable", 0.3, 0.1, get("joining", "a_register_s", at=away), " s")
row("... all of today's", None, None, get("joining", "every_register_of_today_s", at=away), " s")
five = of("fire_start", pupils=1500)
row("process start to fire list, p50", 10, 4, get("fire_start", "fire", "p50_ms", at=five), " ms", False,
    [("SQLite", get("peer_fire_list", "sqlite", "p50_ms")), ("SQLCipher", get("peer_fire_list", "sqlcipher_raw_key", "p50_ms"))])
row("the same after a process was killed", 10, 4, get("fire_start", "fire_after_a_kill", "p50_ms", at=five), " ms", False,
    [("SQLite", get("peer_fire_list", "sqlite_after_a_kill_ms"))])
row("client window to the fire list", 500, 250, get("window", "p50_ms"), " ms")
row("sign in with a passphrase", 400, 200, get("person", "sign_in_p50_ms"), " ms", False,
    [("the stretching alone", get("person", "stretch_alone_p50_ms"))])
act, sqlite = get("durable_act", "act", "p95_ms"), get("peer_durable_commit", "sqlite", "p95_ms")
row("act until durable, p95, over SQLite's", 3, 1.5, act / sqlite if act and sqlite else None, " ×")
row("act until durable, p95", None, None, act, " ms", False,
    [("SQLite", sqlite), ("SQLCipher", get("peer_durable_commit", "sqlcipher", "p95_ms")), ("redb", get("peer_durable_commit", "redb", "p95_ms"))])
row("a mark applied on another device, p50", 5, 2, get("heard", "p50_ms"), " ms")
row("a mark applied on another device, p99", 20, 6, get("heard", "p99_ms"), " ms")
row("one correction on the wire", 600, 400, get("wire", "correction_with_roll_evidence", "sent"), " B", False,
    [("automerge, one change", get("peer_automerge_sync", "one_change_on_the_wire_bytes"))])
row("class register of 30 on the wire", 1600, 900, get("wire", "register_of_30_with_roll_evidence", "sent"), " B")
row("idle reconnect, bytes", 300, 200, get("wire", "idle_reconnect", "bytes"), " B", False,
    [("automerge", get("peer_automerge_sync", "idle", "bytes")), ("samod", get("peer_samod_memory", "idle", "bytes"))])
row("idle reconnect, time", 20, 5, get("growth", "idle_p50_ms", at=3), " ms", False,
    [("automerge", get("peer_automerge_sync", "idle", "p50_ms")), ("samod", get("peer_samod_memory", "idle", "ms"))])
five = of("joining", pupils=1500, weeks=195)
row("five years for a new device", 30, 10, get("joining", "all_s", at=five), " s")
row("disk a pupil-year", 50000, 20000, get("joining", "disk_bytes_a_pupil_year", at=five), " B", False,
    [("SQLite", get("peer_fire_list", "sqlite_bytes_a_pupil_year"))])
row("rotation after a removal, 150 readers", 60, 20, get("rotation", "act_with_rotation_p50_ms"), " ms")
row("authority of 10,000 statements", 50, 10, get("authority", "signatures_checked_before_p50_ms"), " ms")
row("search as typed, 2,000 pupils, slowest", 20, 2, get("person", "search_most_ms"), " ms")

print("| what | must | aim | median | reached | beside, same run (ratio of ours to theirs) |\n|---|---|---|---|---|---|")
for cells in rows:
    print("| " + " | ".join(cells) + " |")
print("\n| school | weeks | | entries | a register of today | today's roll | all of it | memory | disk a pupil-year |\n|---|---|---|---|---|---|---|---|---|")
for line in by.get("joining", []):
    if "skipped" not in line:
        print(f"| {line['pupils']:,} pupils | {line['weeks']} | {'was away' if line['was_away'] else 'new'} | {line['entries']:,}"
              f" | {line['a_register_s']:.2f} s | {line['roll_s']:.2f} s | {line['all_s']:.1f} s | {line['memory_mb']:.0f} MB"
              f" | {line['disk_bytes_a_pupil_year'] / 1000:.0f} KB |")
print("\n| school | weeks | records | process start to the fire list, p50 / p95 | after a kill |\n|---|---|---|---|---|")
for line in by.get("fire_start", []):
    if "skipped" not in line:
        print(f"| {line['pupils']:,} pupils | {line['weeks']} | {line['records_bytes'] / 1e6:.0f} MB"
              f" | {line['fire']['p50_ms']:.2f} / {line['fire']['p95_ms']:.2f} ms | {line['fire_after_a_kill']['p50_ms']:.2f} ms |")
growth = by.get("growth", [])
if growth:
    print("\n| grown | times | act, p50 | idle reconnect | | a hundred acts taken over | one act on the wire |\n|---|---|---|---|---|---|---|")
    for line in growth:
        print(f"| {line['of']} | {line['times']} | {line['act_p50_ms']:.3g} ms | {line['idle_p50_ms']:.3g} ms | {line['idle_bytes']:.0f} B"
              f" | {line['hundred_acts_taken_over_ms']:.3g} ms | {line['one_act_on_the_wire_bytes']:.0f} B |")
