/** The entropies that stand for a domain's worth, as a report names them. */

/** In the order of tables and charts. */
export const PROXY_TITLES = {
  shannon: 'Shannon',
  joint: 'joint',
  conditional: 'conditional',
  vonNeumann: 'von Neumann',
} as const;

export type ProxyName = keyof typeof PROXY_TITLES;

/** The proxy of the headline and of the ranking: the one its authors recommend (Ge et al. 2024, Section 4). */
export const HEADLINE_PROXY = 'conditional';

/** The estimator that compares domains at equal size: at one size its bias is much the same for all. */
export const EQUAL_SIZE_ESTIMATOR = 'plug-in';
