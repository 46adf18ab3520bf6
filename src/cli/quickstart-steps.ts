/** The whole path from text to a mixture that was tried, as commands that anybody could type. */

export interface QuickstartSettings {
  /** Of sample corpora. */
  readonly group: string;
  /** Of the group. */
  readonly domains: readonly string[];
  /** Training tokens of each run. */
  readonly tokens: number;
  /** Proxy runs that the law is fitted to. */
  readonly runs: number;
  /** Runs at a time. */
  readonly parallel: number;
}

export interface QuickstartStep {
  /** What the step is for. */
  readonly title: string;
  /** As after `bimix`, in the quickstart's folder. */
  readonly args: readonly string[];
  /** The file it leaves there: with it, the step is done. */
  readonly output: string;
  /** Whether its standard output is that file. */
  readonly isPrinted?: true;
}

/** Weights are shares of tokens. `REPORT` lies outside, in the folder the quickstart was started from. */
export const REPORT = 'report.html';

const MODEL = '0.2M';
/** Losses along each run. */
const EVALUATIONS = 4;
/** Of the tokens of a run: what losses of each domain are taken on, a quarter of the time in all. */
const VALIDATION_PART = 1 / 30;

export const TRIALS = ['optimum', 'entropy', 'uniform', 'size'] as const;

/** In order; each needs only files of earlier ones. */
export function quickstartSteps({ group, tokens, runs, parallel }: QuickstartSettings): readonly QuickstartStep[] {
  const each = String(tokens);
  const beside = String(parallel);
  const mixtures = 'optimum=mixture.yaml,entropy=entropy-mixture.yaml,uniform,size';
  return [
    {
      title: 'sample text',
      args: [
        ...['init', '.', '--sample', group, '--model', MODEL, '--tokens', each],
        ...['--evaluations', String(EVALUATIONS), '--validation-tokens', String(Math.round(tokens * VALIDATION_PART))],
      ],
      output: 'bimix.yaml',
    },
    {
      title: 'entropies of each domain',
      args: ['entropy', 'corpora/corpus.yaml', '-o', 'entropy.json'],
      output: 'entropy.json',
    },
    {
      title: 'the mixture that entropies imply, without training',
      args: ['mixture', '--from', 'entropy.json', '-o', 'entropy-mixture.yaml'],
      output: 'entropy-mixture.yaml',
    },
    {
      title: 'mixtures to try',
      args: ['design', 'bimix.yaml', '--method', 'dirichlet', '--runs', String(runs), '-o', 'plan.jsonl'],
      output: 'plan.jsonl',
    },
    { title: 'proxy runs', args: ['run', 'plan.jsonl', '--parallel', beside], output: 'runs.jsonl' },
    { title: 'their losses', args: ['collect', 'runs', '-o', 'runs.jsonl'], output: 'runs.jsonl' },
    {
      title: 'a law',
      args: ['fit', 'runs.jsonl', '-o', 'law.json'],
      output: 'law.json',
    },
    {
      title: 'the law on runs held out',
      args: ['evaluate', 'runs.jsonl', '--law', 'bimix,bimix-transfer', '--interval', '90', '--json'],
      output: 'evidence.json',
      isPrinted: true,
    },
    {
      title: 'the best mixture',
      args: [
        ...['optimize', 'law.json', '--project', 'bimix.yaml', '--tokens', each, '--interval', '90'],
        ...['-o', 'mixture.yaml'],
      ],
      output: 'mixture.yaml',
    },
    {
      title: 'that mixture and three others, to be trained',
      args: ['design', 'bimix.yaml', '--mixtures', mixtures, '-o', 'trial.jsonl'],
      output: 'trial.jsonl',
    },
    {
      title: 'trial runs',
      args: ['run', 'trial.jsonl', '--folder', 'trial-runs', '--parallel', beside],
      output: 'trial-runs.jsonl',
    },
    { title: 'their losses', args: ['collect', 'trial-runs', '-o', 'trial-runs.jsonl'], output: 'trial-runs.jsonl' },
    {
      title: 'did the predictions come true?',
      args: ['verify', 'law.json', 'trial-runs.jsonl', '--json'],
      output: 'verification.json',
      isPrinted: true,
    },
    {
      title: 'the mixture for a trainer',
      args: [
        ...['export', 'mixture.yaml', '--to', 'megatron'],
        ...['--template', '/data/{domain}_text_document', '-o', 'megatron.txt'],
      ],
      output: 'megatron.txt',
    },
    {
      title: 'everything on one page',
      args: [
        ...['report', 'runs.jsonl', 'law.json', 'entropy-mixture.yaml', '--project', 'bimix.yaml'],
        ...['--tokens', each, '--entropy', 'entropy.json'],
        ...['--verify', 'trial-runs.jsonl', '--title', `Quickstart: ${group}`, '-o', REPORT],
      ],
      output: REPORT,
    },
  ];
}
