/**
 * A definition that cannot be served as it is written. Thrown where the
 * definition is made, so that a server with a mistake does not start.
 */
export class DefinitionError extends Error {
  constructor(subject: string, problem: string) {
    super(`${subject}: ${problem}`);
    this.name = 'DefinitionError';
  }
}
