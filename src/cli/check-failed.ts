/** Thrown by a command that did its work and found the `--check` condition false; the command has reported it already. */
export class CheckFailed extends Error {}
