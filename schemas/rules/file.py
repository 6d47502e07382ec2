"""Why a file, or one of its rows, cannot be read: the rules of the ``FILE`` family.

Here: declarations only. Not here: the code that notices (``pipeline.store`` for bytes and text, ``pipeline.intake`` for
columns), rules about places below raw (``not_taken``), and rules about values (one family per source).
"""

from schemas.limits import (
    FIRST_DELIVERY,
    MAX_COLUMNS,
    MAX_EXPANDED_BYTES,
    MAX_EXPANSION,
    MAX_FILE_BYTES,
    MAX_LINE_BYTES,
)
from schemas.rules.not_taken import NOT_TAKEN
from schemas.rules.rule import Rule, RuleFamily
from schemas.vocabulary import Severity

_REJECT = Severity.REJECT
_QUARANTINE = Severity.QUARANTINE

_UNOPENED: tuple[Rule, ...] = (
    Rule(
        "FILE-001",
        _REJECT,
        "A folder has the name of a data file",
        "Een map heeft de naam van een gegevensbestand",
        "A folder has no bytes of its own, so nothing in it can be read as this delivery.",
        "Move the files in it one level up, or rename the folder so that it does not end like a data file.",
    ),
    Rule(
        "FILE-002",
        _REJECT,
        "A link points to nothing",
        "Een koppeling wijst naar niets",
        "The file behind the link was moved or removed; its content is not known.",
        "Put the file itself in place of the link.",
    ),
    Rule(
        "FILE-003",
        _REJECT,
        "No permission to read the file",
        "Geen leesrechten op het bestand",
        "The account that runs the pipeline may not open it.",
        "Give the pipeline's account read permission on the file and on the folders above it.",
    ),
    Rule(
        "FILE-004",
        _REJECT,
        "Not an ordinary file",
        "Geen gewoon bestand",
        "Pipes, sockets and devices have no fixed content and can block a run for ever.",
        "Write the data to an ordinary file and place that.",
    ),
    Rule(
        "FILE-038",
        _REJECT,
        "The folder is not that of a source",
        "De map hoort niet bij een bron",
        "The first folder below raw says what a file is; this one is not known.",
        "Move the file to the folder of its source; the reference page lists them.",
    ),
    Rule(
        "FILE-005",
        _REJECT,
        "Unknown kind of file",
        "Onbekend soort bestand",
        "Only csv, txt, tsv, jsonl, parquet, xlsx, csv.gz and jsonl.gz are read.",
        "Save the data as one of these kinds, with the matching extension.",
    ),
    Rule(
        "FILE-006",
        _REJECT,
        "The sidecar cannot be read",
        "Het begeleidende .meta.json kan niet worden gelezen",
        "A sidecar that is ignored would silently change when the delivery counts as known.",
        "Make the sidecar a readable JSON object in UTF-8, or remove it.",
    ),
    Rule(
        "FILE-007",
        _REJECT,
        "The sidecar holds a value of the wrong kind",
        "Het begeleidende .meta.json bevat een onjuiste waarde",
        "A guessed date or year would put the delivery on the wrong place in time.",
        "Write delivered_on as yyyy-mm-dd, reference_year as a year, sender as text, simulated as true or false.",
    ),
    Rule(
        "FILE-035",
        _REJECT,
        "The date at the start of the file name does not exist",
        "De datum aan het begin van de bestandsnaam bestaat niet",
        "The date in the name says when the data was delivered; an impossible one is not the same as none.",
        "Rename the file, or give delivered_on in a sidecar.",
    ),
    Rule(
        "FILE-081",
        _REJECT,
        "The day of delivery cannot be",
        "De dag van levering kan niet kloppen",
        f"It lies after the day on which the file was taken in, or before {FIRST_DELIVERY}. Such a file would win over every later one, and make figures final that are not.",
        "Correct the date at the start of the file name, or delivered_on in the sidecar; the file is then taken in.",
    ),
    Rule(
        "FILE-082",
        Severity.WARN,
        "Nobody states the day of delivery: the day of ingestion is assumed",
        "Niemand noemt de dag van levering: de dag van inlezen is aangenomen",
        "The file counts as known from the day on which it was taken in. A file of events shows no more than its last event.",
        "Put the day in front of the file name (2017-02-07_…), or delivered_on in a sidecar, before it is delivered.",
    ),
    Rule(
        "FILE-083",
        Severity.WARN,
        "Sidecar and file name state different days of delivery",
        "Sidecar en bestandsnaam noemen verschillende leverdagen",
        "The sidecar holds, since somebody wrote it for this file; one of the two is a mistake.",
        "Ask the sender which day is right. Where it is that of the name and earlier, place the file once more without "
        "the sidecar, under another name with that day: the earliest counts. Where it is later, retract the delivery "
        "and have a new file sent.",
    ),
    Rule(
        "FILE-087",
        Severity.WARN,
        "The name of the file or of its folder holds the number of a person",
        "De naam van het bestand of van zijn map bevat het nummer van een persoon",
        "Names stand in lists, reports and logs; here the digits are covered, elsewhere on the way they are not.",
        "Ask the sender for names without such a number; one that has eight or nine digits by chance may stay.",
    ),
    Rule(
        "FILE-084",
        Severity.WARN,
        "The sidecar changed after its delivery was recorded",
        "De sidecar is veranderd nadat de levering is vastgelegd",
        "What was recorded keeps the day, the sender and the year that were stated then: known bytes are not read again.",
        "Put the sidecar back as it was. Where the new day is the right one and earlier, place the file once more under "
        "a name with that day: the earliest counts. Where it is later, retract the delivery and have a new file sent.",
    ),
)

