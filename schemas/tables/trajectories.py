"""Curated tables about trajectories, programmes and their providers."""

import polars as pl

from schemas.table import Field, Invariant, Subject, Table
from schemas.vocabulary import TrajectoryStatus

_EVENTS = "events delivered by the providers (trajectory_events)"

TRAJECTORIES = Table(
    name="trajectories",
    title="Trajectories",
    grain="one trajectory of one provider",
    grain_nl="één traject van één aanbieder",
    key=("trajectory_id", "provider_code"),
    source=_EVENTS,
    is_restated=False,
    is_per_client=True,
    order=40,
    fields=(
        Field("trajectory_id", pl.String(), "The provider's number of the trajectory", nl="Nummer van het traject bij de aanbieder"),
        Field("provider_code", pl.String(), "Provider", nl="Aanbieder"),
        Field("client_key", pl.String(), "Keyed pseudonym of the client; the same in every table for one BSN, or for one client number", nl="Pseudoniem van de cliënt, met de sleutel gemaakt; in iedere tabel hetzelfde voor één BSN, of voor één cliëntnummer"),
        Field("programme_code", pl.String(), "Programme", nl="Programma"),
        Field("target_group", pl.String(), "Target group, as last told", nullable=True, nl="Doelgroep, zoals het laatst gemeld"),
        Field("municipality_code", pl.String(), "Municipality that referred the client", nullable=True, nl="Gemeente die de cliënt aanmeldde"),
        Field("status", pl.String(), "Where it stands; once placed, it counts as placed", values=tuple(TrajectoryStatus), nl="Waar het staat; eenmaal geplaatst telt het als geplaatst"),
        Field("referred_on", pl.Date(), "First referral", nullable=True, nl="Eerste aanmelding"),
        Field("started_on", pl.Date(), "First start", nullable=True, nl="Eerste start"),
        Field("ended_on", pl.Date(), "First end", nullable=True, nl="Eerste einde"),
        Field("end_reason", pl.String(), "SRG 2015: 1 completed, 2 stopped early, 3 moved, died, detained or pregnancy", nullable=True, nl="SRG 2015: 1 afgerond, 2 voortijdig beëindigd, 3 verhuisd, overleden, gedetineerd of zwanger"),
        Field("methods", pl.List(pl.String()), "Methods used, in alphabetical order", nl="Ingezette methoden, op alfabet"),
        Field("methods_text", pl.String(), "The same in one text, separated by ;, for readers without lists; empty where there are none", nl="Hetzelfde in één tekst, gescheiden door ;, voor lezers zonder lijsten; leeg waar er geen zijn"),
        Field("placed_on", pl.Date(), "First placement in a job", nullable=True, nl="Eerste plaatsing in een baan"),
        Field("part_time", pl.Boolean(), "Whether the first placement is part-time", nullable=True, nl="Of de eerste plaatsing in deeltijd is"),
        Field("hours_per_week", pl.Float64(), "Hours of the first placement", "hours per week", nullable=True, nl="Uren van de eerste plaatsing"),
        Field("channel", pl.String(), "How the first job was found", nullable=True, nl="Hoe de eerste baan gevonden werd"),
        Field("subsidised", pl.Boolean(), "Whether the first job is subsidised", nullable=True, nl="Of de eerste baan gesubsidieerd is"),
        Field("placements", pl.Int64(), "Placements in force", "placements", nl="Plaatsingen die gelden"),
        Field("durable", pl.Boolean(), "In a job six months after the first placement (the same or following ones within 31 days); null = too early or not placed", nullable=True, nl="Aan het werk zes maanden na de eerste plaatsing (dezelfde baan, of volgende binnen 31 dagen); leeg = te vroeg of niet geplaatst"),
        Field("extensions", pl.Int64(), "Times the trajectory was extended", "times", nl="Hoe vaak het traject verlengd is"),
        Field("days_paused", pl.Int64(), "Days between pauses and resumptions, up to the end", "days", nl="Dagen tussen onderbreking en hervatting, tot het einde"),
        Field("days_in_trajectory", pl.Int64(), "Days from start to end, or to the last day known; pauses included", "days", nullable=True, nl="Dagen van start tot einde, of tot de laatste dag die bekend is; onderbrekingen tellen mee"),
    ),
    invariants=(Invariant("placed means a placement", (pl.col("status") == "placed") == pl.col("placed_on").is_not_null()),),
)  # fmt: skip

_MONTH = Field("month", pl.Date(), "First day of the month; counts are about its last day", nl="Eerste dag van de maand; de aantallen gaan over de laatste")  # fmt: skip
_PROGRAMME = Field("programme_code", pl.String(), "Programme", nl="Programma")  # fmt: skip
_PROVIDER = Field("provider_code", pl.String(), "Provider; * = all, each client once", nl="Aanbieder; * = alle samen, iedere cliënt één keer")  # fmt: skip

