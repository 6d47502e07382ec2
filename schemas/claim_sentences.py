"""What is said of a published figure: what it was compared with, and with which result.

Here: the sentences, in both languages. They begin in lower case and have no full stop: they stand beside each other in one
line (``pipeline.checks.claims.wording``). Not here: all others (``sentences``), which of them is said (``pipeline.checks.claims``).
"""

from collections.abc import Mapping

from schemas.words import Words

CLAIM_SENTENCES: Mapping[str, Words] = {
    # Why there is nothing to compare with.
    "claim.unknown-indicator": Words(
        "de grootheid {indicator} is bij deze controle niet bekend",
        "the indicator {indicator} is unknown to this check",
    ),
    "claim.other-unit": Words(
        "{indicator} wordt gemeten in {unit}, de uitspraak in {claimed}",
        "{indicator} is measured in {unit}, the claim is in {claimed}",
    ),
    "claim.no-region": Words("de uitspraak noemt geen gemeente of land", "the claim names no region"),
    "claim.no-date": Words("de uitspraak noemt geen datum", "the claim names no date"),
    "claim.no-period": Words("de uitspraak noemt geen periode", "the claim names no period"),
    "claim.no-time": Words(
        "de uitspraak noemt geen datum en geen periode", "the claim names neither a date nor a period"
    ),
    "claim.no-programme": Words(
        "de uitspraak over {indicator} noemt geen programma", "the claim about {indicator} names no programme"
    ),
    "claim.no-average": Words(
        "de uitspraak noemt geen periode om over te middelen", "the claim names no period to average over"
    ),
    "claim.no-stock": Words(
        "van {region} is op {day} in geen enkele reeks een stand bekend",
        "no stock of {region} on {day} is known in any series",
    ),
    "claim.no-stock-within": Words(
        "van {region} is van {begin} tot {until} in geen enkele reeks een stand bekend",
        "no stock of {region} from {begin} until {until} is known in any series",
    ),
    "claim.other-borders": Words(
        "de grenzen van {region} veranderden op {moved}: {begin} gaat over een ander gebied",
        "the borders of {region} changed on {moved}: {begin} is about another place",
    ),
    "claim.half": Words("{series} heeft alleen {day}", "{series} has {day} only"),
    "claim.halves": Words("{why} ({halves})", "{why} ({halves})"),
    "claim.zero": Words("de stand aan het begin is nul", "the stock at the begin is zero"),
    "claim.no-pair": Words(
        "geen reeks van {region} heeft zowel {begin} als {until}", "no series of {region} has both {begin} and {until}"
    ),
    "claim.no-record": Words(
        "geen reeks van {region} heeft een stand op {day} en standen van daarvoor",
        "no series of {region} has a stock on {day} and a record before it",
    ),
    "claim.no-flows": Words(
        "geen reeks van {region} heeft in- en uitstroom van heel {begin} tot {until}",
        "no series of {region} has flows for the whole of {begin} until {until}",
    ),
    "claim.no-national": Words(
        "tabel 37789ksz van het CBS is niet bekend van zowel {begin} als {until}",
        "CBS table 37789ksz is not known for both {begin} and {until}",
    ),
    "claim.no-event": Words(
        "van programma {programme} was geen gebeurtenis bekend", "no event of programme {programme} was known"
    ),
    "claim.known-before": Words(
        "gebeurtenissen zijn bekend tot en met {horizon}, voor {day}", "events are known until {horizon}, before {day}"
    ),
    "claim.known-in-part": Words(
        "gebeurtenissen zijn bekend tot en met {horizon}, niet over de hele periode",
        "events are known until {horizon}, not for the whole period",
    ),
    "claim.undated": Words(
        "de tekst noemt geen datum, dus is open wanneer het zou gelden; bekend is: {known}",
        "the text gives no date, so it is open when it should hold; known is: {known}",
    ),
    "claim.no-target": Words(
        "programma {programme} heeft geen doelstelling in de referentiegegevens",
        "programme {programme} has no target in the reference data",
    ),
    "claim.no-maximum": Words(
        "programma {programme} heeft geen maximale duur in de referentiegegevens",
        "programme {programme} has no maximum duration in the reference data",
    ),
    "claim.none-open": Words(
        "in de periode stond geen traject van {programme} open", "no trajectory of {programme} was open in the period"
    ),
    "claim.rounding": Words(
        "{sentence}: door de afronding blijft de uitspraak open", "{sentence}: rounding leaves the claim open"
    ),
    # Stocks.
    "claim.stock": Words(
        "{count} op {day} is de stand in {series} ({source})", "{count} on {day} is the stock in {series} ({source})"
    ),
    "claim.stock-brief": Words("{count} in {series}", "{series} had {count}"),
    "claim.stock-brief-on": Words("{count} in {series} op {day}", "{series} had {count} on {day}"),
    "claim.pair": Words("van {first} naar {last} in {series}", "from {first} to {last} in {series}"),
    "claim.change": Words("{pair} ({source}) is {change}", "{pair} ({source}) is {change}"),
    "claim.change-brief": Words("{pair} is {change}", "{pair} is {change}"),
    "claim.of-the-text": Words(
        "uitspraken {one} ({first}) en {other} ({last}) van dezelfde tekst geven {change}, wat past bij {figure}",
        "claims {one} ({first}) and {other} ({last}) of the same text give {change}, which fits {figure}",
    ),
    "claim.not-of-the-text": Words(
        "uitspraken {one} ({first}) en {other} ({last}) van dezelfde tekst geven {change}, wat niet past bij {figure}",
        "claims {one} ({first}) and {other} ({last}) of the same text give {change}, which does not fit {figure}",
    ),
    # Records.
    "claim.record": Words(
        "{count} op {day} in {series} ({source}) {place}", "{count} on {day} in {series} ({source}) {place}"
    ),
    "claim.first-of-record": Words("is de eerste van zijn reeks", "is the first of its series"),
    "claim.not-lowest": Words("is niet lager dan de {count} op {day}", "is not below the {count} on {day}"),
    "claim.lowest": Words(
        "is de laagste van {dates} peildata sinds {since}", "is the lowest of {dates} reference dates since {since}"
    ),
    "claim.lower-claim": Words(
        "{own}, maar uitspraak {claim} noemt {figure} voor {period} ({series}), en dat is lager",
        "{own}, but claim {claim} says {figure} for {period} ({series}), which is lower",
    ),
    "claim.lower-claim-too": Words(
        "{own}, en uitspraak {claim} noemt {figure} voor {period} ({series}), en dat is lager",
        "{own}, and claim {claim} says {figure} for {period} ({series}), which is lower",
    ),
    # Flows, and CBS.
    "claim.flows": Words(
        "{work} naar werk en {inflow} instroom in {series}", "{work} to work and {inflow} inflow in {series}"
    ),
    "claim.balance": Words(
        "{flows} (uitkeringen, {begin} tot {until}): een verschil van {difference}",
        "{flows} (benefits, {begin} until {until}) differ by {difference}",
    ),
    "claim.balance-brief": Words("{flows}: een verschil van {difference}", "{flows} differ by {difference}"),
    "claim.cbs-flows": Words(
        "het CBS telt {work} personen naar werk en {inflow} instroom in {year}",
        "CBS counts {work} persons to work and {inflow} inflow in {year}",
    ),
    "claim.cbs-balance": Words(
        "{flows} (tot de AOW-leeftijd, afgerond op tientallen, Bron: CBS), een verschil van {difference}",
        "{flows} (to AOW age, rounded to 10, Bron: CBS), a difference of {difference}",
    ),
    "claim.national-pair": Words(
        "van {first} naar {last} uitkeringen {definition}", "from {first} to {last} benefits {definition}"
    ),
    "claim.all-ages": Words("van alle leeftijden", "all ages"),
    "claim.to-aow-age": Words("tot de AOW-leeftijd", "to AOW age"),
    "claim.national": Words(
        "{pair} in heel Nederland van {begin} tot {until} is {change} (tabel 37789ksz, Bron: CBS)",
        "{pair} in the country from {begin} to {until} is {change} (table 37789ksz, Bron: CBS)",
    ),
    # Programmes.
    "claim.participants": Words(
        "{count} cliënten waren begonnen in {programme} tot en met {day}",
        "{count} clients had started in {programme} up to {day}",
    ),
    "claim.placed": Words(
        "{count} cliënten waren geplaatst in {programme} tot en met {day}",
        "{count} clients were placed in {programme} up to {day}",
    ),
    "claim.placed_part_time": Words(
        "{count} cliënten waren geplaatst in een deeltijdbaan in {programme} tot en met {day}",
        "{count} clients were placed in a part-time job in {programme} up to {day}",
    ),
    "claim.active": Words(
        "{count} cliënten waren actief in {programme} tot en met {day}",
        "{count} clients were active in {programme} up to {day}",
    ),
    "claim.ended_otherwise": Words(
        "{count} cliënten waren gestopt zonder baan in {programme} tot en met {day}",
        "{count} clients had ended without a job in {programme} up to {day}",
    ),
    "claim.counted": Words("{what} (geteld)", "{what} (counted)"),
    "claim.no-begin": Words(
        "de tekst noemt geen begin; geteld is alles sinds de eerste start in de gegevens, {day}",
        "the text gives no begin; counted is everything since the first start in the data, {day}",
    ),
    "claim.target": Words(
        "de doelstelling van {programme} is {target} plaatsingen (referentiegegevens); ze werd niet gehaald",
        "the target of {programme} is {target} placements (reference data); it was not reached",
    ),
    "claim.target-reached": Words(
        "de doelstelling van {programme} is {target} plaatsingen (referentiegegevens); ze werd gehaald op {day}",
        "the target of {programme} is {target} placements (reference data); it was reached on {day}",
    ),
    "claim.providers": Words(
        "{count} aanbieders leverden gebeurtenissen van {programme}",
        "{count} providers delivered events of {programme}",
    ),
    "claim.target-groups": Words(
        "deelnemers van {programme} komen uit {count} van zijn doelgroepen",
        "participants of {programme} come from {count} of its target groups",
    ),
    "claim.average": Words(
        "over de dagen van de periode stonden gemiddeld {average} trajecten van {programme} open",
        "{average} trajectories of {programme} were open on average over the days of the period",
    ),
    "claim.share": Words(
        "{placed} geplaatst op gemiddeld {average} open trajecten is {share} daarvan",
        "{placed} placed by an average of {average} open trajectories is {share} of them",
    ),
    "claim.maximum": Words(
        "het maximum van {programme} is {months} maanden (referentiegegevens)",
        "the maximum of {programme} is {months} months (reference data)",
    ),
    "claim.over-maximum": Words(
        "{late} van {started} trajecten duurden langer", "{late} of {started} trajectories lasted longer"
    ),
    # The figure beside the printed one.
    "claim.within": Words(
        "{sentence}, binnen {share} % van de gepubliceerde {figure}",
        "{sentence}, within {share} % of the published {figure}",
    ),
    "claim.not-within": Words(
        "{sentence}, niet binnen {share} % van de gepubliceerde {figure}",
        "{sentence}, not within {share} % of the published {figure}",
    ),
    "claim.holds": Words(
        "{sentence}, en dat is {sign} {figure} zoals gepubliceerd", "{sentence}, which is {sign} {figure} as published"
    ),
    "claim.fails": Words(
        "{sentence}, en dat is niet {sign} {figure} zoals gepubliceerd",
        "{sentence}, which is not {sign} {figure} as published",
    ),
    "claim.published": Words("{sentence}, gepubliceerd was {figure}", "{sentence}, published was {figure}"),
    "claim.printed": Words("{sentence}, gedrukt als {figure}", "{sentence}, printed {figure}"),
    "claim.also": Words("ook dit klopt: {other}", "it also holds where {other}"),
    "claim.named": Words("de uitspraak noemt {series}", "the claim names {series}"),
    "claim.together": Words("{parts}", "{parts}"),
    # As known on two days.
    "claim.known-later": Words(
        "Niet te controleren zoals bekend op {then}; zoals bekend op {now}: {explanation}",
        "Not checkable as known on {then}; as known on {now}: {explanation}",
    ),
    "claim.known-otherwise": Words(
        "{before} Zoals bekend op {now} {verdict}: {explanation}", "{before} As known on {now} {verdict}: {explanation}"
    ),
}