_BYTES: tuple[Rule, ...] = (
    Rule(
        "FILE-008",
        _REJECT,
        "The file is empty",
        "Het bestand is leeg",
        "No header and no rows; often an export that failed.",
        "Ask the sender for the export again.",
    ),
    Rule(
        "FILE-009",
        _REJECT,
        "The file has a header and no rows",
        "Het bestand heeft een kopregel maar geen regels",
        "Nothing was reported; recording it would look like a report of zero.",
        "Ask the sender whether the selection was meant to be empty.",
    ),
    Rule(
        "FILE-010",
        _REJECT,
        "The file is not text",
        "Het bestand is geen tekst",
        "The extension promises text, the content is something else (workbook, archive, UTF-16, picture).",
        "Give the file the extension it deserves, or export it as CSV in UTF-8.",
    ),
    Rule(
        "FILE-011",
        _REJECT,
        "The file contains NUL bytes",
        "Het bestand bevat NUL-bytes",
        "NUL bytes come from a broken transfer or from UTF-16; tools disagree on where the text ends.",
        "Send the file again in binary mode, or export it as UTF-8.",
    ),
    Rule(
        "FILE-012",
        _REJECT,
        "Two encodings in one file",
        "Twee tekensetten in één bestand",
        "Part of the file is UTF-8 and part is not; names would be mangled whichever is chosen.",
        "Ask the sender to export the whole file in UTF-8; files were probably pasted together.",
    ),
    Rule(
        "FILE-013",
        _REJECT,
        "Bytes that mean nothing in Windows-1252",
        "Bytes zonder betekenis in Windows-1252",
        "The file is not UTF-8, and some bytes are no letter in Windows-1252 either.",
        "Ask the sender for the encoding, or for an export in UTF-8.",
    ),
    Rule(
        "FILE-014",
        _REJECT,
        "A line is too long",
        "Een regel is te lang",
        f"A line of more than {MAX_LINE_BYTES >> 20} MiB is not a row of a table; line ends were probably lost.",
        "Ask the sender for the export with line ends.",
    ),
    Rule(
        "FILE-015",
        _REJECT,
        "The gzip file is broken",
        "Het gzip-bestand is beschadigd",
        "It is cut off or not gzip; the rows after the break are unknown.",
        "Send the file again, or uncompressed.",
    ),
    Rule(
        "FILE-016",
        _REJECT,
        "The file expands too much",
        "Het bestand wordt bij het uitpakken te groot",
        f"Compressed data that grows more than {MAX_EXPANSION} times, or beyond {MAX_EXPANDED_BYTES >> 30} GiB, is a mistake or an attack.",
        "Send the file uncompressed, or in parts.",
    ),
    Rule(
        "FILE-017",
        _REJECT,
        "A quote is opened and not closed",
        "Een aanhalingsteken wordt geopend en niet gesloten",
        "Everything after it would be read as one value and rows would vanish.",
        "Look at the row that is named; double the quote inside the value or remove it.",
    ),
)

