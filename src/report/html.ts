/** HTML from templates. Whatever is put into one is escaped, unless a template made it. */

import { cleanText } from '../charts/index.ts';

/** Markup that is safe to put into a page. Made by `html` and `trustedHtml` only. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlValue = Html | string | number | null | readonly HtmlValue[];

/** html`<p>${text}</p>`: escapes text and numbers, joins lists, leaves out nulls. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const markup = strings.map((text, index) => text + (index < values.length ? render(values[index]) : '')).join('');
  return new Html(markup);
}

/** Markup of our own or of a serializer that escapes: never of a user. */
export function trustedHtml(markup: string): Html {
  return new Html(markup);
}

function render(value: HtmlValue): string {
  if (value === null) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return value.map(render).join('');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeText(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, character => ENTITIES[character]);
}

/** With a capital and a full stop, as sentences of other rooms come without. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.!?:]$/.test(trimmed) ? '' : '.'}`;
}
