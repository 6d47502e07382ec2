"""The pages of programmes and of providers: progress against the target, occupancy, outcomes, groups.

Here: what stands on them. Not here: how it looks (``templates/programma.html``, ``templates/aanbieder.html``).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from pipeline.site import findings, groups
from pipeline.site.contents import Contents, Row, month_before
from pipeline.site.drawings import Line, lines
from pipeline.site.language import Language
from pipeline.site.page import Page, part_of_path
from pipeline.site.wording import ACTIVITIES, CHANNELS, OUTCOMES, said
from schemas import reference
from schemas.rules.relation import RELATION
from schemas.vocabulary import ALL_PROVIDERS

MONTHS = 13
_REPORTS = "RELATION-007"
assert any(rule.code == _REPORTS for rule in RELATION.rules)


def path_of(code: str) -> str:
    return f"programma-{part_of_path(code)}.html"


def path_of_provider(code: str) -> str:
    return f"aanbieder-{part_of_path(code)}.html"


def pages(contents: Contents) -> list[Page]:
    """The list, a page per programme, a page per provider."""
    menu = "programmas.html"
    index = Page(menu, ("Programma's en aanbieders", "Programmes and providers"), menu,
                 partial(_fill_index, contents), menu)  # fmt: skip
    programmes = [
        Page(path_of(code), (contents.name(code),) * 2, "programma.html", partial(_fill, contents, code), menu)
        for code in contents.programmes
    ]
    providers = [
        Page(path_of_provider(code), (contents.name(code),) * 2, "aanbieder.html",
             partial(_fill_provider, contents, code), menu)
        for code in contents.providers
    ]  # fmt: skip
    return [index, *programmes, *providers]


def latest(contents: Contents) -> list[dict[str, Any]]:
    """Where every programme stands, all providers together."""
    return [
        {"code": code, "name": contents.name(code), "path": path_of(code), **_compared(_progress(contents, code))}
        for code in contents.programmes
    ]


def _progress(contents: Contents, programme: str, provider: str = ALL_PROVIDERS) -> list[Row]:
    frame = contents.tables["programme_progress"]
    wanted = (pl.col("programme_code") == programme) & (pl.col("provider_code") == provider)
    return frame.filter(wanted).sort("month").rows(named=True)


def _compared(rows: Sequence[Row]) -> dict[str, Any]:
    by_month = {(row["month"].year, row["month"].month): row for row in rows}
    day: date = rows[-1]["month"]
    return {
        "now": rows[-1],
        "month": by_month.get(month_before(day)),
        "year": by_month.get((day.year - 1, day.month)),
    }


def _fill_index(contents: Contents, _language: Language) -> dict[str, Any]:
    providers = [
        {"code": code, "name": contents.name(code), "path": path_of_provider(code),
         "programmes": [contents.name(programme) for programme in _programmes_of(contents, code)]}
        for code in contents.providers
    ]  # fmt: skip
    return {"rows": latest(contents), "providers": providers}


def _programmes_of(contents: Contents, provider: str) -> list[str]:
    frame = contents.tables["programme_progress"]
    own = frame.filter(pl.col("provider_code") == provider)["programme_code"].unique()
    return [code for code in contents.programmes if code in own]


def _fill(contents: Contents, code: str, language: Language) -> dict[str, Any]:
    rows = _progress(contents, code)
    occupancy = _of(contents, "programme_occupancy", code).sort("month").rows(named=True)
    per_provider = [
        {"code": provider, "name": contents.name(provider), "path": path_of_provider(provider), "row": found[-1]}
        for provider in contents.providers
        if (found := _progress(contents, code, provider))
    ]
    return {
        "code": code,
        "facts_of": reference.programmes().filter(pl.col("programme_code") == code).head(1).rows(named=True),
        **_compared(rows),
        "chart": _chart(rows, language),
        "providers": per_provider,
        "occupancy": occupancy[-MONTHS:][::-1],
        "occupancy_chart": _occupancy_chart(contents, code, occupancy, language),
        "outcomes": _outcomes(contents, code, language),
        "grouped": _groups(contents, code, rows[-1], language),
        "activation": _activation(contents, code, rows[-1]["month"], language),
        "findings": findings.about_place(contents, code, language),
    }


def _of(contents: Contents, table: str, code: str) -> pl.DataFrame:
    return contents.tables[table].filter(pl.col("programme_code") == code)


def _chart(rows: Sequence[Row], language: Language) -> Any:
    drawn = [
        Line(language("deelnemers", "participants"), "a", [(row["month"], row["participants"]) for row in rows]),
        Line(language("geplaatst", "placed"), "c", [(row["month"], row["placed"]) for row in rows]),
        Line(language("lopend", "active"), "b", [(row["month"], row["active"]) for row in rows]),
    ]
    target = rows[-1]["target"]
    words = language("Deelnemers, lopend en geplaatst per maand", "Participants, active and placed per month")
    return lines(words, drawn, language, goal=(language("doel", "target"), target) if target else None)


def _occupancy_chart(contents: Contents, code: str, rows: Sequence[Row], language: Language) -> Any:
    expected = reference.programmes().filter(pl.col("programme_code") == code)["expected_occupancy"].drop_nulls()
    line = Line(language("bezetting", "occupancy"), "a", [(row["month"], row["average_active"]) for row in rows])
    words = language("Gemiddelde bezetting per maand", "Average occupancy per month")
    goal = (language("verwacht", "expected"), float(expected[0])) if len(expected) else None
    return lines(f"{words}, {contents.name(code)}", [line], language, goal=goal)


def _groups(contents: Contents, code: str, total: Row, language: Language) -> dict[str, groups.Groups]:
    """The latest month by target group, method and channel, all providers together."""

    def last(table: str) -> pl.DataFrame:
        frame = _of(contents, table, code)
        return frame.filter((pl.col("provider_code") == ALL_PROVIDERS) & (pl.col("month") == total["month"]))

    reader = groups.Reader(contents.least, language)
    sums = {name: total[name] for name in ("active", "placed", "ended_otherwise")}
    channel = last("channel_progress").sort("channel")
    counts = dict(channel.select("channel", "placed").iter_rows())
    channels = {name: said(CHANNELS, name, language) for name in counts}
    return {
        "target_group": groups.split(last("target_group_progress"), "target_group", sums,
                                     _words(code, "target_group", language), reader),
        "method": groups.split(last("method_progress"), "method", sums,
                               _words(code, "method", language), reader),
        "channel": groups.parts(counts, total["placed"], channels, reader),
    }  # fmt: skip


def _words(programme: str, kind: str, language: Language) -> dict[str, str]:
    words = reference.programme_words(kind).filter(pl.col("programme_code") == programme)
    named = dict(words.select("code", "label_nl" if language.is_dutch else "label_en").iter_rows())
    return {**named, "unknown": language("niet opgegeven", "not told")}


def _activation(contents: Contents, code: str, month: date, language: Language) -> groups.Groups:
    """Clients per month added up over the last twelve months, and over the twelve before."""
    frame = _of(contents, "activation", code)
    edges = [pl.lit(month).dt.offset_by(f"-{back}mo") for back in (12, 24)]
    spans = {
        "last": frame.filter((pl.col("month") > edges[0]) & (pl.col("month") <= month)),
        "before": frame.filter((pl.col("month") > edges[1]) & (pl.col("month") <= edges[0])),
    }
    counts = {
        (activity, name): total
        for name, span in spans.items()
        for activity, total in span.group_by("activity").agg(pl.col("clients").sum()).iter_rows()
    }
    reader = groups.Reader(contents.least, language)
    names = {activity: said(ACTIVITIES, activity, language) for activity in ACTIVITIES}
    return groups.apart(counts, names, tuple(spans), reader)


def _outcomes(contents: Contents, code: str, language: Language) -> dict[str, groups.Groups] | None:
    rows = _of(contents, "placement_outcomes", code).rows(named=True)
    if not rows:
        return None
    row = rows[0]
    reader = groups.Reader(contents.least, language)
    lasting = {"durable": row["durable"], "not_durable": row["not_durable"]}
    open_still = row["placed"] - sum(lasting.values())
    names = {
        "durable": language("nog aan het werk na zes maanden", "still at work after six months"),
        "not_durable": language("niet meer aan het werk na zes maanden", "no longer at work after six months"),
        "open": language("nog niet bekend", "not known yet"),
    }
    beside = {name: said(OUTCOMES, name, language) for name in OUTCOMES}
    return {
        "beside": groups.parts({name: row[name] for name in OUTCOMES}, row["placed"], beside, reader),
        "lasting": groups.parts({**lasting, "open": open_still}, row["placed"], names, reader),
    }


def _fill_provider(contents: Contents, code: str, language: Language) -> dict[str, Any]:
    by_programme: list[Mapping[str, Any]] = [
        {
            "code": programme, "name": contents.name(programme), "path": path_of(programme), **_compared(rows),
            "chart": _chart(rows, language), "rows": rows[-MONTHS:][::-1],
            "reports": _reports(contents, f"{code}/{programme}"),
        }
        for programme in _programmes_of(contents, code)
        if (rows := _progress(contents, programme, code))
    ]  # fmt: skip
    return {"code": code, "programmes": by_programme, "counted": findings.counted(contents, code, language)}


def _reports(contents: Contents, subject: str) -> list[Row]:
    """The last report of a provider beside its own events."""
    frame = contents.tables["reconciliation"].filter((pl.col("subject") == subject) & (pl.col("rule") == _REPORTS))
    return frame.filter(pl.col("period") == pl.col("period").max()).sort("indicator").rows(named=True)
