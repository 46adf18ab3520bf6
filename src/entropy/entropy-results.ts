/** What `bimix entropy` writes to `entropy.json`: entropies of domains, how sure they are, and the mixtures they imply. */

/** The three entropies of a domain, in one unit. */
export interface Entropies {
  /** H(X) of single tokens. */
  readonly shannon: number;
  /** H(X_t, X_t+1) of neighbouring tokens. */
  readonly joint: number;
  /** H(X_t+1 | X_t): joint minus the entropy of the first tokens of pairs. */
  readonly conditional: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface ConvergencePoint {
  readonly tokens: number;
  /** Nats, by estimator. */
  readonly entropies: Readonly<Record<string, Entropies>>;
}

export interface DomainEntropy extends Entropies {
  readonly tokens: number;
  readonly documents: number;
  /** The same entropies in bits per token. */
  readonly bits: Entropies;
  /** Bits per byte of text, comparable between tokenizers; null for pre-tokenized files. */
  readonly bitsPerByte: Entropies | null;
  readonly tokensPerByte: number | null;
  /** Nats, of document embeddings (the logarithm of the Vendi score); absent unless asked for. */
  readonly vonNeumann?: number;
  /** Nats, by estimator; `shannon`, `joint` and `conditional` above are one of these. */
  readonly estimators: Readonly<Record<string, Entropies>>;
  /** 95 %, nats, by estimator, over documents; empty with too few documents. */
  readonly intervals: Readonly<Record<string, Readonly<Record<keyof Entropies, Interval>>>>;
  /** Growing parts of the domain, the whole last. */
  readonly convergence: readonly ConvergencePoint[];
  /** At the size of the smallest domain, nats, by estimator. */
  readonly atEqualSize: Readonly<Record<string, Entropies>>;
  /** Most frequent tokens and pairs as text (control characters escaped) with their shares of all. */
  readonly topTokens: readonly { readonly text: string; readonly share: number }[];
  readonly topBigrams: readonly { readonly text: string; readonly share: number }[];
  /** Tokens there are of the domain, where the corpus file says so. */
  readonly available: number | null;
}

export interface EntropyResults {
  readonly kind: 'bimix-entropy';
  readonly schemaVersion: 1;
  /** bimix's version. */
  readonly version: string;
  /** null when the files hold token ids and their tokenizer is not stated. */
  readonly tokenizer: { readonly name: string; readonly version: string; readonly unicode: string } | null;
  readonly vocabulary: number;
  readonly acrossDocuments: boolean;
  /** The estimator behind the headline entropies and the mixtures. */
  readonly estimator: string;
  /** Tokens at which `atEqualSize` compares the domains. */
  readonly equalSize: number;
  readonly domains: Readonly<Record<string, DomainEntropy>>;
  /** By proxy (shannon, joint, conditional, vonNeumann), and `size` and `uniform` beside: share of tokens by domain. */
  readonly mixtures: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Jensen-Shannon divergence of the domains' token distributions, in bits (0 the same, 1 disjoint); rows and columns in the order of `domains`. */
  readonly overlap: readonly (readonly number[])[];
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly domain?: string }[];
}
