/** Sample text for bimix: domains read from packages that ship their text. */

import { arithmetic } from './lib/arithmetic.js';
import { countries } from './lib/countries.js';
import { cpp } from './lib/cpp.js';
import { documentation } from './lib/documentation.js';
import { icons } from './lib/icons.js';
import { interfaces } from './lib/interfaces.js';
import { javascript } from './lib/javascript.js';
import { languages } from './lib/languages.js';
import { licences } from './lib/licences.js';
import { novel } from './lib/novel.js';
import { python } from './lib/python.js';
import { specifications } from './lib/specifications.js';
import { speeches } from './lib/speeches.js';
import { typescript } from './lib/typescript.js';

export { packageVersion } from './lib/packages.js';

/** @type {readonly import('./index.js').SampleDomain[]} */
export const domains = [
  novel,
  speeches,
  licences,
  documentation,
  typescript,
  javascript,
  python,
  cpp,
  countries,
  languages,
  specifications,
  interfaces,
  icons,
  arithmetic,
];
