"""docs/plain-csv.md, written from the layouts so that it cannot say anything else."""

from __future__ import annotations

from pathlib import Path

from shop.readers.layout import Field, Layout, aliases_of, layouts
from shop.records import KEYS, TABLES

READ_AS = {
    "code": "code",
    "text": "text",
    "long": "text, may have several lines",
    "amount": "amount",
    "percent": "percent (12.5 or 12.5%)",
    "whole": "whole number",
    "day": "date",
    "time": "date and time",
    "yes": "yes or no",
    "country": "country",
    "currency": "ISO 4217 code",
    "language": "language tag or name",
    "channel": "channel",
}

INTRODUCTION = """# Plain CSV

<!-- Written by `python -m shop.readers.layout`; a test fails when it differs. -->

Any shop's data can be imported as CSV with the columns below: `pacer import FILE…`. One file is one table. Which one
is seen from its columns; `--as TABLE` says it where two would fit.

- **Header**: the first line. Case, spaces and signs do not matter (`Order ID` is `order_id`); the other names listed
  count too. Columns with other names are left out and named in the report.
- **Separator** `,` `;` tab or `|`; **encoding** by byte order mark, else UTF-8, else Japanese (cp932) or Chinese
  (GB18030) where the text is plausible, else Western European (cp1252), always said in the report.
- **Amounts** with point or comma (`95.00`, `95,00`, `1.234,56`, `12,131`), currency signs, `(12.50)` or `12.50-` for
  negative. A column is read in one way, which its own values or the file's other columns prove. Values that contradict
  it are refused. Without proof `12,131` is twelve thousand and `1.234` a bit more than one; in files separated by `;`
  such values are refused, and so is `1.234` in a column of whole numbers. Kept to four decimals.
- **Dates** as `2025-10-07`, `7.10.2025`, `7 Oct 2025`, `10/07/2025 3:15 PM`, `2025年10月7日`. With slashes or hyphens,
  day or month first is decided by the column's own values, else by the file's other dates, else the row is refused.
  Times with a zone become UTC; times without are kept as they are.
- **Countries** as ISO codes or names in English, German, French, Spanish, Italian, Portuguese, Dutch, Japanese, Chinese
  or Korean. Blank and `Unspecified` become `ZZ`, with a warning; `Channel Islands` become `JE`.
- **Currencies** as ISO 4217 codes only: `$` could be ten of them.
- **Text** loses control and invisible characters, and the guards of spreadsheets (`'00123`, `="00123"`). A code that a
  spreadsheet turned into `1.23E+11` is refused: its digits are lost.
- **Refused rows** are listed with file, line and reason in the report and in `imports/<version>-refused.csv` of the
  shop's folder. The line is the one the row begins on, counted from 1 with the header. Every other row is loaded.
- **Again**: a row replaces the row with the same key, so the same file can be imported any number of times. Columns a
  file does not have keep their earlier values. Within a file the last row of a key counts, the earlier are refused.

## Orders in one file

The everyday file is `order_lines` with the columns of its order and product beside it. It fills orders, lines, returns
and products that are not known yet; a known product keeps its row, only what is missing is filled.

- `ordered_at` and `currency` make it such a file; either both or none. Order columns may be blank after the order's
  first line.
- An order that comes again replaces the old one with all its lines and returns.
- A negative quantity is a return: it becomes a refund of quantity × price less discount. An order id that holds only
  returns (a credit note) makes refunds and no order.
- A price of 0 is a giveaway and is loaded. A negative price and a quantity of 0 are refused.
- Lines are numbered by the column `line` where there is one, else in the order of the file.
- A new product takes its most frequent name.

```csv
order_id,ordered_at,country,channel,currency,customer_id,sku,product_name,quantity,unit_price,discount
A1001,2025-10-07 09:50:26,Germany,shopify,EUR,C17,BOT-750,Steel bottle 750 ml,2,"24,90","0,00"
A1001,,,,,,SOCK-3P,Running socks,1,"14,90","2,00"
```

The public Online Retail data set (541,909 lines) in this layout, from its parquet file:

```sh
{command}
```
"""

COMMAND = (
    'python -c "import duckdb; duckdb.sql(\\"COPY (SELECT InvoiceNo AS order_id, StockCode AS sku, '
    "Description AS product_name, Quantity AS quantity, InvoiceDate AS ordered_at, UnitPrice AS unit_price, "
    "CustomerID AS customer_id, Country AS country, 'GBP' AS currency, 'shop' AS channel "
    "FROM 'online_retail.parquet') TO 'online_retail.csv' (HEADER)\\\")\""
)


def handbook() -> str:
    """The whole page."""
    tables = "\n".join(_table(layout) for layout in layouts().values())
    return f"{INTRODUCTION.replace('{command}', COMMAND)}\n## Tables\n{tables}"


def write(path: Path) -> None:
    """Write the page to a file."""
    path.write_text(handbook(), encoding="utf-8")


def _table(layout: Layout) -> str:
    told = (TABLES[layout.table].__doc__ or "").strip()
    keys = ", ".join(f"`{key}`" for key in KEYS[layout.table])
    others = aliases_of(layout.table)
    rows = "\n".join(_row(field, layout.table, others.get(field.name, [])) for field in layout.fields.values())
    return f"""
### {layout.table}
{told} Key: {keys}.

| column | | read as | meaning | other names |
|-|-|-|-|-|
{rows}
"""


def _row(field: Field, table: str, others: list[str]) -> str:
    need = "needed" if field.required else f"else {field.default}" if field.default is not None else ""
    meaning = field.description.replace("|", "\\|")
    if field.known_from not in (table, "products"):
        meaning = f"of the order{': ' if meaning else ''}{meaning}"
    names = ", ".join(f"`{name}`" for name in others)
    return f"| `{field.name}` | {need} | {READ_AS[field.kind]} | {meaning} | {names} |"
