import { readPackageFile } from './packages.js';

const PACKAGE = 'web-specs';

/** @type {import('../index.js').SampleDomain} */
export const specifications = {
  name: 'specifications',
  title: 'Records of web specifications, as JSON',
  packages: [PACKAGE],
  licence: 'CC0-1.0',
  licenceText: 'package.json of the package',
  extract: 'one document a record, indented by two spaces',
  async *documents() {
    const records = JSON.parse(await readPackageFile(PACKAGE, 'index.json'));
    for (const record of records) yield { id: record.shortname, text: JSON.stringify(record, null, 2) };
  },
};
