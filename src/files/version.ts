/** The version in bimix's own package.json, which lies two folders up from this file in `src` and in `dist` alike. */

import { readFileSync } from 'node:fs';

export function bimixVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return version;
}
