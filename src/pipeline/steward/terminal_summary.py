"""What a person reads in the terminal after a run: receipts, findings by rule, verdicts on press figures,
where the tables are.

Here: text. Not here: how anything in it was found. Nothing printed here comes from an identifying column.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.nightly import Night
from pipeline.steward import held_files, municipal_changes, report_rows
from pipeline.store.releases import releases
from schemas.catalogue import RULES
from schemas.sentences import said

_MARKS = {
    "recorded": "ok", "held": "HELD", "rejected": "REJECTED", "removed": "gone", "copied": "copy", "unstable": "later",
}  # fmt: skip
_MOST_SIGNALS = 5
MOST_ALIKE = 50
"""Files refused for one reason that are named; of a folder in the wrong place there can be thousands."""
_MOST_VERDICTS = 60
"""Verdicts that are told in a terminal; a release has them all."""
_VERDICTS = ("confirmed", "confirmed_in_other_series", "contradicted", "not_checkable")


def summary(night: Night) -> str:
    """The whole summary of a run."""
    release = night.published.release
    is_new = bool(night.published.is_new or night.receipts)
    lines = [*(_signals(release) if is_new else ()), *_head(night)]
    lines += [*_receipts(night.receipts), *_not_taken(night.not_taken), *_left_for_plans(night)]
    lines += _findings(night.receipts)
    if is_new:
        lines += _verdicts(release)
        lines += _municipal_changes(release)
    lines += _where(night)
    return "\n".join(lines)


def _signals(release: releases.Release) -> Iterator[str]:
    """What moved unusually far, before all else: it holds nothing up, so nobody would ask."""
    found = report_rows.signals(release)
    if not found:
        return
    yield f"Signals: {len(found)} figures move further than their own history makes likely ({report_rows.SIGNAL})"
    for row in found[:_MOST_SIGNALS]:
        yield f"  {row['municipality']} {row['series']} {row['reference_date']}: {row['what']}"
    if len(found) > _MOST_SIGNALS:
        yield f"  and {len(found) - _MOST_SIGNALS} older ones: uitstroom show relation_findings"
    yield ""


def _head(night: Night) -> Iterator[str]:
    if not night.receipts:
        yield "Nothing new in data/raw."
        return
    counts = Counter(receipt.status for receipt in night.receipts)
    counted = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    code = "night.file" if len(night.receipts) == 1 else "night.files"
    yield str(said(code, count=len(night.receipts), counted=counted))
    if any(receipt.simulated for receipt in night.receipts):
        yield "These data are partly SIMULATED: made up by `uitstroom simulate`, calibrated to published figures."


def _receipts(receipts: Iterable[Receipt]) -> Iterator[str]:
    receipts = list(receipts)
    if not receipts:
        return
    yield ""
    yield "Receipts"
    yield f"  {'':8} {'read':>9} {'recorded':>9} {'quarant.':>9} {'copies':>7}  file"
    shown, left_out = capped(receipts)
    for receipt in shown:
        mark = _MARKS.get(receipt.status, receipt.status)
        yield (
            f"  {mark:8} {receipt.rows_read:>9,} {receipt.rows_recorded:>9,} {receipt.rows_quarantined:>9,} "
            f"{receipt.rows_duplicate:>7,}  {receipt.file_name}"
        )
        if receipt.rule:
            rule = RULES.get(receipt.rule)
            title = f"{rule.title}: " if rule else ""
            yield f"           {receipt.rule} {title}{receipt.detail}"
            if rule and receipt.status in ("rejected", "held"):
                yield f"           next: {rule.fix}"
    yield from _left_out(left_out)


def _not_taken(lying: tuple[Receipt, ...]) -> Iterator[str]:
    """What had its receipt in an earlier night and still lies there: one line for each."""
    if not lying:
        return
    yield ""
    yield f"Not taken, as reported before; still in data/raw: {len(lying):,}"
    shown, left_out = capped(lying)
    for receipt in shown:
        yield f"  {receipt.rule} {receipt.file_name}: {receipt.detail}"
    yield from _left_out(left_out)


def _left_for_plans(night: Night) -> Iterator[str]:
    """Files that a backfill plan holds."""
    if night.holds:
        yield ""
        yield from held_files.lines(night.holds)


def _left_out(counts: Mapping[str, int]) -> Iterator[str]:
    for code, count in counts.items():
        yield f"  … and {count:,} more {code} ({RULES[code].title}): uitstroom show deliveries --where status=rejected"


def capped(receipts: Iterable[Receipt]) -> tuple[list[Receipt], dict[str, int]]:
    """Receipts of which those that are refused for the same reason stop at ``MOST_ALIKE``, and how many are left out.

    Whatever became part of the log, is held, or has rows is never left out.
    """
    seen, shown, left_out = Counter[str](), list[Receipt](), Counter[str]()
    for receipt in receipts:
        seen[receipt.rule] += receipt.status == "rejected"
        if receipt.status == "rejected" and seen[receipt.rule] > MOST_ALIKE:
            left_out[receipt.rule] += 1
        else:
            shown.append(receipt)
    return shown, dict(sorted(left_out.items()))


def _findings(receipts: Iterable[Receipt]) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for receipt in receipts:
        counts.update(receipt.findings)
    if not counts:
        return
    yield ""
    yield "Findings by rule, those of held and rejected files included"
    for code, count in sorted(counts.items()):
        rule = RULES.get(code)
        title = f"{rule.severity.value:10} {rule.title} / {rule.title_nl}" if rule else "not in the catalogue"
        yield f"  {count:>7,}  {code:13} {title}"


def _verdicts(release: releases.Release) -> Iterator[str]:
    checked = releases.read(release, "published_figures_check").collect()
    if checked.is_empty():
        return
    counts = Counter(checked["verdict"].to_list())
    yield ""
    about = " (the municipalities' data are partly SIMULATED)" if release.manifest.get("simulated") else ""
    counted = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _VERDICTS if counts[verdict])
    yield f"Published figures{about}: {counted}"
    for row in checked.sort("claim_id").head(_MOST_VERDICTS).iter_rows(named=True):
        yield f"  {row['claim_id']:6} {row['verdict']:25} {row['explanation']}"
    if checked.height > _MOST_VERDICTS:
        yield f"  and {checked.height - _MOST_VERDICTS:,} more: uitstroom show published_figures_check"


def _municipal_changes(release: releases.Release) -> Iterator[str]:
    found = municipal_changes.findings(release)
    if not found:
        return
    yield ""
    yield "Municipalities (RELATION-020): figures before and after are not compared"
    yield from (f"  {what}" for _, _, what in found)


def _where(night: Night) -> Iterator[str]:
    published = night.published
    yield ""
    if published.block is not None:
        yield "BLOCKED: final figures would change (RELATION-009). Nothing is published until a steward decides."
        yield from (f"  {reason}" for reason in published.block.reasons)
        yield f"  next: uitstroom approve {published.block.id} --by WHO --reason TEXT, or retract the delivery"
        yield "        (where a retraction changed them: or reinstate it)"
    if published.rolled_back is not None:
        decision = published.rolled_back
        yield f"{decision.by} went back to this release ({decision.why}); it stays until something new is recorded."
    if published.is_new:
        yield f"New release {published.release.id}."
    else:
        yield f"Release {published.release.id} stays as it was."
    sizes = pl.DataFrame(
        [(name, entry.get("rows")) for name, entry in _tables(published.release)],
        schema=["table", "rows"],
        orient="row",
    )
    for name, rows in sizes.iter_rows():
        yield f"  {name:26} {rows:>7,} rows"
    yield f"Tables: {published.release.path}"
    if (pages := published.release.path / "site" / "index.html").exists():
        yield f"Pages, for a browser: {pages}"
    yield "Look further: uitstroom show TABLE, uitstroom explain TABLE KEY…, docs/how-to/read.md for other tools."


def _tables(release: releases.Release) -> list[tuple[str, dict[str, int]]]:
    return [
        (name.removesuffix(".parquet"), entry)
        for name, entry in release.manifest["files"].items()
        if name.endswith(".parquet")
    ]
