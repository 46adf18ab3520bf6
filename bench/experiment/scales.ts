/** How large the experiment's models and runs are. */

export interface Scale {
  readonly name: string;
  /** Size of the model, training tokens of a run, and runs. */
  readonly proxies: { readonly model: string; readonly tokens: number; readonly runs: number };
  readonly finals: { readonly model: string; readonly tokens: number; readonly seeds: number };
  /** Validation losses along a run. */
  readonly evaluations: number;
}

export const SCALES: readonly Scale[] = [
  {
    name: 'full',
    proxies: { model: '0.2M', tokens: 1e6, runs: 24 },
    finals: { model: '1M', tokens: 3e6, seeds: 3 },
    evaluations: 8,
  },
  {
    name: 'quarter',
    proxies: { model: '0.2M', tokens: 2.5e5, runs: 24 },
    finals: { model: '1M', tokens: 7.5e5, seeds: 3 },
    evaluations: 6,
  },
  {
    name: 'tiny',
    proxies: { model: '0.06M', tokens: 4e4, runs: 12 },
    finals: { model: '0.06M', tokens: 8e4, seeds: 2 },
    evaluations: 4,
  },
];
