"""The detail of a receipt in Dutch. What stands in the log is the English sentence; its Dutch is found by its words.

The log is evidence and keeps what was said, also what a version of years ago said; so a sentence is known by its form,
``{…}`` standing for what differs, and a form that is not known is shown as it stands. Here: forms of details and of
their parts. Not here: where they are said (intake, store and gates; ``tests/schemas/test_details.py`` looks through
them), titles and advice of rules (``rules``), what a run or a decision says (``sentences``).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

_KINDS: Mapping[str, str] = {
    "a gzip archive": "een gzip-archief",
    "a Parquet file": "een Parquet-bestand",
    "an Excel workbook": "een Excel-werkboek",
    "an old Excel workbook (.xls)": "een oud Excel-werkboek (.xls)",
    "an old Excel workbook (.xls) with a password": "een oud Excel-werkboek (.xls) met een wachtwoord",
    "an encrypted Office file": "een versleuteld Office-bestand",
    "an Office document of another kind": "een Office-document van een andere soort",
    "plain text": "platte tekst",
    "text in UTF-16": "tekst in UTF-16",
    "a web page (HTML)": "een webpagina (HTML)",
    "an Excel workbook saved as XML": "een Excel-werkboek, bewaard als XML",
    "an XML document": "een XML-document",
    "a JSON list": "een JSON-lijst",
    "JSON": "JSON",
    "a Word document as RTF": "een Word-document als RTF",
    "an encrypted message (PGP)": "een versleuteld bericht (PGP)",
    "an e-mail": "een e-mail",
    "a shortcut, not the file itself": "een snelkoppeling, niet het bestand zelf",
    "an old kind of sheet (SYLK or DIF)": "een oud soort rekenblad (SYLK of DIF)",
    "a pointer of Git LFS, not the file itself": "een verwijzing van Git LFS, niet het bestand zelf",
    "a picture (bitmap)": "een afbeelding (bitmap)",
    "a program": "een programma",
    "text in UTF-32": "tekst in UTF-32",
    "an encrypted Parquet file": "een versleuteld Parquet-bestand",
    "an SQLite database": "een SQLite-database",
    "an Access database": "een Access-database",
    "a PDF document": "een PDF-document",
    "a PostScript document": "een PostScript-document",
}
_STEPS: Mapping[str, str] = {
    "name it .csv.gz where a CSV is packed in it, send other kinds unpacked": "noem het .csv.gz als er een CSV in zit, stuur andere soorten uitgepakt",
    "name it .parquet": "noem het .parquet",
    "name it .xlsx": "noem het .xlsx",
    "open it in Excel and save it as .xlsx": "open het in Excel en bewaar het als .xlsx",
    "open it in Excel and save it as .xlsx, or ask for a real export": "open het in Excel en bewaar het als .xlsx, of vraag om een echte export",
    "save it as .xlsx without a password": "bewaar het als .xlsx zonder wachtwoord",
    "save it without a password, and send it over a safe channel": "bewaar het zonder wachtwoord en verstuur het langs een veilige weg",
    "export the data as CSV in UTF-8": "exporteer de gegevens als CSV in UTF-8",
    "name it .csv if it is separated text, .jsonl if each line is one object": "noem het .csv als het gescheiden tekst is, .jsonl als iedere regel één object is",
    "unpack it and send the files in it one by one": "pak het uit en stuur de bestanden erin een voor een",
    "save it as UTF-8": "bewaar het als UTF-8",
    "there are no rows in it that could be read; ask for the data as CSV": "er zitten geen rijen in die te lezen zijn; vraag om de gegevens als CSV",
    "ask for JSON Lines: one object per line, no list around them, named .jsonl": "vraag om JSON Lines: één object per regel, geen lijst eromheen, met de extensie .jsonl",
    "name it .jsonl if each line is one object, else ask for JSON Lines": "noem het .jsonl als iedere regel één object is, vraag anders om JSON Lines",
    "decrypt it first, and place the file that was in it": "ontsleutel het eerst, en plaats het bestand dat erin zat",
    "save the attachment and place that": "bewaar de bijlage en plaats die",
    "place the file that it leads to": "plaats het bestand waar zij naar verwijst",
    "fetch the file with: git lfs pull": "haal het bestand op met: git lfs pull",
    "export it as Parquet or CSV": "exporteer het als Parquet of CSV",
    "export it without encryption": "exporteer het zonder versleuteling",
    "whole: in StatLine under Downloaden, Onbewerkte dataset (CSV), or with cbsodata or cbsodataR": "in zijn geheel op: in StatLine onder Downloaden, Onbewerkte dataset (CSV), of met cbsodata of cbsodataR",
}  # fmt: skip

DETAILS: Mapping[str, str] = {
    "{what}; judged on {day} beside what was known then": "{what}; beoordeeld op {day} naast wat toen bekend was",
    "{what}; taken away from raw since": "{what}; sindsdien weggehaald uit raw",
    "the file was taken away from raw; nothing of it was recorded. If it was meant to count, ask the sender for it": "het bestand is weggehaald uit raw; er is niets van opgenomen. Vraag de afzender erom als het had moeten tellen",
    # Why it waits
    "{reasons}; nothing of it counts until a steward accepts it or it is delivered again": "{reasons}; niets ervan telt tot een besluit haar aanvaardt of zij opnieuw wordt geleverd",
    "since an earlier delivery came: {reasons}": "sinds een eerdere levering kwam: {reasons}",
    "none of {count} rows can be recorded: {why}": "geen van {count} rijen kan worden opgenomen: {why}",
    "{parts} cannot be recorded (more than {most}): {why}": "{parts} kunnen niet worden opgenomen (meer dan {most}): {why}",
    "{parts} cannot be recorded (more than {most})": "{parts} kunnen niet worden opgenomen (meer dan {most})",
    "a scope with under {most} of the rows would replace more than it brings: {scopes}": "een deel met minder dan {most} van de rijen zou meer vervangen dan het brengt: {scopes}",
    "far fewer or far more rows than before: {scopes}": "veel minder of veel meer rijen dan ervoor: {scopes}",
    "no earlier delivery of the sender held {places}": "geen eerdere levering van de afzender bevatte {places}",
    "the same events on the same days under new numbers, of {found}": "dezelfde gebeurtenissen op dezelfde dagen onder nieuwe nummers, van {found}",
    "the very rows of an earlier date, no beginning and no end: {found}": "precies de rijen van een eerdere datum, geen begin en geen einde: {found}",
    "the very rows of the date before, no beginning and no end: {found}": "precies de rijen van de vorige datum, geen begin en geen einde: {found}",
    "other dossiers and clients than before: {found}": "andere dossiers en cliënten dan ervoor: {found}",
    "next to nothing began or ended of late, as in an export of an earlier date: {found}": "er begon of eindigde de laatste tijd bijna niets, zoals in een export van een eerdere datum: {found}",
    "clients who have another one of the same scheme: {found}": "cliënten die er nog een van dezelfde regeling hebben: {found}",
    "benefits that were not current before, and had begun long ago: {found}": "uitkeringen die ervoor niet liepen en lang geleden begonnen: {found}",
    "clients who stood under another municipality before: {found}": "cliënten die ervoor onder een andere gemeente stonden: {found}",
    "far fewer or far more current benefits than before: {found}": "veel minder of veel meer lopende uitkeringen dan voorheen: {found}",
    "next to no benefit that was current on the date before ended or left: {found}": "van de uitkeringen die op de vorige datum liepen eindigde of verdween er bijna geen: {found}",
    "dossiers that say something else than before: {found}": "dossiers die iets anders zeggen dan voorheen: {found}",
    "events that are taken back or replaced: {found}": "gebeurtenissen die worden teruggenomen of vervangen: {found}",
    "events that say something else under the same number: {found}": "gebeurtenissen die onder hetzelfde nummer iets anders zeggen: {found}",
    "what had happened is told again on other days, under new numbers: {found}": "wat al was gebeurd is opnieuw gemeld op andere dagen, onder nieuwe nummers: {found}",
    "figures that are far from what they were: {found}": "cijfers die ver liggen van wat zij waren: {found}",
    "rows that are told again about something else: {found}": "rijen die opnieuw zijn gemeld en over iets anders gaan: {found}",
    "figures that stand under another date: {found}": "cijfers die al onder een andere datum staan: {found}",
    "a new date out of the rhythm of its place: {found}": "een nieuwe datum buiten het ritme van de gemeente: {found}",
    "a new period out of the rhythm of its programme: {found}": "een nieuwe periode buiten het ritme van het programma: {found}",
    "cells that cannot be read, and count as empty: {found}": "cellen die niet te lezen zijn en als leeg tellen: {found}",
    "columns that are not read: {found}": "kolommen die niet worden gelezen: {found}",
    # Why a release waits
    "{key}: {before} becomes none, by the retraction of delivery {id}": "{key}: {before} verdwijnt, door het terugnemen van levering {id}",
    "{key}: {before} becomes {after}, by the retraction of delivery {id}": "{key}: {before} wordt {after}, door het terugnemen van levering {id}",
    "{key}: {before} becomes none, by delivery {id}": "{key}: {before} verdwijnt, door levering {id}",
    "{key}: {before} becomes {after}, by delivery {id}": "{key}: {before} wordt {after}, door levering {id}",
    # The file and what is in it
    "this is a folder; move the files in it one level up": "dit is een map; zet de bestanden erin een niveau hoger",
    "the link points to nothing; place the file itself": "de koppeling wijst nergens naar; plaats het bestand zelf",
    "no permission to read it; give the pipeline's account read access": "geen recht om het te lezen; geef het account van de verwerking leesrechten",
    "this is a pipe, socket or device; place an ordinary file": "dit is een pipe, socket of apparaat; plaats een gewoon bestand",
    "the file has no bytes; ask the sender for the export again": "het bestand heeft geen bytes; vraag de afzender opnieuw om de export",
    "there is no header and no row; ask the sender for the export again": "er is geen kop en geen rij; vraag de afzender opnieuw om de export",
    "there is no content; ask the sender for the export again": "er is geen inhoud; vraag de afzender opnieuw om de export",
    "the file has a header and no rows": "het bestand heeft een kop en geen rijen",
    "there is a header and no row; ask the sender whether the selection was meant to be empty": "er is een kop en geen rij; vraag de afzender of de selectie leeg hoorde te zijn",
    "every object is empty; ask the sender whether the selection was meant to be empty": "ieder object is leeg; vraag de afzender of de selectie leeg hoorde te zijn",
    "the content is binary": "de inhoud is geen tekst",
    "the text around row {row} cannot be read as a table": "de tekst rond rij {row} is niet als tabel te lezen",
    "it was packed twice; unpack it once": "het is twee keer ingepakt; pak het één keer uit",
    "there are NUL bytes in it; send it again, or export it as UTF-8": "er zitten NUL-bytes in; verstuur het opnieuw, of exporteer het als UTF-8",
    "part of it is UTF-8 and part is not; export the whole file as UTF-8": "een deel is UTF-8 en een deel niet; exporteer het hele bestand als UTF-8",
    "it is not UTF-8 and has bytes unknown to Windows-1252; export it as UTF-8": "het is geen UTF-8 en heeft bytes die Windows-1252 niet kent; exporteer het als UTF-8",
    "a line is longer than 1 MiB; ask for the export with line ends": "een regel is langer dan 1 MiB; vraag om de export met regeleinden",
    "the gzip data is cut off; send the file again": "de gzip-gegevens zijn afgebroken; verstuur het bestand opnieuw",
    "this is not gzip, or it is damaged; send the file again": "dit is geen gzip, of het is beschadigd; verstuur het bestand opnieuw",
    "it unpacks to more than {most}; send it uncompressed": "uitgepakt is het meer dan {most}; verstuur het uitgepakt",
    "it unpacks to more than {most}; send it as CSV": "uitgepakt is het meer dan {most}; verstuur het als CSV",
    "it unpacks to more than {most}; send it in parts": "uitgepakt is het meer dan {most}; verstuur het in delen",
    "the quote opened on row {row} is not closed": "het aanhalingsteken dat op rij {row} begint, wordt niet gesloten",
    "a quoted value runs on for more than {mib} MiB": "een waarde tussen aanhalingstekens loopt meer dan {mib} MiB door",
    "a quote opened in the header is closed in a row below it": "een aanhalingsteken uit de kop wordt pas in een rij eronder gesloten",
    "same name twice: {names}; rename or remove one": "twee keer dezelfde naam: {names}; hernoem of verwijder er een",
    "two headers stand for {names}; keep one": "twee koppen staan voor {names}; houd er een",
    "no name above column {columns}; the header must be on row 1": "geen naam boven kolom {columns}; de kop moet op rij 1 staan",
    "no name above column {columns}": "geen naam boven kolom {columns}",
    "no name above the values of column {column}; the header must be on row 1": "geen naam boven de waarden van kolom {column}; de kop moet op rij 1 staan",
    "an object has a value without a name": "een object heeft een waarde zonder naam",
    "missing: {missing}. Unknown here: none": "ontbreekt: {missing}",
    "missing: {missing}. Unknown here: {unknown}": "ontbreekt: {missing}. Hier onbekend: {unknown}",
    "none of its {count} columns is one of {source}, such as {some}": "geen van de {count} kolommen is er een van {source}, zoals {some}",
    "the columns are those of {source}; move the file to raw/{place}": "de kolommen zijn die van {source}; verplaats het bestand naar raw/{place}",
    "cannot tell {what}: put it in the file name (…_83450NED_2015.csv) or reference_year in {name}.meta.json": "niet te zien is {what}: zet het in de bestandsnaam (…_83450NED_2015.csv) of als reference_year in {name}.meta.json",
    "it is not a whole Excel workbook; open it in Excel and save it again as .xlsx": "het is geen heel Excel-werkboek; open het in Excel en bewaar het opnieuw als .xlsx",
    "it is encrypted; save it as .xlsx without a password": "het is versleuteld; bewaar het als .xlsx zonder wachtwoord",
    "no sheet holds a value; ask the sender for the workbook again": "op geen blad staat een waarde; vraag de afzender opnieuw om het werkboek",
    "these sheets hold values: {names}; save the one that is meant by itself": "op deze bladen staan waarden: {names}; bewaar het bedoelde blad apart",
    "merged cells: {cells}; undo the merge; the header must be on row 1, unmerged": "samengevoegde cellen: {cells}; hef dat op; de kop moet op rij 1 staan, niet samengevoegd",
    "cell A1 has no value; the header must be on row 1 from column A": "cel A1 heeft geen waarde; de kop moet op rij 1 staan, vanaf kolom A",
    "it is cut off, damaged, encrypted, or not Parquet; send it again": "het is afgebroken, beschadigd, versleuteld of geen Parquet; verstuur het opnieuw",
    "its parts hold another number of rows than it says it has; export it again": "de delen ervan hebben een ander aantal rijen dan het volgens het bestand heeft; exporteer het opnieuw",
    "a cell is written in pieces, of which one would be read; open it in Excel and save it again": "een cel is in stukken geschreven, waarvan er een gelezen zou worden; open het in Excel en sla het opnieuw op",
    "cell {cell} is written in pieces, of which one would be read; open it in Excel and save it again": "cel {cell} is in stukken geschreven, waarvan er een gelezen zou worden; open het in Excel en sla het opnieuw op",
    "a column has a type that is not read, such as integers of more than 64 bits; export it as text": "een kolom heeft een type dat niet gelezen wordt, zoals gehele getallen van meer dan 64 bits; exporteer haar als tekst",
    "{column} holds binary values; export it as text": "{column} bevat binaire waarden; exporteer haar als tekst",
    "{column} has moments of a time zone that is not known; export them in UTC": "{column} heeft tijdstippen in een tijdzone die niet bekend is; exporteer ze in UTC",
    "two Parquet files stand in it, one behind the other; send each by itself": "er staan twee Parquet-bestanden achter elkaar in; verstuur ieder apart",
    "something stands before the workbook in it, such as another one; send each by itself": "er staat iets vóór het werkboek, zoals een ander werkboek; verstuur ieder apart",
    "no line holds one JSON object; ask for JSON Lines, without a list around the objects": "op geen regel staat één JSON-object; vraag om JSON Lines, zonder lijst om de objecten",
    "a comma stands behind every object; ask for one object per line and nothing behind it": "achter ieder object staat een komma; vraag om één object per regel, met niets erachter",
    "an object or a list runs over several lines; ask for JSON Lines: each object on one line, no list around": "een object of lijst loopt over meer regels; vraag om JSON Lines: ieder object op één regel, geen lijst eromheen",
    "its lines are separated text and no JSON; name it .csv, or ask for JSON Lines: one object per line": "de regels zijn gescheiden tekst en geen JSON; noem het .csv, of vraag om JSON Lines: één object per regel",
    "in every object a name stands twice; ask for each name once per object": "in ieder object staat een naam twee keer; vraag om iedere naam één keer per object",
    "several objects stand on every line; ask for one object per line": "op iedere regel staan meer objecten; vraag om één object per regel",
    "NaN or Infinity stands in every object, which JSON does not know; ask for null instead": "in ieder object staat NaN of Infinity, wat JSON niet kent; vraag om null",
    "cell {cell} stands there twice, or out of order; open it in Excel and save it again": "cel {cell} staat er twee keer, of niet op volgorde; open het in Excel en bewaar het opnieuw",
    "a part of it stands there twice; open it in Excel and save it again": "een deel ervan staat er twee keer; open het in Excel en bewaar het opnieuw",
    "the only sheet with values is hidden, and was read": "het enige blad met waarden is verborgen, en is gelezen",
    "far outside the table something stands in {cells} of sheet '{name}'; remove it": "ver buiten de tabel staat iets in {cells} van blad '{name}'; haal dat weg",
    "lines above the header that were taken for a title: {count}": "regels boven de kopregel die als titel zijn opgevat: {count}",
    "the header has {count} columns, at most {most} are read": "de kop heeft {count} kolommen, hoogstens {most} worden gelezen",
    "the file name starts with a date that does not exist, written as 2017-03-05; rename it": "de bestandsnaam begint met een datum die niet bestaat, geschreven als 2017-03-05; hernoem het bestand",
    "the file name starts with a date in a form that is not read; if {day} is meant, begin with that": "de bestandsnaam begint met een datum in een vorm die niet wordt gelezen; is {day} bedoeld, begin dan daarmee",
    "the file name starts with a date that does not exist or is not whole; begin with the day of delivery, as in 2017-03-05": "de bestandsnaam begint met een datum die niet bestaat of niet heel is; begin met de dag van levering, zoals in 2017-03-05",
    "the file name begins with a period, {since} to {until}, and with no day of delivery": "de bestandsnaam begint met een periode, {since} tot en met {until}, en niet met een dag van levering",
    "there is no source named {name}; perhaps {meant} is meant; known are {known}": "er is geen bron die {name} heet; misschien is {meant} bedoeld; bekend zijn {known}",
    "there is no source named {name}; known are {known}": "er is geen bron die {name} heet; bekend zijn {known}",
    "it lies directly in raw; move it to the folder of its source": "het staat los in raw; verplaats het naar de map van zijn bron",
    "the file that it belongs to is not there; place that beside it, or remove it": "het bestand waar het bij hoort is er niet; zet dat ernaast, of haal dit weg",
    "no file has its name, letter for letter; name it {wanted}, or remove it if that is there": "geen bestand heeft letter voor letter zijn naam; noem het {wanted}, of haal het weg als dat er al is",
    "{suffix} is a link, which is not followed; place the file itself": "{suffix} is een koppeling, die niet gevolgd wordt; plaats het bestand zelf",
    "{suffix} is not a readable file; make it one or remove it": "{suffix} is niet te lezen; maak het leesbaar of haal het weg",
    "{suffix} is larger than {mib} MiB": "{suffix} is groter dan {mib} MiB",
    "{suffix} is not JSON in UTF-8; correct or remove it": "{suffix} is geen JSON in UTF-8; verbeter het of haal het weg",
    "{suffix} is not one JSON object; correct or remove it": "{suffix} is niet één JSON-object; verbeter het of haal het weg",
    "a key stands twice in {suffix}; which of the two holds cannot be known": "een sleutel staat twee keer in {suffix}; welke van de twee geldt, is niet te weten",
    "delivered_on in the sidecar is not an existing date written as yyyy-mm-dd": "delivered_on in het begeleidende bestand is geen bestaande datum, geschreven als jjjj-mm-dd",
    "sender in the sidecar is not text": "sender in het begeleidende bestand is geen tekst",
    "reference_year in the sidecar is not a year such as 2017": "reference_year in het begeleidende bestand is geen jaar zoals 2017",
    "simulated in the sidecar is not true or false": "simulated in het begeleidende bestand is niet true of false",
    "it is a link to a folder; place the folder itself": "het is een koppeling naar een map; plaats de map zelf",
    "it is a link that leads out of raw; place the file itself": "het is een koppeling die uit raw leidt; plaats het bestand zelf",
    "the path is too long to be opened; move it higher up": "het pad is te lang om te openen; verplaats het naar een hogere plaats",
    "it has {size} MiB, more than {most} MiB; send it in parts": "het heeft {size} MiB, meer dan {most} MiB; verstuur het in delen",
    "delivered_on {why}; correct it in the sidecar or the file name": "de leverdatum {why}; verbeter haar in het begeleidende bestand of de bestandsnaam",
    "{day} lies after {today}, the day on which it was taken in": "{day} ligt na {today}, de dag van inlezen",
    "{day} lies before {first}": "{day} ligt vóór {first}",
    # What it is instead
    "this is {kind} named {suffix}; {step}": "dit is {kind} met de naam {suffix}; {step}",
    "in the archive {suffix} is {kind}; {step}": "in het archief {suffix} zit {kind}; {step}",
    "this is {kind}; {step}. The kinds that are read are named {names}": "dit is {kind}; {step}. De soorten die gelezen worden heten {names}",
    "The kinds that are read are named {names}": "de soorten die gelezen worden heten {names}",
    "one row per figure (OData 4): {read}, one row per region or period. Fetch that {whole}": "één rij per cijfer (OData 4): {read}, één rij per regio of periode. Haal die {whole}",
    "CBS table {table}: {read}. Fetch one of these {whole}": "CBS-tabel {table}: {read}. Haal een van deze {whole}",
    "a table of several years (Perioden): {read}, each about one year. Fetch one of these {whole}": "een tabel over meer jaren (Perioden): {read}, ieder over één jaar. Haal een van deze {whole}",
    "{what}. Fetch the table {whole}": "{what}. Haal de tabel {whole}",
    "CBS table {table} without {lacking}": "CBS-tabel {table} zonder {lacking}",
    "{lacking} are missing: {read}": "{lacking} ontbreken: {read}",
    "{source} is read from {tables}": "{source} wordt gelezen uit {tables}",
    "table {table} is about {year}; the name or sidecar states {stated}": "tabel {table} gaat over {year}; naam of begeleidend bestand zegt {stated}",
    "rows that are hidden were read too: {count} between row {first} and row {last}": "verborgen rijen zijn meegelezen: {count} tussen rij {first} en rij {last}",
    "columns that are hidden were read too: {count}": "verborgen kolommen zijn meegelezen: {count}",
    "text of another encoding than it was read in, in {cells}; it is kept as it stands": "tekst in een andere codering dan waarin hij is gelezen ({cells}); hij blijft zoals hij er staat",
    "names of another encoding than they were read in, of column {columns}": "namen in een andere codering dan waarin zij zijn gelezen, van kolom {columns}",
    # Reading it
    "the reader broke on it ({what})": "de lezer brak erop af ({what})",
    "it takes more than {mib} MiB of memory to read it": "het lezen vraagt meer dan {mib} MiB geheugen",
    "reading it takes more than {most}": "het lezen duurt langer dan {most}",
    "{cpu} seconds of the processor, or {clock} by the clock": "{cpu} seconden van de processor, of {clock} op de klok",
    "reading it was stopped ({what}); it is tried again in the next run": "het lezen werd gestopt ({what}); de volgende run probeert het opnieuw",
    "{name} could not be looked at ({what}); it is tried again": "{name} was niet te bekijken ({what}); het wordt opnieuw geprobeerd",
    "{name} could not be read ({what})": "{name} was niet te lezen ({what})",
    "{name} changed while it was read; it is tried again in the next run": "{name} veranderde tijdens het lezen; de volgende run probeert het opnieuw",
    "{name} is still being written; it is tried again in the next run": "{name} wordt nog geschreven; de volgende run probeert het opnieuw",
    "the same bytes are known under another name; nothing is recorded twice; its sidecar has unknown keys: {keys}": "dezelfde bytes zijn bekend onder een andere naam; niets wordt twee keer opgenomen; het begeleidende bestand heeft onbekende sleutels: {keys}",
    "the same bytes are known as {name}, which is recorded: nothing is recorded twice": "dezelfde bytes zijn bekend als {name}, dat is opgenomen: niets wordt twee keer opgenomen",
    "the same bytes are known as {name}, which is recorded as of {day}: nothing is recorded twice, and this copy is not the last word": "dezelfde bytes zijn bekend als {name}, dat is opgenomen per {day}: niets wordt twee keer opgenomen, en deze kopie is niet het laatste woord",
    "the same bytes are known as {name}, which waits ({rule}): nothing of it counts, of this copy neither. A steward decides: uitstroom accept {id}, or uitstroom reject {same}": "dezelfde bytes zijn bekend als {name}, dat wacht ({rule}): niets ervan telt, van deze kopie ook niet. Een beheerder besluit: uitstroom accept {id}, of uitstroom reject {same}",
    "the same bytes are known as {name}, which was refused on {day}: nothing of it counts, of this copy neither. If it is right after all: uitstroom accept {id}": "dezelfde bytes zijn bekend als {name}, dat is geweigerd op {day}: niets ervan telt, van deze kopie ook niet. Klopt het toch: uitstroom accept {id}",
    "the same bytes are known as {name}, which was retracted on {day}: nothing of it counts, of this copy neither. If it is right after all: uitstroom reinstate {id}": "dezelfde bytes zijn bekend als {name}, dat is ingetrokken op {day}: niets ervan telt, van deze kopie ook niet. Klopt het toch: uitstroom reinstate {id}",
    "the same bytes are known as {name}, which is rejected ({rule}): nothing of it counts, of this copy neither": "dezelfde bytes zijn bekend als {name}, dat is afgewezen ({rule}): niets ervan telt, van deze kopie ook niet",
    "of a later day is {name} of {day}, about {scopes}: {stays}. If the figures of the copy are right after all: uitstroom retract {id}, or ask the sender for a new export": "van een latere dag is {name} van {day}, over {scopes}: {stays}. Kloppen de cijfers van de kopie toch: uitstroom retract {id}, of vraag de afzender om een nieuwe export",
    "{name} of the same day is about {scopes} too, and differs: the later hash decides, and {which}. Ask the sender which holds, and retract the other": "{name} van dezelfde dag gaat ook over {scopes}, en verschilt: de latere hash beslist, en {which}. Vraag de afzender welke klopt, en trek de andere in",
    "the file is known, and what was recorded keeps what its sidecar stated then: put that back. Is another day right, place the file again under a name with that day if it is an earlier one, or else retract it and have a new file sent": "het bestand is bekend, en wat is opgenomen houdt wat het begeleidende bestand toen zei: zet dat terug. Klopt een andere dag, plaats het bestand dan nog eens onder een naam met die dag als zij vroeger is, of neem het anders terug en laat een nieuw bestand sturen",
    "the file is known, and was recorded without a sidecar: what this one states does not count. Is its day the right one, place the file again under a name with that day if it is an earlier one, or else retract it and have a new file sent": "het bestand is bekend, en is opgenomen zonder begeleidend bestand: wat dit zegt telt niet. Klopt de dag erin, plaats het bestand dan nog eens onder een naam met die dag als zij vroeger is, of neem het anders terug en laat een nieuw bestand sturen",
    "the sidecar states {day} and the file name {named}: the sidecar holds": "het begeleidende bestand zegt {day} en de bestandsnaam {named}: het begeleidende bestand geldt",
    "its sidecar has unknown keys: {keys}": "het begeleidende bestand heeft onbekende sleutels: {keys}",
    "the same bytes are known under another name; nothing is recorded twice": "dezelfde bytes zijn bekend onder een andere naam; niets wordt twee keer opgenomen",
}  # fmt: skip
"""English form to Dutch form, the more special one first."""

_PARTS: tuple[tuple[str, str], ...] = (
    (r"^this one counts$", "deze telt"),
    (r"^the other one counts$", "de andere telt"),
    (r"^it goes on counting$", "dat blijft tellen"),
    (r"^what it says of the same goes on counting$", "wat het van hetzelfde zegt, blijft tellen"),
    (r"\b1 row\b", "1 rij"),
    (r"\b1 cell\b", "1 cel"),
    (r"\b(\d[\d,]*) cells\b", r"\1 cellen"),
    (r"\b(\d[\d,]*) rows\b", r"\1 rijen"),
    (r"\brow (\d)", r"rij \1"),
    (r"\band (\d+) more\b", r"en nog \1"),
    (r"\b(\d[\d,]*) of (\d[\d,]*)\b", r"\1 van \2"),
    (r"\(new, beside ([^)]*)\)", r"(nieuw, naast \1)"),
    (r"\bclients known before\b", "cliënten die al bekend waren"),
    (r"\bknown from\b", "bekend van"),
    (
        r"\bbegan or ended in (\d+) days, where (\d+) beginnings are usual\b",
        r"begon of eindigde in \1 dagen, waar \2 nieuwe gewoon zijn",
    ),
    (r"\bfilled cells\b", "gevulde cellen"),
    (r"\bcurrent benefits of (\S+) ended or left, where (\d+) are usual\b", r"lopende uitkeringen van \1 eindigden of verdwenen, waar \2 gewoon zijn"),
    (r"\bcurrent benefits ended or left, where (\d+) are usual\b", r"lopende uitkeringen eindigden of verdwenen, waar \1 gewoon zijn"),
    (r"\bended dossiers are current again\b", "beëindigde dossiers lopen weer"),
    (r"\bcurrent benefits\b", "lopende uitkeringen"),
    (r"\b(\d[\d,]*) current\b", r"\1 lopende"),
    (r"\(beside ([^)]*)\)", r"(naast \1)"),
    (r"\bknown before\b", "die al bekend waren"),
    (r"' may be (\w+)", r"' is misschien \1"),
    (r"\(may be ([\d –-]+)\)", r"(misschien \1)"),
    (r"\bbegan (?=\d+ van)", "opnieuw begonnen "),
    (r"\bplaced (?=\d+ van)", "opnieuw geplaatst "),
    (r"\bended (?=\d+ van)", "opnieuw beëindigd "),
    (r"\bclients known of the same days\b", "cliënten die van dezelfde dagen bekend waren"),
    (r"\bknown of the same days\b", "die van dezelfde dagen bekend waren"),
    (r"(-?[\d.]+(?: million)?) before, (-?[\d.]+(?: million)?) now\b", r"eerst \1, nu \2"),
    (r"\bmillion\b", "miljoen"),
    (r"\bnot told any more\b", "niet meer gemeld"),
    (r"\b(\d+) more are not told\b", r"nog \1 zijn niet meer gemeld"),
    (r": (\d+) more$", r": nog \1"),
    (r"\bevents, all of clients who were not known\b", "gebeurtenissen, alle van cliënten die niet bekend waren"),
    (r"\bclients who were not known have the very events of others\b", "cliënten die niet bekend waren hebben precies de gebeurtenissen van anderen"),
    (r"\bhave the figures of\b", "hebben de cijfers van"),
    (r"\b1 month before\b", "1 maand eerder"),
    (r"\b1 month after\b", "1 maand later"),
    (r"\b(\d+) months before\b", r"\1 maanden eerder"),
    (r"\b(\d+) months after\b", r"\1 maanden later"),
    (r"\bsmall places together\b", "kleine gemeenten samen"),
    (r"\brijen known\b", "rijen bekend"),
    (r"\bcame from\b", "kwamen van"),
    (r", beside (\d)", r", naast \1"),
    (r"\ball places\b", "alle gemeenten"),
    (r"\btimes its size or\b", "keer zijn grootte of"),
    (r"^an? (.+) archive$", r"een \1-archief"),
    (r"^a picture \((.+)\)$", r"een afbeelding (\1)"),
    (r"^an encrypted file \((.+)\)$", r"een versleuteld bestand (\1)"),
    (r"^an? (.+) file$", r"een \1-bestand"),
)  # fmt: skip
"""Words within what differs: counts, rows, what a list leaves out."""
_FIELD = re.compile(r"\\\{(\w+)\\\}")
_BY_RULE = re.compile(r"([A-Z]+-\d{3}: )(.+)", re.DOTALL)
_MOST_IN_A_LIST = 8


Form = tuple[re.Pattern[str], str]
"""How a sentence is known, and its Dutch."""


class Detail(str):
    """A detail among the parameters of a sentence: it is worded in the language of that."""

    __slots__ = ()


def in_dutch(detail: str) -> str:
    """The detail in Dutch; as it stands where its form is not known."""
    found = _form_of(detail)
    if found is not None:
        form, parts = found
        return form.format_map({name: in_dutch(text) for name, text in parts.items()})
    if day := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", detail):
        return f"{day[3]}-{day[2]}-{day[1]}"
    if detail in _KINDS or detail in _STEPS:
        return _KINDS.get(detail) or _STEPS[detail]
    if "; " in detail and not _is_known_by_rule(detail):
        return "; ".join(in_dutch(reason) for reason in _reasons(detail))
    if rule := _BY_RULE.fullmatch(detail):
        return rule[1] + in_dutch(rule[2])
    for english, dutch in _PARTS:
        detail = re.sub(english, dutch, detail)
    return detail


def _reasons(detail: str) -> Iterator[str]:
    """Several reasons, each with its rule but the first. A list within one of them is set apart in the same way; it
    names the first few.
    """
    parts = detail.split("; ")
    while parts:
        others = (size for size, part in enumerate(parts[1:], 1) if _BY_RULE.match(part))
        sizes = range(min(next(others, len(parts)), _MOST_IN_A_LIST), 1, -1)
        most = next((size for size in sizes if _is_known_by_rule("; ".join(parts[:size]))), 1)
        yield "; ".join(parts[:most])
        parts = parts[most:]


def _is_known_by_rule(detail: str) -> bool:
    rule = _BY_RULE.fullmatch(detail)
    return is_known(rule[2] if rule else detail)


def is_known(detail: str) -> bool:
    """Whether the sentence as a whole has a Dutch form."""
    return _form_of(detail) is not None


def _form_of(detail: str) -> tuple[str, dict[str, str]] | None:
    for pattern, dutch in _forms():
        if match := pattern.fullmatch(detail):
            return dutch, match.groupdict()
    return None


@cache
def _forms() -> tuple[Form, ...]:
    return compiled(DETAILS)


def compiled(forms: Mapping[str, str]) -> tuple[Form, ...]:
    """Forms of sentences, ``{…}`` standing for what differs, with their Dutch."""
    return tuple(
        (re.compile(_FIELD.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL), dutch)
        for english, dutch in forms.items()
    )
