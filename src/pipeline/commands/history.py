"""``diff``, ``rebuild``, ``rollback``, ``approve``, ``releases``: the releases and how they follow each other."""

import argparse

from pipeline import settings
from pipeline.commands.command import Command, Parser, print_json, print_text
from pipeline.commands.decide import add_who_and_why


def _diff(options: argparse.Namespace) -> int:
    from pipeline.jobs.release.differences import difference, lines
    from pipeline.jobs.workspace import open_workspace

    found = difference(open_workspace(settings.load(options.data_dir)), options.before, options.after)
    if options.json:
        print_json({"before": found.before, "after": found.after, "figures": found.figures.to_dicts()})
    else:
        print_text("\n".join(lines(found)))
    return 0


def _diff_arguments(parser: Parser) -> None:
    parser.add_argument("before", nargs="?", metavar="A", help="a release on disk (default: the one that B followed)")
    parser.add_argument("after", nargs="?", metavar="B", help="another one (default: the current release)")


def _rebuild(options: argparse.Namespace) -> int:
    from pipeline.jobs.release.publish import release
    from pipeline.jobs.show import current_release
    from pipeline.jobs.workspace import open_writer
    from pipeline.store.releases import releases

    loaded = settings.load(options.data_dir)
    before = releases.current(loaded.curated)
    published = release(open_writer(loaded), print if not options.json else lambda _: None, afresh=True)
    after = current_release(loaded)
    is_same = before is not None and before.id == after.id
    if options.json:
        print_json({"before": before.id if before else None, "release": after.id, "is_same": is_same})
    elif is_same:
        print(f"Release {after.id}: projected again from the whole log, the same bytes.")
    else:
        print(f"Release {published.release.id}. It was {before.id if before else 'none'}; see: uitstroom diff")
    return 0


def _rollback(options: argparse.Namespace) -> int:
    from pipeline.jobs.release.rollback import rollback
    from pipeline.jobs.workspace import open_writer

    back = rollback(open_writer(settings.load(options.data_dir)), options.release, by=options.by, why=options.reason)
    if options.json:
        print_json({"release": back.id, "path": str(back.path)})
    else:
        print(f"{back.id} is current, until something new is recorded.")
    return 0


def _rollback_arguments(parser: Parser) -> None:
    parser.add_argument("release", metavar="RELEASE", help="id of a release on disk (see: uitstroom releases)")
    add_who_and_why(parser)


def _approve(options: argparse.Namespace) -> int:
    from pipeline.jobs.release.final_figure_block import approve
    from pipeline.jobs.workspace import open_writer

    name = approve(open_writer(settings.load(options.data_dir)), options.block, by=options.by, why=options.reason)
    if options.json:
        print_json({"approved": name})
    else:
        print(f"{name} is approved. The figures change with: uitstroom run")
    return 0


def _approve_arguments(parser: Parser) -> None:
    parser.add_argument("block", metavar="BLOCK", help="the id that the blocked run showed, or its first characters")
    add_who_and_why(parser)


def _releases(options: argparse.Namespace) -> int:
    from pipeline.jobs.release.release_history import ReleaseHistory
    from pipeline.jobs.show import current_release
    from pipeline.jobs.workspace import open_workspace
    from pipeline.store.releases import releases

    loaded = settings.load(options.data_dir)
    current = current_release(loaded).id
    there = set(releases.releases(loaded.curated))
    rows = ReleaseHistory.of(open_workspace(loaded)).rows.to_dicts()
    if options.json:
        print_json([row | {"is_on_disk": row["release"] in there} for row in rows])
        return 0
    for row in rows:
        marks = " ".join(
            word
            for word, holds in (("current", row["release"] == current), ("on disk", row["release"] in there))
            if holds
        )
        who = f" by {row['decided_by']}: {row['why']}" if row["decided_by"] else ""
        who = f" as {row['kept_as']}{who}" if row["kept_as"] else who
        print_text(f"{row['recorded_at']:%Y-%m-%d %H:%M:%S}  {row['event']:12} {row['release']:26} {marks}{who}")
    return 0


def _keep(options: argparse.Namespace) -> int:
    from pipeline.jobs.release.keep import keep, let_go
    from pipeline.jobs.workspace import open_writer

    writer = open_writer(settings.load(options.data_dir))
    said = {"name": options.name_of_it, "by": options.by, "why": options.reason}
    kept = let_go(writer, **said) if options.no_longer else keep(writer, options.release, **said)
    if options.json:
        print_json({"release": kept, "name": options.name_of_it, "is_kept": not options.no_longer})
    elif options.no_longer:
        print_text(f"{kept} is no longer kept as {options.name_of_it}.")
    else:
        print_text(f"{kept} is kept as {options.name_of_it}.")
    return 0


def _keep_arguments(parser: Parser) -> None:
    parser.add_argument("release", metavar="RELEASE", help="id of a release on disk, or how it begins")
    parser.add_argument(
        "--name", dest="name_of_it", required=True, metavar="NAME", help="what it is cited as, e.g. jaarverslag-2018"
    )
    parser.add_argument("--no-longer", action="store_true", help="let it go, so that it may be removed one day")
    add_who_and_why(parser)


def _release(options: argparse.Namespace) -> int:
    from pipeline.jobs.release.remake import remake
    from pipeline.jobs.workspace import open_workspace

    found, is_made = remake(open_workspace(settings.load(options.data_dir)), options.release, lambda _: None)
    if options.json:
        print_json({"release": found.id, "path": str(found.path), "is_made": is_made})
    else:
        print_text(f"{found.path}: {'made again from the log, the same bytes' if is_made else 'there already'}.")
    return 0


def _release_arguments(parser: Parser) -> None:
    parser.add_argument("release", metavar="ID", help="id of a release that was published, how it begins, or its name")


DIFF = Command(
    "diff",
    "how two releases differ, figure by figure, and which delivery caused it",
    _diff,
    _diff_arguments,
    only_answers=True,
)
REBUILD = Command("rebuild", "project the whole log again, using nothing kept from earlier runs", _rebuild, writes=True)
ROLLBACK = Command("rollback", "go back to an earlier release", _rollback, _rollback_arguments, writes=True)
APPROVE = Command(
    "approve", "let final figures change that a run has blocked", _approve, _approve_arguments, writes=True
)
RELEASES = Command(
    "releases", "what was published when, and what stewards decided about it", _releases, only_answers=True
)
KEEP = Command(
    "keep", "keep a release under a name, so that it can be cited for good", _keep, _keep_arguments, writes=True
)
RELEASE = Command(
    "release",
    "make a release again that is no longer on disk: the same bytes",
    _release,
    _release_arguments,
    writes=True,
)
COMMANDS = (DIFF, RELEASES, KEEP, RELEASE, ROLLBACK, APPROVE, REBUILD)
