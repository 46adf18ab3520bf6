/**
 * Published mixtures as named references: shares of tokens in Ge et al. 2024 (arXiv 2405.14908), Tables 4 and 5, as
 * printed there with four decimals and renormalized to sum to 1.
 *
 * `baseline` is the data set's own proportions, `doremi` those of Xie et al. 2023 (arXiv 2305.10429); the others come
 * from entropies of the domains: `se` Shannon, `ce` conditional, `je` joint, `vne` von Neumann.
 */

import { BimixError, didYouMean } from '../errors/index.ts';
import { type Mixture, makeMixture } from './mixture.ts';

export interface Preset {
  /** For example `pile/doremi`. */
  readonly name: string;
  /** One line for lists. */
  readonly description: string;
  /** Paper and table. */
  readonly source: string;
  readonly mixture: Mixture;
}

const METHODS = {
  baseline: "the data set's own proportions",
  doremi: 'DoReMi (Xie et al. 2023)',
  se: 'Shannon entropy',
  ce: 'conditional entropy',
  je: 'joint entropy',
  vne: 'von Neumann entropy',
} as const;

type Row = readonly [baseline: number, doremi: number, se: number, ce: number, je: number, vne: number];

/** Ge et al. 2024, Table 4. */
const PILE: Readonly<Record<string, Row>> = {
  ArXiv: [0.0886, 0.0535, 0.0336, 0.035, 0.0236, 0.0258],
  BookCorpus2: [0.0044, 0.0037, 0.0349, 0.0461, 0.0323, 0.021],
  Books3: [0.072, 0.0757, 0.0544, 0.0697, 0.0763, 0.0283],
  'DM Mathematics': [0.0204, 0.0019, 0.0047, 0.0078, 0.0007, 0.0434],
  'Enron Emails': [0.0029, 0.004, 0.0416, 0.0272, 0.0228, 0.0717],
  EuroParl: [0.0075, 0.012, 0.0681, 0.0314, 0.0431, 0.0709],
  FreeLaw: [0.0403, 0.038, 0.0375, 0.0394, 0.0297, 0.0334],
  GitHub: [0.0554, 0.0325, 0.0382, 0.0451, 0.0346, 0.1021],
  'Gutenberg (PG-19)': [0.0218, 0.0292, 0.0348, 0.0535, 0.0375, 0.0211],
  HackerNews: [0.0079, 0.0084, 0.0343, 0.0474, 0.0328, 0.0404],
  'NIH ExPorter': [0.0047, 0.0084, 0.0437, 0.0406, 0.0357, 0.0321],
  OpenSubtitles: [0.011, 0.0032, 0.0161, 0.0202, 0.0065, 0.0202],
  OpenWebText2: [0.1242, 0.1905, 0.0719, 0.0761, 0.1101, 0.0517],
  PhilPapers: [0.0032, 0.0093, 0.0772, 0.0603, 0.0936, 0.039],
  'Pile-CC': [0.109, 0.1379, 0.0549, 0.0841, 0.0928, 0.0405],
  'PubMed Abstracts': [0.0756, 0.097, 0.0541, 0.0497, 0.0541, 0.0423],
  'PubMed Central': [0.1139, 0.0608, 0.0536, 0.0462, 0.0498, 0.0383],
  StackExchange: [0.0907, 0.0746, 0.0431, 0.0506, 0.0439, 0.0428],
  'USPTO Backgrounds': [0.0401, 0.0327, 0.0362, 0.0423, 0.0308, 0.0321],
  'Ubuntu IRC': [0.0098, 0.0083, 0.0374, 0.0281, 0.0212, 0.0529],
  'Wikipedia (en)': [0.0894, 0.1068, 0.0626, 0.0639, 0.0804, 0.0784],
  YoutubeSubtitles: [0.0072, 0.0117, 0.067, 0.0353, 0.0476, 0.0716],
};

/** Ge et al. 2024, Table 5. */
const SLIMPAJAMA: Readonly<Record<string, Row>> = {
  ArXiv: [0.0458, 0.0213, 0.0738, 0.071, 0.0339, 0.0598],
  Books: [0.042, 0.042, 0.1474, 0.1669, 0.1592, 0.07],
  C4: [0.266, 0.2864, 0.1619, 0.2079, 0.2179, 0.1265],
  CommonCrawl: [0.5203, 0.5518, 0.1863, 0.2175, 0.2623, 0.0933],
  GitHub: [0.0522, 0.0191, 0.0952, 0.0902, 0.0556, 0.2314],
  StackExchange: [0.0337, 0.0292, 0.1152, 0.1177, 0.0878, 0.1088],
  Wikipedia: [0.0399, 0.0501, 0.2202, 0.1287, 0.1834, 0.3103],
};

const PRESETS: readonly Preset[] = [
  ...presetsOf('pile', 'The Pile', PILE, 'Ge et al. 2024, arXiv 2405.14908, Table 4'),
  ...presetsOf('slimpajama', 'SlimPajama', SLIMPAJAMA, 'Ge et al. 2024, arXiv 2405.14908, Table 5'),
];

/** Every preset, by data set and method. */
export function listPresets(): readonly Preset[] {
  return PRESETS;
}

/**
 * A published mixture by its name.
 *
 * @throws BimixError `unknown-preset`
 *
 * @example
 * ```js
 * import { findPreset } from 'bimix';
 *
 * const { mixture } = findPreset('slimpajama/doremi');
 * ```
 */
export function findPreset(name: string): Preset {
  const preset = PRESETS.find(candidate => candidate.name === name.toLowerCase());
  if (preset === undefined) {
    const names = PRESETS.map(candidate => candidate.name);
    throw new BimixError('unknown-preset', `unknown preset "${name}"`, { hint: didYouMean(name, names) });
  }
  return preset;
}

function presetsOf(key: string, title: string, rows: Readonly<Record<string, Row>>, source: string): Preset[] {
  return Object.entries(METHODS).map(([method, description], column) => {
    const name = `${key}/${method}`;
    const weights = Object.fromEntries(Object.entries(rows).map(([domain, row]) => [domain, row[column]]));
    return { name, description: `${title}: ${description}`, source, mixture: makeMixture(weights, { name }) };
  });
}