_HEADER: tuple[Rule, ...] = (
    Rule(
        "FILE-018",
        _REJECT,
        "Two columns have the same name",
        "Twee kolommen heten hetzelfde",
        "It cannot be known which of the two is meant.",
        "Rename or remove one of the columns; case, blanks, accents, _ and - make no difference.",
    ),
    Rule(
        "FILE-019",
        _REJECT,
        "A column has no name",
        "Een kolom heeft geen naam",
        "Values without a name cannot be given a meaning; often a title stands above the header.",
        "Put one header on the first row with a name above every column that is in use.",
    ),
    Rule(
        "FILE-020",
        _REJECT,
        "A required column is missing",
        "Een verplichte kolom ontbreekt",
        "Without it no row can be understood.",
        "Ask the sender for the column, or add its new name to the aliases of the contract.",
    ),
    Rule(
        "FILE-021",
        Severity.WARN,
        "A column is unknown",
        "Een kolom is onbekend",
        "It is kept out of the events; perhaps it is a known column under a new name.",
        "Add the name to the aliases of the contract if it is one, otherwise leave it.",
    ),
    Rule(
        "FILE-022",
        _REJECT,
        "The file seems to be in the wrong folder",
        "Het bestand lijkt in de verkeerde map te staan",
        "Its columns fit another source better than the one of its folder.",
        "Move the file to the folder that is named.",
    ),
    Rule(
        "FILE-023",
        _REJECT,
        "No reference year found",
        "Geen verslagjaar gevonden",
        "The table does not say which year it is about.",
        "Put the year in the file name, or reference_year in the sidecar.",
    ),
    Rule(
        "FILE-060",
        _REJECT,
        "Another table or form of CBS than those that are read",
        "Een andere tabel of vorm van het CBS dan er wordt gelezen",
        "Tables of CBS look alike and count different things: persons or benefits, other ages, other dates.",
        "Fetch the table that is named, whole: in StatLine under Downloaden, Onbewerkte dataset (CSV), or with cbsodata (Python) or cbsodataR.",
    ),
    Rule(
        "FILE-061",
        _REJECT,
        "A selection from a table of CBS",
        "Een selectie uit een tabel van het CBS",
        "Topics that every figure rests on were left out of the download.",
        "Select all topics in StatLine, or fetch the whole table: Downloaden, Onbewerkte dataset (CSV).",
    ),
    Rule(
        "FILE-062",
        _REJECT,
        "The year is not the one that the table of CBS is about",
        "Het jaar is niet dat waarover de tabel van het CBS gaat",
        "Each of these tables is about one year; under another year its figures would stand beside the wrong ones.",
        "Correct the year in the file name or the sidecar, or fetch the table of that year.",
    ),
    Rule(
        "FILE-034",
        _REJECT,
        "Too many columns",
        "Te veel kolommen",
        f"More than {MAX_COLUMNS:,} columns is not a delivery of any source.",
        "Check whether rows and columns were swapped in the export.",
    ),
)

_FORMATS: tuple[Rule, ...] = (
    Rule(
        "FILE-024",
        _REJECT,
        "The workbook cannot be read",
        "Het werkboek kan niet worden gelezen",
        "The file is named .xlsx and is not a (whole) Excel workbook.",
        "Open it in Excel and save it again as .xlsx.",
    ),
    Rule(
        "FILE-025",
        _REJECT,
        "The workbook is encrypted",
        "Het werkboek is versleuteld",
        "Its content cannot be read without a password.",
        "Save it as .xlsx without a password, and send it over a safe channel.",
    ),
    Rule(
        "FILE-026",
        _REJECT,
        "The workbook has no sheet with data",
        "Het werkboek heeft geen blad met gegevens",
        "There is nothing to read.",
        "Ask the sender for the workbook again.",
    ),
    Rule(
        "FILE-027",
        _REJECT,
        "More than one sheet holds data",
        "Meer dan één blad bevat gegevens",
        "Which sheet is the delivery cannot be guessed.",
        "Save the sheet that is meant as a workbook of its own.",
    ),
    Rule(
        "FILE-028",
        _REJECT,
        "Cells are merged",
        "Cellen zijn samengevoegd",
        "Only the first of the merged cells has a value; the others would read as empty.",
        "Undo the merge, fill every cell, and put the header on row 1.",
    ),
    Rule(
        "FILE-029",
        _REJECT,
        "The Parquet file cannot be read",
        "Het Parquet-bestand kan niet worden gelezen",
        "It is cut off, encrypted, or not Parquet.",
        "Send the file again.",
    ),
    Rule(
        "FILE-036",
        _REJECT,
        "The table does not start in cell A1",
        "De tabel begint niet in cel A1",
        "Rows and columns could be numbered otherwise than a person sees them.",
        "Remove what stands above and left of the header, so that the header is on row 1 from column A.",
    ),
    Rule(
        "FILE-037",
        _REJECT,
        "A Parquet column is of a kind that is not text",
        "Een Parquet-kolom is van een soort die geen tekst is",
        "Binary values have no spelling a person could check.",
        "Export the column as text, number, date or true/false.",
    ),
)

