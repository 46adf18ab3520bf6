/** A sentence the user should read before trusting an entropy or a mixture made from it. */
export interface EntropyWarning {
  /** Stable, for example `undersampled`, `ranking-unsettled`. */
  readonly code: string;
  readonly message: string;
  /** The domain it is about, if one. */
  readonly domain?: string;
}
