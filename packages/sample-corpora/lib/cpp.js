import { packageFiles } from './packages.js';

const PACKAGES = ['nan', 'node-addon-api', 'node-api-headers'];

/** A comment of slashes above and below opens the section of each class. */
const SECTION = /(?=^\/{80}\n\/\/)/m;

/** @type {import('../index.js').SampleDomain} */
export const cpp = {
  name: 'cpp',
  title: 'C and C++ headers of native add-ons',
  packages: PACKAGES,
  licence: 'MIT',
  licenceText: 'LICENSE.md in nan and node-addon-api, LICENSE in node-api-headers',
  extract: 'one document a header, or a section of it where it has sections',
  async *documents() {
    for (const name of PACKAGES) {
      for await (const { id, text } of packageFiles(name, '', /\.h$/)) {
        const sections = text.split(SECTION);
        for (const [index, section] of sections.entries()) {
          yield { id: `${name}/${id}${sections.length > 1 ? `:${index + 1}` : ''}`, text: section };
        }
      }
    }
  },
};