_READING: tuple[Rule, ...] = (
    Rule(
        "FILE-071",
        _REJECT,
        "The reader broke on the file",
        "Het leesprogramma is op het bestand stukgelopen",
        "A file is read in a process of its own; that process ended on this one, so nothing in it can be trusted.",
        "Open the file in the program it came from and save it anew, or export it as CSV. Tell who maintains the pipeline when a file that is right is refused so.",
    ),
    Rule(
        "FILE-072",
        _REJECT,
        "Reading the file takes too much memory",
        "Het lezen van het bestand kost te veel geheugen",
        "A small file can ask for more memory than a machine has: by a stray cell far away, or on purpose.",
        "Export it as CSV, or remove what stands far outside the table. Is the file right and large, give the reader more (UITSTROOM_CELL_MEMORY_MIB) and deliver it under another name.",
    ),
    Rule(
        "FILE-075",
        _REJECT,
        "The file is too large",
        "Het bestand is te groot",
        f"A file of more than {MAX_FILE_BYTES >> 30} GiB is larger than any delivery that is foreseen, and may hold nothing but zeros.",
        "Send it in parts, one reference date each.",
    ),
    Rule(
        "FILE-073",
        _REJECT,
        "Reading the file takes too long",
        "Het lezen van het bestand duurt te lang",
        "A file that is not read within a time its size is worth would keep all others waiting.",
        "Export it as CSV, or send it in parts. Is the file right and large, give the reader more time (UITSTROOM_CELL_SECONDS) and deliver it under another name.",
    ),
)

_ROWS: tuple[Rule, ...] = (
    Rule(
        "FILE-030",
        _QUARANTINE,
        "The row has fewer cells than the header",
        "De regel heeft minder cellen dan de kopregel",
        "Which cells are missing is not known; printed footers also look like this.",
        "Look at the row in the file: complete it, or ignore it when it is a footer.",
    ),
    Rule(
        "FILE-031",
        _QUARANTINE,
        "The row has more cells than the header",
        "De regel heeft meer cellen dan de kopregel",
        "A separator inside a value without quotes moves everything after it.",
        "Ask the sender to quote values that contain the separator.",
    ),
    Rule(
        "FILE-070",
        _QUARANTINE,
        "The line stands between two stray quotes",
        "De regel staat tussen twee losse aanhalingstekens",
        "A quoted value that holds line ends and a row's worth of separators is no value: rows would vanish in it. Each "
        "line from the first quote to the last is counted and quarantined; which of them are rows is not guessed.",
        "Look at the first and the last of these rows; double the quote inside the value or remove it.",
    ),
    Rule(
        "FILE-032",
        _QUARANTINE,
        "The line is not a JSON object",
        "De regel is geen JSON-object",
        "Each line must be one object with the names of its columns, each name once.",
        "Look at the line in the file; it is often cut off or printed over two lines.",
    ),
    Rule(
        "FILE-085",
        _QUARANTINE,
        "A name stands twice in the JSON object",
        "Een naam staat twee keer in het JSON-object",
        "Which of the two values holds is not known, and readers of JSON differ in which they take.",
        "Ask the sender to write each name once per object; often two columns of the export got one name.",
    ),
    Rule(
        "FILE-086",
        _QUARANTINE,
        "Two JSON objects stand on one line",
        "Er staan twee JSON-objecten op een regel",
        "A line is a row. Two rows under one number could not be told apart in any finding.",
        "Ask the sender for one object per line; a line end is missing between them.",
    ),
    Rule(
        "FILE-033",
        _REJECT,
        "No line is a JSON object",
        "Geen enkele regel is een JSON-object",
        "The file is named .jsonl and does not hold one object per line.",
        "Ask the sender for JSON Lines: one object per line, no list around it.",
    ),
)

FILE = RuleFamily(
    "FILE",
    "The file, its header and the shape of its rows",
    tuple(
        sorted((*_UNOPENED, *NOT_TAKEN, *_BYTES, *_HEADER, *_FORMATS, *_READING, *_ROWS), key=lambda rule: rule.code)
    ),
)
