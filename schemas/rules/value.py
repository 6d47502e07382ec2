"""Rules about single values that hold for every source. Not here: rules of one source (``sources``)."""

from schemas.limits.files import FIRST_DATE, MAX_IDENTIFIER_LENGTH
from schemas.rules.rule import Rule, RuleFamily
from schemas.vocabulary import Severity

_RULES = (
    Rule(
        "VALUE-001", Severity.QUARANTINE, "A date cannot be read", "Datum is niet leesbaar",
        f"The cell holds something, but no date: 31-02-2017 does not exist, and nothing here is of before {FIRST_DATE.year}. Unreadable is not the same as empty.",
        "Correct the date at the source and deliver the file again. Accepted: dd-mm-jjjj, d-m-jjjj, jjjj-mm-dd, jjjjmmdd, each also with 00:00:00 behind it.",
        why_nl="De cel bevat iets, maar geen datum. Onleesbaar is niet hetzelfde als leeg.",
        fix_nl="Verbeter de datum bij de bron en lever opnieuw.",
    ),
    Rule(
        "VALUE-002", Severity.QUARANTINE, "A number cannot be read", "Getal is niet leesbaar",
        "The cell holds something, but no number of the kind expected: a count has no decimals, and 20:00 is a time. A cell that a sheet shows as 3,4 % holds 0,034: which of the two is meant is not guessed.",
        "Correct the number at the source and deliver the file again; write a percentage as a number without its sign.",
        why_nl="De cel bevat iets, maar geen getal van de verwachte soort: een aantal heeft geen decimalen, en 20:00 is een tijd. Een cel die 3,4 % toont, bevat 0,034: welke van de twee bedoeld is, wordt niet geraden.",
        fix_nl="Verbeter het getal bij de bron en lever opnieuw; schrijf een percentage als getal zonder het teken.",
    ),
    Rule(
        "VALUE-003", Severity.QUARANTINE, "A required value is empty", "Verplichte waarde ontbreekt",
        "Without this value the row cannot be counted or recognised.",
        "Fill the value at the source and deliver the file again.",
        why_nl="Zonder deze waarde is de rij niet te tellen of te herkennen.",
        fix_nl="Vul de waarde in bij de bron en lever opnieuw.",
    ),
    Rule(
        "VALUE-004", Severity.QUARANTINE, "A citizen service number stands where none belongs", "BSN op een plek waar geen BSN hoort",
        "Eight or nine digits that pass the 11-test were found outside the columns for them, however they were written; or the number of the row's own client or partner, also inside a longer one. They are not stored or shown anywhere.",
        "Ask the sender to remove it and to deliver again; report it as a possible data breach if the file went further.",
        "Participatiewet art. 68; AVG",
        why_nl="Een nummer dat aan de elfproef voldoet stond buiten de kolommen ervoor, of het nummer van de cliënt of partner van de rij zelf, ook binnen een langer nummer. Het is nergens bewaard of getoond.",
        fix_nl="Laat de afzender het weghalen en opnieuw leveren; meld het als mogelijk datalek als het bestand verder ging.",
    ),
    Rule(
        "VALUE-005", Severity.QUARANTINE, "A number can be read in two ways", "Getal is op twee manieren te lezen",
        "45,000 is forty-five thousand or forty-five; 1.234 is one thousand or one and a quarter. Guessing would be silent; so it is asked.",
        "Write the number without thousands separator and a count without decimals.",
        why_nl="45,000 is vijfenveertigduizend of vijfenveertig. Raden zou stil gebeuren; daarom wordt het gevraagd.",
        fix_nl="Schrijf het getal zonder scheiding van duizendtallen en een aantal zonder decimalen.",
    ),
    Rule(
        "VALUE-006", Severity.QUARANTINE, "A number of a person or dossier has a wrong form", "Nummer van persoon of dossier heeft een verkeerde vorm",
        f"A BSN has eight or nine digits; a client or registration number has at most {MAX_IDENTIFIER_LENGTH} printable ASCII characters.",
        "Correct the number at the source and deliver the file again.",
        "BUS 2015, field 7",
        why_nl="Een BSN heeft acht of negen cijfers; een ander nummer hoogstens vijftien tekens.",
        fix_nl="Verbeter het nummer bij de bron en lever opnieuw.",
    ),
    Rule(
        "VALUE-007", Severity.QUARANTINE, "A code cannot be read", "Code is niet leesbaar",
        "Municipality codes look like GM0899, 0899 or 899; CBS periods like 2016MM12 or 2016JJ00.",
        "Correct the code at the source and deliver the file again.",
        why_nl="Gemeentecodes zien eruit als GM0899, 0899 of 899; perioden van het CBS als 2016MM12.",
        fix_nl="Verbeter de code bij de bron en lever opnieuw.",
    ),
    Rule(
        "VALUE-020", Severity.WARN, "An optional value cannot be read and is taken as absent", "Facultatieve waarde is niet leesbaar en telt als leeg",
        "The column may be empty, so the row counts without the value; no month waits for it.",
        "Correct the value at the source and deliver the file again, or leave it empty.",
        why_nl="De kolom mag leeg zijn, dus de rij telt zonder deze waarde.",
        fix_nl="Verbeter de waarde bij de bron, of laat haar leeg.",
    ),
    Rule(
        "VALUE-021", Severity.WARN, "An optional number can be read in two ways and is taken as absent", "Facultatief getal is op twee manieren te lezen en telt als leeg",
        "45,000 is forty-five thousand or forty-five. Neither is guessed; the row counts without it.",
        "Write the number without thousands separator and a count without decimals.",
        why_nl="45,000 is vijfenveertigduizend of vijfenveertig. Geen van beide is geraden; de rij telt zonder.",
        fix_nl="Schrijf het getal zonder scheiding van duizendtallen.",
    ),
    Rule(
        "VALUE-022", Severity.QUARANTINE, "What stands where a name belongs is no name", "Waar een naam hoort staat geen naam",
        "Words such as n.v.t. and onbekend, errors of a spreadsheet, numbers that it shortened (2,01503E+11), days and times that it made of 1-2 or 1:30, lists and objects of JSON, line ends and characters that cannot be seen name nothing; rows that share them would be taken for the same.",
        "Fill the name or code at the source, or leave the cell empty; export numbers of dossiers as text.",
        why_nl="Woorden als n.v.t. en onbekend noemen niets; rijen die ze delen, zouden voor dezelfde doorgaan.",
        fix_nl="Vul de naam of code in bij de bron, of laat de cel leeg; exporteer dossiernummers als tekst.",
    ),
    Rule(
        "VALUE-023", Severity.WARN, "A text was written in another encoding", "Een tekst is in een andere codering geschreven",
        "Letters with accents stand there as other marks: an old code page (850, Macintosh) was read as Windows-1252, or UTF-8 was encoded twice. The text is kept as it stands; which letter was meant is never guessed.",
        "Export the file as UTF-8, and deliver again.",
        why_nl="Letters met accenten staan er als andere tekens: een oude codetabel (850, Macintosh) is als Windows-1252 gelezen, of UTF-8 is twee keer gecodeerd. De tekst blijft zoals hij er staat; welke letter bedoeld was, wordt niet geraden.",
        fix_nl="Exporteer het bestand als UTF-8 en lever opnieuw.",
    ),
)  # fmt: skip

VALUE = RuleFamily("VALUE", "Single values, in every source", _RULES)
