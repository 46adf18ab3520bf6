import { readPackageFile } from './packages.js';

const PACKAGE = 'spdx-license-list';

/** The GNU licences and what is derived from their text: copying is allowed, changing is not. */
const GNU = /\bGNU\b[\w ]*\b(public|documentation) licen[sc]e\s+version|free software foundation, inc/i;

/** @type {import('../index.js').SampleDomain} */
export const licences = {
  name: 'licences',
  title: 'Licences of software, data and fonts',
  packages: [PACKAGE],
  licence: 'CC0-1.0',
  licenceText: 'license in the package',
  extract: 'one document a licence of the SPDX list: its name and its text; without the GNU licences',
  async *documents() {
    const licences = JSON.parse(await readPackageFile(PACKAGE, 'spdx-full.json'));
    for (const id of Object.keys(licences).sort()) {
      const { name, licenseText } = licences[id];
      if (/GPL|GFDL/.test(id) || GNU.test(licenseText)) continue;
      yield { id, text: `${name}\n\n${licenseText}` };
    }
  },
};
