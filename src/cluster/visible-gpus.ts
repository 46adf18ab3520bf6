/** Which GPUs each of several tasks on one machine gets. */

/**
 * GPUs of its own for each slot, of those that are visible here.
 *
 * @param slot from 0
 * @param gpus a task
 * @param visible as in `CUDA_VISIBLE_DEVICES`; undefined for all
 */
export function visibleGpus(slot: number, gpus: number, visible: string | undefined): Record<string, string> {
  if (gpus === 0) return {};
  const known = visible === undefined ? null : visible.split(',').filter(name => name !== '');
  const mine = Array.from({ length: gpus }, (_, n) => slot * gpus + n);
  const names = known === null ? mine.map(String) : mine.map(n => known[n]).filter(name => name !== undefined);
  return { CUDA_VISIBLE_DEVICES: names.join(',') };
}
