/** Thrown by a command that did its work and found that what `--check` asked does not hold; it has said so already. */
export class CheckFailed extends Error {}
