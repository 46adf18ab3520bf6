/** Tables of numbers: sortable where scripts run, plain where they do not. */

import { type Html, html, trustedHtml } from './html.ts';

interface TableColumn {
  readonly title: string;
  /** Right-aligned, in figures of one width. */
  readonly numeric?: boolean;
}

/** `value` sorts the cell where the text would not. */
export interface TableCell {
  readonly text: string | Html;
  readonly value: number;
}

export interface NumberTable {
  /** What the rows are and in which unit, above the table. */
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly (string | TableCell)[])[];
}

/** Longer tables are folded up until asked for. */
const UNFOLDED_ROWS = 24;
/** More columns are set smaller. */
const WIDE = 7;

/** A table; folded under its caption when it is long, or when `folded` says so. */
export function numberTable(table: NumberTable, folded = table.rows.length > UNFOLDED_ROWS): Html {
  const { caption, columns, rows } = table;
  const head = columns.map(({ title, numeric }) => html`<th scope="col"${classOf(numeric)}>${title}</th>`);
  const body = rows.map(row => html`<tr>${row.map((cell, index) => drawCell(cell, columns[index], index))}</tr>\n`);
  const drawn = html`<div class="scroll" role="region" aria-label="${caption}"><table class="sortable${columns.length > WIDE ? ' wide' : null}">${folded ? null : html`<caption>${caption}</caption>`}
<thead><tr>${head}</tr></thead>
<tbody>${body}</tbody></table></div>`;
  if (!folded) return drawn;
  return html`<details><summary>${caption} <span class="count">${rows.length} rows</span></summary>${drawn}</details>`;
}

function drawCell(cell: string | TableCell, { numeric }: TableColumn, index: number): Html {
  const text = typeof cell === 'string' ? cell : cell.text;
  if (index === 0) return html`<th scope="row"><span class="name">${text}</span></th>`;
  const value = typeof cell === 'string' || !Number.isFinite(cell.value) ? null : cell.value;
  return html`<td${classOf(numeric)}${value === null ? null : html` data-value="${Number(value.toPrecision(8))}"`}>${text}</td>`;
}

function classOf(numeric: boolean | undefined): Html | null {
  return numeric === true ? trustedHtml(' class="number"') : null;
}
