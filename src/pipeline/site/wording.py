"""What the codes and closed lists of the tables are called on the pages, in both languages.

Here: names of values and of columns. Not here: sentences (the templates), rules (``schemas.rules``), names of
municipalities, programmes and code lists (``schemas.reference``).
"""

from collections.abc import Mapping

from pipeline.site.language import Language

Pair = tuple[str, str]

SERIES: Mapping[str, Pair] = {
    "pw": ("PW", "PW"),
    "pw_ioaw_ioaz": ("PW, IOAW en IOAZ", "PW, IOAW and IOAZ"),
    "all": ("alle regelingen (ook Bbz)", "all schemes (Bbz too)"),
}
SHORT_SERIES: Mapping[str, Pair] = {**SERIES, "all": ("alle", "all"), "pw_ioaw_ioaz": ("PW+IOAW+IOAZ",) * 2}
UNIT: Mapping[str, str] = {
    "benefits": "uitkeringen", "persons": "personen", "clients": "cliënten", "trajectories": "trajecten",
    "placements": "plaatsingen", "percent": "procent", "months": "maanden", "days": "dagen", "times": "keer",
    "hours per week": "uren per week", "rows": "rijen", "events": "gebeurtenissen", "deliveries": "leveringen",
    "unit of the claim": "eenheid van de uitspraak", "unit of the indicator": "eenheid van de grootheid",
    "as in the table": "zoals in de tabel",
    "persons for recipients, benefits for flows": "personen bij recipients, uitkeringen bij in- en uitstroom",
}  # fmt: skip
"""What a column counts, in Dutch."""
VINTAGE: Mapping[str, Pair] = {
    "provisional": ("voorlopig", "provisional"),
    "revised": ("herzien", "revised"),
    "final": ("definitief", "final"),
}
SOURCE_OF_STOCK: Mapping[str, Pair] = {
    "counted": ("geteld", "counted"),
    "reported": ("opgegeven", "reported"),
}
STATUS: Mapping[str, Pair] = {
    "recorded": ("opgenomen", "recorded"),
    "held": ("aangehouden", "held"),
    "rejected": ("afgewezen", "rejected"),
    "removed": ("afgewezen, weggehaald", "rejected, taken away"),
    "refused": ("geweigerd", "refused"),
    "retracted": ("teruggenomen", "retracted"),
    "copied": ("kopie", "copy"),
    "unstable": ("nog in aanmaak", "still being written"),
}
SEVERITY: Mapping[str, Pair] = {
    "block": ("uitgave wacht", "release blocked"),
    "reject": ("bestand afgewezen", "file rejected"),
    "hold": ("levering wacht", "delivery held"),
    "quarantine": ("rij apart gehouden", "row quarantined"),
    "warn": ("let op", "warning"),
}
VERDICT: Mapping[str, Pair] = {
    "confirmed": ("bevestigd", "confirmed"),
    "confirmed_in_other_series": ("bevestigd in een andere reeks", "confirmed in another series"),
    "contradicted": ("tegengesproken", "contradicted"),
    "not_checkable": ("niet te controleren", "not checkable"),
    "agrees": ("klopt", "agrees"),
    "within_rounding": ("klopt binnen de afronding", "agrees within rounding"),
    "differs": ("wijkt af", "differs"),
}
SOURCES: Mapping[str, Pair] = {
    "caseload": ("Uitkeringen", "Benefits"),
    "caseload_totals": ("Totalen van het bestand", "Totals of the caseload"),
    "trajectory_events": ("Gebeurtenissen in trajecten", "Events in trajectories"),
    "provider_reports": ("Rapportages van aanbieders", "Reports of providers"),
    "municipal_statistics": ("CBS, gemeenten", "CBS, municipalities"),
    "national_statistics": ("CBS, landelijk", "CBS, the country"),
    "published_figures": ("Cijfers uit persberichten", "Published figures"),
    "": ("Buiten de mappen", "Outside the folders"),
}
TABLES: Mapping[str, Pair] = {
    "caseload_stock": ("Bestand op een peildatum", "Caseload on a reference date"),
    "caseload_flow": ("Brug van stand naar stand", "Bridge from stock to stock"),
    "outflow_reasons": ("Uitstroom naar reden", "Outflow by reason"),
    "trajectories": ("Trajecten", "Trajectories"),
    "programme_progress": ("Voortgang van programma's", "Progress of programmes"),
    "target_group_progress": ("Voortgang naar doelgroep", "Progress by target group"),
    "method_progress": ("Voortgang naar methodiek", "Progress by method"),
    "channel_progress": ("Plaatsingen naar kanaal", "Placements by channel"),
    "programme_occupancy": ("Bezetting van programma's", "Occupancy of programmes"),
    "placement_outcomes": ("Plaatsingen naast het bestand", "Placements beside the caseload"),
    "activation": ("Activering", "Activation"),
    "benchmark": ("Eigen cijfers naast CBS", "Own figures beside CBS"),
    "reconciliation": ("Gemeld naast afgeleid", "Reported against derived"),
    "published_figures_check": ("Persbericht-cijfers getoetst", "Published figures against the data"),
    "restatements": ("Gewijzigde cijfers", "Restatements"),
    "deliveries": ("Leveringen", "Deliveries"),
    "findings": ("Bevindingen", "Findings"),
    "relation_findings": ("Bevindingen tussen bronnen", "Findings across sources"),
    "caseload_service": ("Bestand van de dienst", "Caseload of the service"),
    "calendar": ("Peildata", "Reference dates"),
    "releases": ("Uitgaven", "Releases"),
    "municipalities": ("Gemeenten", "Municipalities"),
    "programmes": ("Programma's", "Programmes"),
    "providers": ("Aanbieders", "Providers"),
    "codes": ("Codes", "Codes"),
    "rules": ("Regels", "Rules"),
}
FIGURES: Mapping[str, Pair] = {
    "benefits": ("uitkeringen", "benefits"),
    "persons": ("personen", "persons"),
    "recipients": ("personen met bijstand", "recipients"),
    "change": ("mutatie", "change"),
    "change_pct": ("mutatie in %", "change in %"),
    "change_ytd": ("mutatie sinds 1 januari", "change since 1 January"),
    "change_ytd_pct": ("mutatie sinds 1 januari in %", "change since 1 January in %"),
    "change_yoy_pct": ("mutatie op jaarbasis in %", "change in a year in %"),
    "opening": ("beginstand", "opening"),
    "closing": ("eindstand", "closing"),
    "inflow": ("instroom", "inflow"),
    "outflow": ("uitstroom", "outflow"),
    "outflow_to_work": ("uitstroom naar werk", "outflow to work"),
    "unexplained_difference": ("onverklaard verschil", "unexplained difference"),
    "participants": ("deelnemers", "participants"),
    "active": ("lopend", "active"),
    "placed": ("geplaatst", "placed"),
    "placed_part_time": ("geplaatst in deeltijd", "placed part-time"),
    "ended_otherwise": ("anders beëindigd", "ended otherwise"),
    "placement_rate_pct": ("plaatsing in %", "placement rate in %"),
    "target": ("doel", "target"),
    "average_active": ("gemiddelde bezetting", "average occupancy"),
    "peak_active": ("hoogste bezetting", "peak occupancy"),
    "over_maximum_duration": ("over de maximale duur", "over maximum duration"),
    "placed_in_last_12_months": ("geplaatst in 12 maanden", "placed in 12 months"),
    "share_to_work_pct": ("aandeel naar werk in %", "share to work in %"),
    "value_own": ("eigen cijfer", "own figure"),
    "value_cbs": ("cijfer van het CBS", "figure of CBS"),
    "value_reported": ("gemeld", "reported"),
    "value_derived": ("afgeleid", "derived"),
    "value_found": ("gevonden waarde", "value found"),
    "difference": ("verschil", "difference"),
}
INDICATORS: Mapping[str, Pair] = {
    **FIGURES,
    "caseload_stock": ("stand van het bestand", "stock of the caseload"),
    "caseload_change": ("mutatie van het bestand", "change of the caseload"),
    "caseload_change_pct": ("mutatie van het bestand in %", "change of the caseload in %"),
    "national_caseload_change_pct": ("landelijke mutatie in %", "national change in %"),
    "is_lowest_on_record": ("laagste stand ooit", "lowest on record"),
    "outflow_to_work_minus_inflow": ("uitstroom naar werk min instroom", "outflow to work minus inflow"),
    "providers": ("aanbieders", "providers"),
    "target_groups": ("doelgroepen", "target groups"),
    "maximum_duration": ("maximale duur in maanden", "maximum duration in months"),
    "share_to_work": ("aandeel naar werk", "share to work"),
}
CHANNELS: Mapping[str, Pair] = {
    "uitzendbureau": ("uitzendbureau", "temp agency"),
    "werkgeversservicepunt": ("Werkgevers Service Punt", "employers' service point"),
    "werkgever": ("werkgever", "employer"),
    "rechtstreeks": ("rechtstreeks", "direct"),
    "unknown": ("niet opgegeven", "not told"),
}
ACTIVITIES: Mapping[str, Pair] = {
    "participation_statement": ("participatieverklaring getekend", "participation statement signed"),
    "skills_profile": ("talentenkaart vastgelegd", "skills profile recorded"),
    "volunteering": ("vrijwilligerswerk gestart", "volunteering started"),
}
OUTCOMES: Mapping[str, Pair] = {
    "left_within_six_months": ("binnen zes maanden uit de uitkering", "off benefit within six months"),
    "works_beside_benefit": ("werkt naast de uitkering, of is terug", "works beside the benefit, or is back"),
    "without_benefit": ("had geen uitkering", "had no benefit"),
    "too_early": ("nog geen zes maanden geleden", "not six months ago yet"),
    "not_checkable": ("niet te volgen", "cannot be followed"),
}
EVENTS: Mapping[str, Pair] = {
    "recorded": ("levering opgenomen", "delivery recorded"),
    "reprocessed": ("levering opnieuw gelezen", "delivery read again"),
    "copied": ("kopie geleverd", "copy delivered"),
    "retracted": ("levering teruggenomen", "delivery taken back"),
    "reinstated": ("levering telt weer mee", "delivery counts again"),
    "refused": ("levering geweigerd", "delivery refused"),
    "code": ("andere versie van het programma", "another version of the program"),
}
FAMILIES: Mapping[str, Pair] = {
    "FILE": ("Bestanden", "Files"),
    "VALUE": ("Waarden", "Values"),
    "DELIVERY": ("Leveringen", "Deliveries"),
    "CASELOAD": SOURCES["caseload"],
    "TOTALS": SOURCES["caseload_totals"],
    "EVENT": SOURCES["trajectory_events"],
    "REPORT": SOURCES["provider_reports"],
    "CLAIM": SOURCES["published_figures"],
    "CBSMUN": SOURCES["municipal_statistics"],
    "CBSNAT": SOURCES["national_statistics"],
    "RELATION": ("Tussen leveringen en bronnen", "Across deliveries and sources"),
    "TRAJECT": ("Trajecten", "Trajectories"),
}


def said(names: Mapping[str, Pair], code: str | None, language: Language) -> str:
    """What a code is called; the code itself, blanks for its underscores, where no list has it."""
    if code is None:
        return "\N{EN DASH}"
    pair = names.get(code)
    return language(*pair) if pair else code.replace("_", " ")
