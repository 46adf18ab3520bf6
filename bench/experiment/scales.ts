/** How large the experiment's models and runs are. */

export interface Scale {
  readonly name: string;
  /** Size of the model, training tokens of a run, runs, and validation losses along one. */
  readonly proxies: {
    readonly model: string;
    readonly tokens: number;
    readonly runs: number;
    readonly evaluations: number;
  };
  readonly finals: {
    readonly model: string;
    readonly tokens: number;
    readonly seeds: number;
    readonly evaluations: number;
  };
}

export const SCALES: readonly Scale[] = [
  {
    name: 'full',
    proxies: { model: '0.2M', tokens: 1e6, runs: 24, evaluations: 8 },
    finals: { model: '1M', tokens: 3e6, seeds: 3, evaluations: 12 },
  },
  {
    name: 'small',
    proxies: { model: '0.06M', tokens: 4e5, runs: 24, evaluations: 4 },
    finals: { model: '0.2M', tokens: 1e6, seeds: 3, evaluations: 8 },
  },
  {
    name: 'tiny',
    proxies: { model: '0.06M', tokens: 4e4, runs: 12, evaluations: 3 },
    finals: { model: '0.06M', tokens: 8e4, seeds: 2, evaluations: 3 },
  },
];
