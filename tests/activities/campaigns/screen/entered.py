"""The made-up network entered into the registers, through the verbs."""

from collections.abc import Iterator, Sequence

from tests.activities.campaigns.screen.network import FIELDS, ITEMS, LONG_AGO, Laboratory, Network, Worker
from tests.cast import AT, HANGZHOU
from zhunsheng.registry.catalogue.actions import (
    enter_matrices,
    enter_methods,
    enter_parameters,
    enter_standard_states,
    enter_standards,
)
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, Standard, StandardState
from zhunsheng.registry.equipment.actions import enter_calibrations, enter_instruments
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions.actions import enter_certificates, enter_institutions
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.people.actions import enter_authorisations, enter_people, enter_posts
from zhunsheng.registry.people.models import Authorisation, Person, Post
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine


def enter(net: Network, *, regions: Sequence[str] = (HANGZHOU,), with_catalogue: bool = True) -> list[Institution]:
    """Everything that the frames of `network.registers` hold but suspensions, which are the ledger’s: a verb a table."""
    if with_catalogue:
        catalogue(net)
    made = [institution(one, regions[one.number % len(regions)]) for one in net.laboratories]
    enter_institutions(made, actor=None, at=AT)
    pairs = list(zip(net.laboratories, made, strict=True))
    enter_certificates([certificate(one, where) for one, where in pairs], actor=None, at=AT)
    people(pairs, net)
    scopes(pairs)
    equipment(pairs, net)
    return made


def institution(one: Laboratory, region_code: str) -> Institution:
    return Institution(
        kind="laboratory", uscc=one.uscc, name_zh=one.name, name_en=f"Laboratory {one.number}", region_code=region_code
    )


def certificate(one: Laboratory, where: Institution) -> Certificate:
    begun, ended = one.certificate
    return Certificate(
        institution=where,
        scheme="CMA",
        number=f"2311{one.number:08d}",
        valid_from=begun,
        valid_to=ended,
        recorded_at=AT,
    )


def catalogue(net: Network) -> None:
    matrices = [Matrix(code=f"m-{f}", name_zh=f"示例{f}样品", name_en=f"{f} matrix", field=f) for f in FIELDS]
    enter_matrices(matrices, actor=None, at=AT)
    enter_parameters(
        [Parameter(code=f"p-{i.number}", name_zh=i.parameter, name_en=f"parameter {i.number}") for i in ITEMS],
        actor=None,
        at=AT,
    )
    standards = [Standard(number=i.method, name_zh="示例标准", name_en="Example") for i in ITEMS]
    newer = [Standard(number=new, name_zh="示例标准", name_en="Example") for _, new in net.withdrawn.values()]
    enter_standards(standards + newer, actor=None, at=AT)
    enter_methods([Method(number=i.method, name_zh="示例方法", name_en="Example") for i in ITEMS], actor=None, at=AT)
    known = {one.number: one for one in Standard.objects.all()}
    states = [
        StandardState(standard=known[i.method], state="current", valid_from=LONG_AGO, source="目录") for i in ITEMS
    ]
    states += [
        StandardState(standard=known[old], state="superseded", valid_from=day, replacement=known[new], source="公告")
        for old, (day, new) in net.withdrawn.items()
    ]
    enter_standard_states(states, actor=None, at=AT)


Pairs = Sequence[tuple[Laboratory, Institution]]


def scopes(pairs: Pairs) -> None:
    parameters = {p.code: p for p in Parameter.objects.all()}
    matrices, methods = {m.code: m for m in Matrix.objects.all()}, {m.number: m for m in Method.objects.all()}
    lines = [
        ScopeLine(
            institution=where, parameter=parameters[f"p-{i.number}"], matrix=matrices[f"m-{i.field}"],
            method=methods[i.method], valid_from=a, valid_to=b, recorded_at=AT,
        )
        for one, where in pairs
        for i, a, b in one.scope
    ]  # fmt: skip
    enter_scope_lines(lines, instruments={}, actor=None, at=AT)


def equipment(pairs: Pairs, net: Network) -> None:
    machines = [
        (each, Instrument(institution=where, serial=each.serial, name_zh="示例设备", name_en="Example"))
        for one, where in pairs
        for each in one.instruments
    ]
    where_of = {one.number: where for one, where in pairs}
    twins = [
        Instrument(institution=where_of[other], serial=serial, name_zh="示例设备", name_en="Example")
        for _, other, serial in net.shared
    ]
    enter_instruments([made for _, made in machines] + twins, actor=None, at=AT)
    calibrations = [
        Calibration(instrument=made, certificate=f"C{n}", valid_from=a, valid_to=b, recorded_at=AT)
        for each, made in machines
        for n, (a, b) in enumerate(each.calibrated)
    ]
    enter_calibrations(calibrations, actor=None, at=AT)


def people(pairs: Pairs, net: Network) -> None:
    posted = [
        (worker, kind, where, Person(name=worker.name, identity_hash=worker.identity))
        for worker, kind, where in workers(pairs)
    ]
    enter_people([made for *_, made in posted], actor=None, at=AT)
    posts = [
        Post(person=made, institution=where, kind=kind, valid_from=worker.from_, valid_to=worker.to)
        for worker, kind, where, made in posted
    ]
    where_of = {one.number: where for one, where in pairs}
    known = {(where.pk, made.name): made for _, _, where, made in posted}
    posts += [
        Post(person=known[where_of[one].pk, name], institution=where_of[other], kind="analyst", valid_from=LONG_AGO)
        for one, other, name in net.double_posts
    ]
    enter_posts(posts, actor=None, at=AT)
    authorisations = [
        Authorisation(
            person=made, institution=where, field=f, valid_from=worker.from_, valid_to=worker.to, recorded_at=AT
        )
        for worker, _, where, made in posted
        for f in worker.fields
    ]
    enter_authorisations(authorisations, actor=None, at=AT)


def workers(pairs: Pairs) -> Iterator[tuple[Worker, str, Institution]]:
    for one, where in pairs:
        yield from ((worker, "analyst", where) for worker in one.analysts)
        yield from ((worker, "signatory", where) for worker in one.signatories)
