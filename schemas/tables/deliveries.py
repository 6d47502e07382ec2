"""Curated tables about the deliveries themselves: what came in, what became of it, and why."""

import polars as pl

from schemas.table import Field, Invariant, Table
from schemas.vocabulary import DeliveryStatus, Severity

DELIVERIES = Table(
    name="deliveries",
    title="Deliveries",
    grain="one delivery (one file, by the sha256 of its bytes) under one of its names",
    grain_nl="één levering (één bestand, naar de sha256 van zijn bytes) onder een van zijn namen",
    key=("delivery", "file_name"),
    source="the log",
    is_restated=False,
    order=160,
    fields=(
        Field("delivery", pl.String(), "sha256 of the bytes of the file; where it has none that could be read, of its name and the reason", nl="sha256 van de bytes van het bestand; waar er geen te lezen waren, van zijn naam en de reden"),
        Field("source", pl.String(), "Folder below data/raw; empty for what lies directly in it", nl="Map onder data/raw; leeg voor wat er rechtstreeks in ligt"),
        Field("file_name", pl.String(), "Path below data/raw. The same bytes under another name have a row of their own: copied, or rejected too", nl="Pad onder data/raw. Dezelfde bytes onder een andere naam hebben een eigen rij: copied, of ook afgewezen"),
        Field("delivered_on", pl.Date(), "Day on which the sender said it: sidecar, else file name, else day of ingestion", nl="Dag waarop de afzender het zei: bijlage, anders bestandsnaam, anders de dag van opname"),
        Field("is_day_assumed", pl.Boolean(), "True where neither sidecar nor file name states delivered_on, so that the day of ingestion was taken", nl="Waar als noch bijlage noch bestandsnaam delivered_on noemt, zodat de dag van opname genomen is"),
        Field("recorded_at", pl.Datetime("us", "UTC"), "When the log took it", nl="Wanneer het logboek het opnam"),
        Field("status", pl.String(), "recorded, held, rejected, removed (rejected, and the file was taken away since), refused (held, and a steward said no), retracted (recorded, and taken back), copied (the same bytes under another name; its rows, where they count, are counted there) or unstable (still being written; tried again every night)", values=tuple(DeliveryStatus), nl="recorded (opgenomen), held (aangehouden), rejected (afgewezen), removed (afgewezen, en het bestand is sindsdien weggehaald), refused (aangehouden, en een beheerder zei nee), retracted (opgenomen, en teruggenomen), copied (dezelfde bytes onder een andere naam; de rijen tellen daar, als zij tellen) of unstable (wordt nog geschreven; iedere nacht opnieuw geprobeerd)"),
        Field("rows_read", pl.Int64(), "Rows found in the file", "rows", nl="Rijen die in het bestand staan"),
        Field("rows_recorded", pl.Int64(), "Rows in the log", "rows", nl="Rijen in het logboek"),
        Field("rows_quarantined", pl.Int64(), "Rows kept out, each with its reasons in findings", "rows", nl="Rijen die buiten bleven, ieder met de redenen in findings"),
        Field("rows_duplicate", pl.Int64(), "Identical copies, counted and kept once", "rows", nl="Gelijke kopieën, geteld en één keer bewaard"),
        Field("rows_held", pl.Int64(), "Rows waiting for a steward", "rows", nl="Rijen die op een beheerder wachten"),
        Field("version_of_scope", pl.Int64(), "1 for what was said first, 2 for its first redelivery, …; null where nothing was recorded", nullable=True, nl="1 voor wat het eerst gezegd is, 2 voor de eerste nalevering, …; leeg waar niets opgenomen is"),
        Field("rules_version", pl.String(), "Fingerprint of the rules it was judged by", nl="Vingerafdruk van de regels waarmee het beoordeeld is"),
        Field("processing", pl.Int64(), "0 for the first reading of the file, higher for later ones", nl="0 voor de eerste lezing van het bestand, hoger voor latere"),
        Field("simulated", pl.Boolean(), "True for made-up data of the simulator", nl="Waar voor verzonnen gegevens van de simulator"),
        Field("sender", pl.String(), "Sender named in the sidecar", nullable=True, nl="Afzender volgens de bijlage"),
        Field("reason", pl.String(), "Rule and cause where it was rejected or held, and of one that is held the day on which it was judged, whose figures these are; of a copy as what its bytes are known, and what is so of that; who decided what about it, and why", nullable=True, nl="Regel en oorzaak waar het afgewezen of aangehouden is, en van wat aangehouden is de dag waarop het beoordeeld is, waarvan de cijfers zijn; van een kopie als wat de bytes bekend zijn, en wat daarvoor geldt; wie wat erover besloot, en waarom"),
        Field("also_delivered_as", pl.String(), "Other names under which the same bytes were found, separated by |", nullable=True, nl="Andere namen waaronder dezelfde bytes gevonden zijn, gescheiden door |"),
    ),
    invariants=(
        Invariant(
            "no row is lost",
            pl.col("rows_read")
            == pl.when(pl.col("status").is_in([DeliveryStatus.HELD, DeliveryStatus.REFUSED]))
            .then(pl.col("rows_held"))
            .otherwise(pl.col("rows_recorded") + pl.col("rows_quarantined") + pl.col("rows_duplicate")),
        ),
    ),
)  # fmt: skip

