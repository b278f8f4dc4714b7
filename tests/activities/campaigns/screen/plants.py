"""What is planted into honest logs, one kind a rule: each says by which words its hits are known."""

import pickle
import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache

from tests.activities.campaigns.screen.logs import (
    Row,
    Written,
    a_sample,
    at,
    honest,
    moment_of,
    presence,
    said,
    working_days,
)
from tests.activities.campaigns.screen.network import FIRST, ITEMS, Laboratory, Network, Worker, network, worker

Plant = Callable[[Network, Written, random.Random], set[str]]
N = 5


def some(net: Network, written: Written, chance: random.Random, *, instrumental: bool = False) -> list[Row]:
    """A few report rows, each of another report."""
    rows = [row for row in written.reports if row["serial"] or not instrumental]
    return chance.sample(rows, N)


def out_of_scope(net: Network, written: Written, chance: random.Random) -> set[str]:
    """Items that the laboratory’s scope lacks."""
    found = set()
    for row in some(net, written, chance):
        lab = of(net, row)
        foreign = next(item for item in ITEMS if item.field in lab.fields and item.number % 6 == 0)
        lab.scope = [line for line in lab.scope if line[0] != foreign]
        row |= {"parameter": foreign.parameter, "matrix": foreign.matrix, "method": foreign.method}
        found.add(row["report"])
    return found


def of(net: Network, row: Row) -> Laboratory:
    return next(one for one in net.laboratories if one.uscc == row["uscc"])


def uncalibrated(net: Network, written: Written, chance: random.Random) -> set[str]:
    """Trap: the instrument was calibrated the day after its use."""
    row = chance.choice(written.uses)
    lab, used = of(net, row), moment_of(row["started_at"]).date()
    instrument = next(one for one in lab.instruments if one.serial == row["serial"])
    instrument.calibrated = [
        (used - timedelta(days=365), used - timedelta(days=1)),
        (used + timedelta(days=1), used + timedelta(days=365)),
    ]
    return {row["sample"]}


def withdrawn_standard(net: Network, written: Written, chance: random.Random) -> set[str]:
    row = chance.choice(written.reports)
    since = moment_of(row["tested_to"]).date()
    net.withdrawn[row["method"]] = (since, row["method"].replace("2020", "2026"))
    return {row["report"]}


def wrong_signatory(net: Network, written: Written, chance: random.Random) -> set[str]:
    """Trap: authorised for one field, signs another."""
    labs = {one.uscc: one for one in net.laboratories if len(one.fields) > 1}
    rows = chance.sample([row for row in written.reports if row["uscc"] in labs], N)
    for row in rows:
        row["signatory"] = next(each.name for each in labs[row["uscc"]].signatories if each.name != row["signatory"])
    return {row["report"] for row in rows}


def expired_certificate(net: Network, written: Written, chance: random.Random) -> set[str]:
    row = chance.choice(written.reports)
    lab, day = of(net, row), moment_of(row["issued_at"]).date()
    lab.certificate = (lab.certificate[0], day - timedelta(days=1))
    return {row["report"]}


def issued_before_end(net: Network, written: Written, chance: random.Random) -> set[str]:
    rows = some(net, written, chance)
    for row in rows:
        row["issued_at"] = said(moment_of(row["tested_to"]) - timedelta(minutes=20))
    return {row["report"] for row in rows}


def tested_before_receipt(net: Network, written: Written, chance: random.Random) -> set[str]:
    rows = some(net, written, chance)
    for row in rows:
        row["received_at"] = said(moment_of(row["tested_from"]) + timedelta(minutes=5))
    return {row["report"] for row in rows}


def no_raw_record(net: Network, written: Written, chance: random.Random) -> set[str]:
    """Reports by an instrument that never ran for them; on days within the use log of the laboratory."""
    rows = [
        row for row in written.reports if row["serial"] and moment_of(row["tested_to"]).date() < working_days(10)[-1]
    ]
    chosen = chance.sample(rows, N)
    gone = {row["report"] for row in chosen}
    written.uses[:] = [use for use in written.uses if use["report"] not in gone]
    for row in chosen:
        row["raw_sha256"] = ""
    return gone


def suspended_item(net: Network, written: Written, chance: random.Random) -> set[str]:
    row = chance.choice(written.reports)
    item = next(one for one in ITEMS if one.parameter == row["parameter"])
    net.suspended.append((of(net, row).number, item, FIRST - timedelta(days=30), "PT-1"))
    return {row["report"]}


def shared_serial(net: Network, written: Written, chance: random.Random) -> set[str]:
    """Trap: two institutions list the same serial number."""
    one, other = chance.sample(net.laboratories, 2)
    net.shared.append((one.number, other.number, one.instruments[0].serial))
    return {one.instruments[0].serial}


