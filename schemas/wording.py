"""What the closed lists of the tables are called, in Dutch and English.

Here: words that describe a code and decide nothing. Not here: the lists themselves (``vocabulary``), codes of law and
words of programmes with their validity (``reference``), titles of rules (``rules``).
"""

from schemas.sources.trajectory_events import CHANNELS
from schemas.vocabulary import DateState, DeliveryStatus, Series, Severity, TrajectoryStatus, Verdict, Vintage

Words = tuple[tuple[str, str, str], ...]
"""code, Dutch, English."""

LISTS: dict[str, Words] = {
    "series": (
        (Series.PW, "algemene bijstand (PW)", "general assistance (PW)"),
        (Series.PW_IOAW_IOAZ, "PW, IOAW en IOAZ", "PW, IOAW and IOAZ"),
        (Series.ALL, "PW, IOAW, IOAZ en Bbz", "PW, IOAW, IOAZ and Bbz"),
    ),
    "channel": (
        (CHANNELS[0], "uitzendbureau", "temp agency"),
        (CHANNELS[1], "werkgeversservicepunt", "employers' service point"),
        (CHANNELS[2], "werkgever", "employer"),
        (CHANNELS[3], "rechtstreeks", "directly"),
        ("unknown", "onbekend", "unknown"),
    ),
    "target_group": (("unknown", "onbekend", "unknown"),),
    "trajectory_end_reason": (
        ("1", "afgerond", "completed"),
        ("2", "voortijdig beëindigd", "stopped early"),
        ("3", "verhuisd, overleden, gedetineerd of zwanger", "moved, died, detained or pregnancy"),
    ),
    "activity": (
        ("participation_statement", "participatieverklaring getekend", "participation statement signed"),
        ("skills_profile", "talentenkaart vastgelegd", "skills profile recorded"),
        ("volunteering", "vrijwilligerswerk gestart", "volunteering started"),
    ),
    "vintage": (
        (Vintage.PROVISIONAL, "voorlopig", "provisional"),
        (Vintage.REVISED, "herzien", "revised"),
        (Vintage.FINAL, "definitief", "final"),
    ),
    "trajectory_status": (
        (TrajectoryStatus.REFERRED, "aangemeld", "referred"),
        (TrajectoryStatus.ACTIVE, "actief", "active"),
        (TrajectoryStatus.PAUSED, "onderbroken", "paused"),
        (TrajectoryStatus.PLACED, "geplaatst", "placed"),
        (TrajectoryStatus.ENDED, "beëindigd", "ended"),
        (TrajectoryStatus.DROPPED_OUT, "uitgevallen", "dropped out"),
    ),
    "delivery_status": (
        (DeliveryStatus.RECORDED, "opgenomen", "recorded"),
        (DeliveryStatus.HELD, "vastgehouden", "held"),
        (DeliveryStatus.REJECTED, "afgewezen", "rejected"),
        (DeliveryStatus.REMOVED, "weggehaald na afwijzing", "removed after rejection"),
        (DeliveryStatus.REFUSED, "geweigerd", "refused"),
        (DeliveryStatus.RETRACTED, "ingetrokken", "retracted"),
        (DeliveryStatus.COPIED, "kopie", "copied"),
        (DeliveryStatus.UNSTABLE, "nog in wording", "still being written"),
    ),
    "verdict": (
        (Verdict.CONFIRMED, "bevestigd", "confirmed"),
        (Verdict.CONFIRMED_IN_OTHER_SERIES, "bevestigd in een andere reeks", "confirmed in another series"),
        (Verdict.CONTRADICTED, "tegengesproken", "contradicted"),
        (Verdict.NOT_CHECKABLE, "niet te controleren", "not checkable"),
    ),
    "date_state": (
        (DateState.COUNTED, "geteld", "counted"),
        (DateState.REPORTED, "opgegeven", "reported"),
        (DateState.HELD, "vastgehouden", "held"),
        (DateState.MISSING, "ontbreekt", "missing"),
    ),
    "severity": (
        (Severity.REJECT, "afwijzen", "reject"),
        (Severity.QUARANTINE, "in quarantaine", "quarantine"),
        (Severity.HOLD, "vasthouden", "hold"),
        (Severity.WARN, "waarschuwen", "warn"),
        (Severity.BLOCK, "blokkeren", "block"),
    ),
}
