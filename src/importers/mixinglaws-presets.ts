/**
 * What the mixinglaws files do not say: the training domains in the order of the run names, and which of the Pile's
 * validation sub-domains measure each. From yegcjs/mixinglaws: `data/5Mix`, `data/RedPajama`, `pipeline/valid_weight.json`.
 */

/** The names and the order of one set of runs. */
export interface MixinglawsPreset {
  readonly name: string;
  /** In the order of the shares in a run's name. */
  readonly trainingDomains: readonly string[];
  /** What its runs are called, without the size. */
  readonly runName: RegExp;
  /** Sub-domains merged to one evaluation domain, by training domain. Sub-domains left out stay as they are. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

export const MIXINGLAWS_PRESETS: readonly MixinglawsPreset[] = [
  {
    name: '5mix',
    trainingDomains: ['academic', 'prose', 'dialogue', 'symbolic', 'internet'],
    runName: /^\d+$/,
    groups: {
      academic: [
        'ArXiv',
        'PubMed_Abstracts',
        'PhilPapers',
        'NIH_ExPorter',
        'FreeLaw',
        'USPTO_Backgrounds',
        'PubMed_Central',
      ],
      prose: ['PG19', 'Books3', 'BookCorpus2'],
      dialogue: ['Ubuntu_IRC', 'OpenSubtitles', 'EuroParl', 'Enron_Emails', 'HackerNews', 'YoutubeSubtitles'],
      symbolic: ['DM_Mathematics', 'Github'],
      internet: ['Pile-CC', 'OpenWebText2', 'StackExchange', 'Wikipedia_en'],
    },
  },
  {
    name: 'redpajama',
    trainingDomains: ['cc', 'c4', 'github', 'arxiv', 'books', 'se', 'wiki'],
    runName: /^RP_\d+$/,
    groups: {
      cc: ['Pile-CC'],
      github: ['Github'],
      arxiv: ['ArXiv'],
      books: ['Books3'],
      se: ['StackExchange'],
      wiki: ['Wikipedia_en'],
    },
  },
];

/** Weight of each sub-domain in the Pile's validation set, in 2592nds: the values of `valid_weight.json` times 2592. */
export const PILE_VALIDATION_WEIGHTS: Readonly<Record<string, number>> = {
  'Pile-CC': 407,
  Books3: 328,
  PubMed_Central: 324,
  ArXiv: 264,
  Github: 247,
  OpenWebText2: 235,
  StackExchange: 143,
  FreeLaw: 141,
  Wikipedia_en: 97,
  USPTO_Backgrounds: 74,
  PubMed_Abstracts: 62,
  DM_Mathematics: 56,
  PG19: 48,
  OpenSubtitles: 41,
  YoutubeSubtitles: 25,
  EuroParl: 21,
  Ubuntu_IRC: 21,
  HackerNews: 19,
  BookCorpus2: 18,
  PhilPapers: 13,
  NIH_ExPorter: 5,
  Enron_Emails: 3,
};