_MONTH_END = pl.col("month").str.to_date("%Y-%m-%d", strict=False).dt.month_end()
_OF_PROGRAMME = Subject(pl.col("programme_code"), day=_MONTH_END)
_OF_PROVIDER = Subject(pl.col("programme_code"), day=_MONTH_END, provider=pl.col("provider_code"))

_COUNTS = (
    Field("participants", pl.Int64(), "Clients who had started", "clients", nl="Cliënten die begonnen waren"),
    Field("active", pl.Int64(), "Of those, in a trajectory and never placed", "clients", nl="Daarvan in een traject en nooit geplaatst"),
    Field("placed", pl.Int64(), "Of those, placed at least once", "clients", nl="Daarvan minstens één keer geplaatst"),
    Field("placed_part_time", pl.Int64(), "Of the placed, first in a part-time job", "clients", nl="Van de geplaatsten: eerst in een deeltijdbaan"),
    Field("ended_otherwise", pl.Int64(), "Of the participants, ended without a job", "clients", nl="Van de deelnemers: gestopt zonder baan"),
    Field("placement_rate_pct", pl.Float64(), "placed in % of participants; null without participants", "percent", nullable=True, nl="placed in % van participants; leeg zonder deelnemers"),
)  # fmt: skip
_INVARIANTS = (
    Invariant("placements are participants", pl.col("placed") <= pl.col("participants")),
    Invariant("part-time is part of placed", pl.col("placed_part_time") <= pl.col("placed")),
    Invariant(
        "everybody stands once",
        pl.col("active") + pl.col("placed") + pl.col("ended_otherwise") == pl.col("participants"),
    ),
)


_DUTCH = {
    "programme_code": "programma", "provider_code": "aanbieder", "target_group": "doelgroep", "method": "methode",
    "channel": "weg",
}  # fmt: skip


def _progress(name: str, title: str, order: int, *dimensions: Field, more: tuple[Field, ...] = ()) -> Table:
    names = ("programme_code", "provider_code", *(each.name for each in dimensions), "month")
    words = ", ".join(name.removesuffix("_code").replace("_", " ") for name in names)
    dutch = ", ".join(_DUTCH[name] for name in names[:-1])
    return Table(
        name=name,
        title=title,
        grain=f"one {words}",
        grain_nl=f"één {dutch} en maand",
        key=names,
        source=_EVENTS,
        order=order,
        subject=_OF_PROVIDER,
        fields=(_PROGRAMME, _PROVIDER, *dimensions, _MONTH, *_COUNTS, *more),
        invariants=_INVARIANTS,
    )


PROGRAMME_PROGRESS = _progress(
    "programme_progress",
    "Progress of programmes",
    50,
    more=(
        Field("target", pl.Int64(), "Placements aimed at, for all providers together (*); empty for single providers, since the council set one " "target for the programme and none for each of them", "placements", nullable=True, nl="Beoogde plaatsingen, voor alle aanbieders samen (*); leeg voor één aanbieder, want de raad stelde één doel voor het programma en geen voor ieder van hen"),
        Field("target_reached_on", pl.Date(), "Date of the placement that reached the target, from that month on; empty for single providers, as the target is", nullable=True, nl="Datum van de plaatsing waarmee het doel gehaald werd, vanaf die maand; leeg voor één aanbieder, zoals het doel"),
    ),
)  # fmt: skip
TARGET_GROUP_PROGRESS = _progress(
    "target_group_progress",
    "Progress by target group",
    60,
    Field("target_group", pl.String(), "Target group, as last told by the end of the month; unknown before one is told. How a client of the group stands " "is decided by all trajectories with the provider, or with all", nl="Doelgroep, zoals het laatst gemeld aan het einde van de maand; unknown voordat er een gemeld is. Hoe een cliënt van de groep ervoor staat, beslissen alle trajecten bij de aanbieder, of bij alle"),
)  # fmt: skip
METHOD_PROGRESS = _progress(
    "method_progress",
    "Progress by method",
    70,
    Field("method", pl.String(), "Method, from its first use on; a client with several methods stands under each. How a client stands is decided by " "all trajectories with the provider, or with all", nl="Methode, vanaf het eerste gebruik; een cliënt met meer methoden staat onder ieder. Hoe een cliënt ervoor staat, beslissen alle trajecten bij de aanbieder, of bij alle"),
)  # fmt: skip
CHANNEL_PROGRESS = Table(
    name="channel_progress",
    title="Placements by channel",
    grain="one programme, provider, channel, month",
    grain_nl="één programma, aanbieder, weg en maand",
    key=("programme_code", "provider_code", "channel", "month"),
    source=_EVENTS,
    order=80,
    subject=_OF_PROVIDER,
    fields=(
        _PROGRAMME,
        _PROVIDER,
        Field("channel", pl.String(), "How the first job was found; unknown where none was told", nl="Hoe de eerste baan gevonden werd; unknown waar het niet gemeld is"),
        _MONTH,
        Field("placed", pl.Int64(), "Clients placed through this channel, up to the end of the month", "clients", nl="Langs deze weg geplaatste cliënten, tot het einde van de maand"),
        Field("placed_part_time", pl.Int64(), "Of those, in a part-time job", "clients", nl="Daarvan in een deeltijdbaan"),
        Field("placed_in_month", pl.Int64(), "Clients placed in this month", "clients", nl="In deze maand geplaatste cliënten"),
    ),
    invariants=(_INVARIANTS[1],),
)  # fmt: skip