def two_institutions(net: Network, written: Written, chance: random.Random) -> set[str]:
    """Trap: one person in two institutions with a day that both name."""
    one, other = chance.sample(net.laboratories, 2)
    guest = Worker(f"{one.analysts[0].name}（兼）", one.analysts[0].identity)
    other.analysts.append(guest)
    day = working_days(3)[1]
    written.people.append(presence(other, guest, at(day, 18), at(day, 20)))
    return {guest.name}


def two_posts(net: Network, written: Written, chance: random.Random) -> set[str]:
    one, other = chance.sample(net.laboratories, 2)
    net.double_posts.append((one.number, other.number, one.analysts[0].name))
    return {one.analysts[0].name}


def analyst_at_two_places(net: Network, written: Written, chance: random.Random) -> set[str]:
    lab = chance.choice(net.laboratories)
    day = working_days(4)[2]
    written.people.append(presence(lab, lab.analysts[1], at(day, 10), at(day, 12), site="二号楼"))
    return {lab.analysts[1].name}


def instrument_at_two_places(net: Network, written: Written, chance: random.Random) -> set[str]:
    row = chance.choice(written.uses)
    begun = moment_of(row["started_at"]) + timedelta(minutes=5)
    written.uses.append(
        {**row, "site": "二号楼", "started_at": said(begun), "ended_at": said(begun + timedelta(minutes=15))}
    )
    return {row["serial"]}


def recycled_file(net: Network, written: Written, chance: random.Random) -> set[str]:
    rows = [row for row in written.reports if row["raw_sha256"]]
    source = rows[0]
    copies = chance.sample([row for row in rows if row["uscc"] != source["uscc"]], N)
    for row in copies:
        row["raw_sha256"] = source["raw_sha256"]
    return {row["report"] for row in copies}


def impossible_mean(net: Network, written: Written, chance: random.Random) -> set[str]:
    """Invented figures: two of ten are possible by chance, as with any invention."""
    rows = chance.sample(written.reports, 4 * N)
    for row in rows:
        row["mean"] = f"{chance.randrange(200, 9000) / 1000:.3f}"
    return {row["report"] for row in rows}


def impossible_sd(net: Network, written: Written, chance: random.Random) -> set[str]:
    """Invented figures; a few of them are possible by chance."""
    rows = chance.sample(written.reports, 4 * N)
    for row in rows:
        row["sd"] = f"{chance.randrange(10, 300) / 10_000:.4f}"
    return {row["report"] for row in rows}


def load_bound(net: Network, written: Written, chance: random.Random) -> set[str]:
    """Six hundred samples in one day of nine hours."""
    lab = chance.choice(net.laboratories)
    day, item = working_days(5)[3], lab.items[0]
    for _ in range(600):
        a_sample(lab, lab.analysts[2], item, at(day, 9), chance, written)
    return {lab.analysts[2].name}


def load_peers(net: Network, written: Written, chance: random.Random) -> set[str]:
    """Ten times as many samples as each of a dozen peers, every day."""
    lab = next(one for one in net.laboratories if len(one.analysts) >= 12)
    busy = worker(lab.number, f"检测员{lab.number}-忙")
    lab.analysts.append(busy)
    for day in working_days(10):
        written.people.append(presence(lab, busy, at(day, 7), at(day, 19)))
        for n in range(10 * lab.samples_a_day):
            a_sample(lab, busy, lab.items[0], at(day, 8) + timedelta(minutes=5 * n), chance, written)
    return {busy.name}


PLANTS: Mapping[str, Plant] = {
    plant.__name__: plant
    for plant in (
        out_of_scope, uncalibrated, withdrawn_standard, wrong_signatory, expired_certificate, issued_before_end,
        tested_before_receipt, no_raw_record, suspended_item, shared_serial, two_institutions, two_posts, analyst_at_two_places,
        instrument_at_two_places, recycled_file, impossible_mean, impossible_sd, load_bound, load_peers,
    )
}  # fmt: skip


@lru_cache(maxsize=16)
def kept(seed: int) -> bytes:
    net = network(seed)
    return pickle.dumps((net, honest(net, seed)))


def honest_network(seed: int) -> tuple[Network, Written]:
    """A network of one’s own, to be changed, of those that the seed makes."""
    made: tuple[Network, Written] = pickle.loads(kept(seed))
    return made


def planted(rule: str, seed: int) -> tuple[Network, Written, set[str]]:
    """An honest network and its logs with one rule’s plants, and the words by which they are known."""
    net, written = honest_network(seed)
    return net, written, PLANTS[rule](net, written, random.Random(seed))
