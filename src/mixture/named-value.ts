/**
 * The value a record has under a name that a user gave, or undefined. Domains may be called `constructor` or `toString`,
 * which plain objects seem to have of themselves.
 */
export function namedValue<T>(record: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined {
  return record !== null && record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