PROGRAMME_OCCUPANCY = Table(
    name="programme_occupancy",
    title="Occupancy of programmes",
    grain="one programme and month",
    grain_nl="één programma en maand",
    key=("programme_code", "month"),
    source=_EVENTS,
    order=90,
    subject=_OF_PROGRAMME,
    fields=(
        _PROGRAMME,
        Field("month", pl.Date(), "First day of the month; the last month counts up to the last day known", nl="Eerste dag van de maand; de laatste maand telt tot en met de laatste dag die bekend is"),
        Field("average_active", pl.Float64(), "Trajectories started and not ended, averaged over the days of the month; those of one client that began with one provider on one day are one", "trajectories", nl="Trajecten die begonnen en niet beëindigd zijn, gemiddeld over de dagen van de maand; die van één cliënt die op één dag bij één aanbieder begonnen, zijn er één"),
        Field("peak_active", pl.Int64(), "The most on one day", "trajectories", nl="Het meeste op één dag"),
        Field("over_maximum_duration", pl.Int64(), "Trajectories that had passed the programme's maximum at the end of the month and had not ended before it", "trajectories", nl="Trajecten die aan het einde van de maand het maximum van het programma voorbij waren en niet daarvoor beëindigd"),
        Field("placed_in_last_12_months", pl.Int64(), "First placements of clients in this month and the eleven before", "clients", nl="Eerste plaatsingen van cliënten in deze maand en de elf ervoor"),
        Field("share_to_work_pct", pl.Float64(), "placed_in_last_12_months in % of the average occupancy over those months; null before a full year", "percent", nullable=True, nl="placed_in_last_12_months in % van de gemiddelde bezetting over die maanden; leeg voordat er een vol jaar is"),
    ),
)  # fmt: skip

ACTIVATION = Table(
    name="activation",
    title="Activation",
    grain="one programme, month and activity",
    grain_nl="één programma, maand en activiteit",
    key=("programme_code", "month", "activity"),
    source=_EVENTS,
    order=110,
    subject=_OF_PROGRAMME,
    fields=(
        _PROGRAMME,
        Field("month", pl.Date(), "First day of the month in which it happened", nl="Eerste dag van de maand waarin het gebeurde"),
        Field("activity", pl.String(), "Participation statement signed, skills profile recorded, or volunteering started", values=("participation_statement", "skills_profile", "volunteering"), nl="Participatieverklaring getekend, vaardighedenprofiel vastgelegd, of vrijwilligerswerk begonnen"),
        Field("clients", pl.Int64(), "Clients, each once per month and activity", "clients", nl="Cliënten, ieder één keer per maand en activiteit"),
    ),
)  # fmt: skip

PLACEMENT_OUTCOMES = Table(
    name="placement_outcomes",
    title="Placements beside the caseload",
    grain="one programme; clients by their first placement",
    grain_nl="één programma; cliënten naar hun eerste plaatsing",
    key=("programme_code",),
    source="events of the providers joined to the caseload through client_key",
    order=100,
    subject=Subject(pl.col("programme_code")),
    fields=(
        _PROGRAMME,
        Field("placed", pl.Int64(), "Clients placed", "clients", nl="Geplaatste cliënten"),
        Field("not_checkable", pl.Int64(), "Of those, known by a client number only, or no reference date in the 62 days up to the placement", "clients", nl="Daarvan alleen met een cliëntnummer bekend, of zonder peildatum in de 62 dagen tot de plaatsing"),
        Field("without_benefit", pl.Int64(), "Not in the caseload on the last reference date up to the placement", "clients", nl="Niet in het bestand op de laatste peildatum tot de plaatsing"),
        Field("left_within_six_months", pl.Int64(), "In the caseload then, and no longer on the first reference date six months on", "clients", nl="Toen in het bestand, en niet meer op de eerste peildatum zes maanden later"),
        Field("works_beside_benefit", pl.Int64(), "In the caseload then, and still or again six months on", "clients", nl="Toen in het bestand, en zes maanden later nog of weer"),
        Field("too_early", pl.Int64(), "In the caseload then, and six months are not over in the data", "clients", nl="Toen in het bestand, en de zes maanden zijn in de gegevens niet voorbij"),
        Field("durable", pl.Int64(), "Still in a job six months after placement", "clients", nl="Zes maanden na de plaatsing nog aan het werk"),
        Field("not_durable", pl.Int64(), "No longer in a job then", "clients", nl="Dan niet meer aan het werk"),
    ),
    invariants=(
        Invariant(
            "everybody placed stands once",
            pl.col("placed")
            == pl.sum_horizontal(
                "not_checkable", "without_benefit", "left_within_six_months", "works_beside_benefit", "too_early"
            ),
        ),
    ),
)  # fmt: skip
