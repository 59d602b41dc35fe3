"""docs/exchange-carriers.md: what its tables and its zip look like, written from the program."""

from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from registry.clock import BEIJING
from sync.carriers import archive
from sync.carriers.archive import Archive
from sync.carriers.front_tables import COLUMNS, tables
from sync.carriers.handing import MOST_WAITING

_PAGE = """# Partners without the wire: files and front databases

For the engineer of a partner that does not speak the wire of the exchange. The messages are the same; so are revisions,
batches, receipts and the problem queue. Written from the program (`python -m tests.generated_pages`).

Batches go from a city to its province. A partner with another node id that takes a city's records is entered with
`--role province`.

## By file

```
flask --app wsgi peer add 130000 "" --carrier file --key hebei.jwk
flask --app wsgi peer set 130000 folder=/srv/exchange/hebei
```

`folder` holds `outbox`, which the partner (or a person) empties, and `inbox`, which we read; without it they stand in
`exchange/<node>` of the data folder. The worker looks each minute, `exchange push 130000` at once, and writes again what
has no answer yet. Files appear whole: they are written under a name that begins with a dot, forced to the disk and renamed.
Do the same, or use a name that ends in `.part` or `.tmp`.

| file | what it is |
| --- | --- |
| `<batch_no>.zip` | a batch |
| `<batch_no>.receipt.json` | its receipt, to be put into the sender's `inbox` |
| `<batch_no>.error.json` | why a batch was refused as a whole: `batch_no`, `status`, `code`, `detail`, with a gap also `last` |
| `<batch_no>.receipt.jws`, `.error.jws` | who answers; needed where the partner has keys here. Put it there before the answer |
| `<batch_no>.errors….xlsx`, `.csv` | a portal's error file, below |

A zip of a batch:

```
%(listing)s
```

`manifest.json` is the first line of a batch on the wire, `messages.ndjson` the lines after it, to the byte. Each `.jws` is
a detached JWS (RFC 7515, appendix F; `alg` Ed25519, `kid` = the whole keyid) over the bytes of `manifest.json`, or of the
answer beside it. Up to %(waiting)d batches of a chain wait for their receipts at once; each names the one before as
`previous`.

What was read goes to `inbox/done`; what could not be used goes to `inbox/bad` with `….reason.txt` beside it, and is an
incident. The file is moved after its transaction: a file that is read twice changes nothing the second time.

### A portal where a person uploads

```
flask --app wsgi peer set 130000 output=templates
```

Each batch then becomes the 双公示 upload templates, as far as it has anything for them: 法人行政处罚, 自然人行政处罚,
法人行政许可, 自然人行政许可, and 停止公示与撤回, the list of ends and withdrawals that a person carries out in the portal.
Only penalties and licences that are published go there. The layouts of natural persons hold their documents; writing one is
entered in the access log.

The batch waits until an error file of the portal comes back: xlsx or csv with a document number, the party's name and a
reason (错误原因, 失败原因, 驳回原因 …). It is put into `inbox` as `<batch_no>.errors.xlsx`; several files of one batch are
put there together. Rows are matched by document number and party and go to the problem queue; everything else counts as
taken. A file without rows says that all was taken. It is read once nobody has written to it for a minute. If a single row
fits no message, or the batch was completed by other files before, nothing is changed and the file goes to `bad`.

## By front database (前置库)

```
flask --app wsgi peer add 130000 "" --carrier front_database
REGISTRY_FRONT_DATABASE_URL_130000=postgresql://user:password@host/database   # or mysql://, mariadb://
flask --app wsgi exchange front-database create 130000
```

The address stands in the environment only, never in a setting of the peer or in a log; `peer set 130000
url_variable=REGISTRY_FRONT_DATABASE_URL_…` names another variable, `table_prefix=…` puts a word before the names of the
tables. We insert rows with `sync_status` 0 and read back:

| `sync_status` | set by | meaning |
| --- | --- | --- |
| 0 | us | waiting |
| 1 | the partner | taken; `upstream_id`, where set, is kept and stands in later rows of the record |
| 2 | the partner | refused; `error_code` and `error_message` go to the problem queue, and the corrected record comes as a new row |

`row_id` follows from `record_id` and `revision`, so a revision is never there twice, whatever is killed in between.
`operation` is `I` until a row of the record was taken, then `U`, and `D` for a withdrawal; `publish_status` is `publish`,
`hold` or `ended`. Apply the highest revision. Rows must stay until we have read them back: a row that is gone without an
answer is an incident and is only inserted again by a told `exchange push`. Another `sync_status` is an incident and no
answer. Moments are Beijing's. What a record says is
text as in its message: amounts in 万元, days as `YYYY-MM-DD`, lists as JSON. A table has no standard code for its party but
for penalties and licences: there `subject_…` names it, and `data_reason` is the reason of a listing, since `reason` is
that of an end.

Tested against PostgreSQL; tried by hand, with the same code, against MariaDB 10.11.19 under `mysql://` and `mariadb://`
with PyMySQL, in a database of latin1: tables made twice, rows inserted, taken, refused and with another status, an end under
the partner's `upstream_id`, characters beyond the basic plane, columns missing or too narrow, a connection killed in the
middle of a batch, a wrong password, a server that is away.

### Tables on PostgreSQL

```sql
%(postgresql)s
```

### Tables on MySQL and MariaDB

The same columns and indexes, here for one resource:

```sql
%(mysql)s
```
"""


def page() -> str:
    """docs/exchange-carriers.md."""
    made = tables()
    ours = postgresql.dialect()  # type: ignore[no-untyped-call]
    theirs = mysql.dialect()  # type: ignore[no-untyped-call]
    ddl = []
    for table in made.values():
        ddl.append(_ddl(CreateTable(table).compile(dialect=ours)))
        ddl += [
            _ddl(CreateIndex(index).compile(dialect=ours))
            for index in sorted(table.indexes, key=lambda i: i.name or "")
        ]
    assert set(made) == set(COLUMNS)
    return _PAGE % {
        "listing": _listing(),
        "waiting": MOST_WAITING,
        "postgresql": "\n\n".join(ddl),
        "mysql": _ddl(CreateTable(made["commitment"]).compile(dialect=theirs)),
    }


def _ddl(compiled: object) -> str:
    return "\n".join(line.rstrip().replace("\t", "    ") for line in str(compiled).strip().splitlines()) + ";"


def _listing() -> str:
    """What `unzip -l` would tell of a zip, but for the lengths, which differ from batch to batch."""
    packed = archive.pack(Archive(b"{}", b"{}\n", b"e30..AA"), datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING))
    with ZipFile(BytesIO(packed)) as found:
        names = [entry.filename for entry in found.infolist()]
    return "\n".join(["130100-20261123-000001.zip", *(f"  {name}" for name in names)])
