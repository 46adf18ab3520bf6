/** How large the experiment's models and runs are. */

export interface Scale {
  readonly name: string;
  /** Of `bimix design`: preset of the model, training tokens of a run, and runs. */
  readonly proxies: { readonly preset: string; readonly tokens: number; readonly runs: number };
  readonly finals: { readonly preset: string; readonly tokens: number; readonly seeds: number };
  /** Validation losses along a run. */
  readonly evaluations: number;
}

export const SCALES: readonly Scale[] = [
  {
    name: 'full',
    proxies: { preset: '0.2M', tokens: 1e6, runs: 24 },
    finals: { preset: '1M', tokens: 3e6, seeds: 3 },
    evaluations: 8,
  },
  {
    name: 'half',
    proxies: { preset: '0.2M', tokens: 5e5, runs: 24 },
    finals: { preset: '1M', tokens: 1e6, seeds: 3 },
    evaluations: 6,
  },
  {
    name: 'tiny',
    proxies: { preset: '0.06M', tokens: 4e4, runs: 12 },
    finals: { preset: '0.06M', tokens: 8e4, seeds: 2 },
    evaluations: 4,
  },
];
