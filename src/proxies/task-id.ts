/** Names of runs as folders may be called. */

/** Some file systems ignore case. */
const SAFE = /^[a-z0-9][a-z0-9._-]{0,79}$/;

/**
 * One id a name, in order: the name itself where it is safe and lower case, else with other characters replaced, and a number
 * where two would be the same.
 */
export function taskIds(names: readonly string[]): string[] {
  const taken = new Set(names.filter(name => SAFE.test(name)));
  return names.map(name => {
    if (SAFE.test(name)) return name;
    const plain =
      name
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, '-')
        .replace(/^[^a-z0-9]+/, '')
        .slice(0, 72) || 'run';
    let id = plain;
    for (let n = 2; taken.has(id); n++) id = `${plain}-${n}`;
    taken.add(id);
    return id;
  });
}