FINDINGS = Table(
    name="findings",
    title="Findings",
    grain="one delivery, row, column and rule",
    grain_nl="één levering, rij, kolom en regel",
    key=("delivery", "row", "column", "rule"),
    source="validation of the deliveries",
    is_restated=False,
    order=170,
    fields=(
        Field("delivery", pl.String(), "sha256 of the delivery", nl="sha256 van de levering"),
        Field(
            "row",
            pl.Int64(),
            "Row number as in the file, the header being row 1; 0 for the file as a whole",
            nl="Rijnummer zoals in het bestand, met de kopregel als rij 1; 0 voor het bestand als geheel",
        ),
        Field(
            "column",
            pl.String(),
            "Column as the contract names it; empty for a whole row or file",
            nl="Kolom zoals het contract haar noemt; leeg voor een hele rij of een heel bestand",
        ),
        Field(
            "rule",
            pl.String(),
            "Code of the rule; the rules page says why it exists and what to do",
            nl="Code van de regel; de pagina met regels zegt waarom ze er is en wat te doen",
        ),
        Field(
            "severity",
            pl.String(),
            "reject, quarantine, hold or warn",
            values=tuple(Severity),
            nl="reject (afwijzen), quarantine (rij in quarantaine), hold (aanhouden) of warn (melden)",
        ),
        Field("source", pl.String(), "Folder below data/raw", nl="Map onder data/raw"),
    ),
)

RESTATEMENTS = Table(
    name="restatements",
    title="Restatements",
    grain="one figure (table, key and column) that differs between a release and the one before it",
    grain_nl="één cijfer (tabel, sleutel en kolom) dat verschilt tussen een uitgave en die ervoor",
    key=("release", "table", "key", "column"),
    source="the log: every release since the second, compared with the one that was current before",
    is_restated=False,
    order=150,
    names_release=True,
    fields=(
        Field("release", pl.String(), "Release in which the figure first stood like this", nl="Uitgave waarin het cijfer voor het eerst zo stond"),
        Field("previous_release", pl.String(), "Release it was compared with", nl="Uitgave waarmee vergeleken is"),
        Field("published_at", pl.Datetime("us", "UTC"), "When the release was published", nl="Wanneer de uitgave gepubliceerd is"),
        Field("table", pl.String(), "Curated table", nl="Tabel"),
        Field("key", pl.String(), "Key of the row in that table, its parts in order, separated by |", nl="Sleutel van de rij in die tabel, de delen op volgorde, gescheiden door |"),
        Field("column", pl.String(), "The figure", nl="Het cijfer"),
        Field("kind", pl.String(), "added (there was no such figure), changed, or removed", values=("added", "changed", "removed"), nl="added (zo'n cijfer was er niet), changed (veranderd) of removed (verdwenen)"),
        Field("value_before", pl.Float64(), "The figure in the release before; null where added", "as in the table", nullable=True, nl="Het cijfer in de uitgave ervoor; leeg waar het nieuw is"),
        Field("value_after", pl.Float64(), "The figure in this release; null where removed", "as in the table", nullable=True, nl="Het cijfer in deze uitgave; leeg waar het verdwenen is"),
        Field("cause", pl.String(), "sha256 of the delivery that caused it: of those that came between the two releases and concern the figure, the one nearest in time to it; null where none did", nullable=True, nl="sha256 van de levering die het veroorzaakte: van die tussen de twee uitgaven kwamen en over het cijfer gaan, de in tijd naaste; leeg waar geen levering het deed"),
        Field("event", pl.String(), "What happened to that delivery; code where another version of the program made the difference", values=("recorded", "reprocessed", "copied", "retracted", "reinstated", "refused", "code"), nl="Wat er met die levering gebeurde; code waar een andere versie van het programma het verschil maakte"),
        Field("candidates", pl.Int64(), "Deliveries between the two releases that concern the figure; 1 = the cause is certain", "deliveries", nl="Leveringen tussen de twee uitgaven die over het cijfer gaan; 1 = de oorzaak is zeker"),
    ),
    invariants=(
        Invariant("added and removed have one side", pl.col("value_before").is_null().eq(pl.col("kind") == "added") & pl.col("value_after").is_null().eq(pl.col("kind") == "removed")),
    ),
)  # fmt: skip
