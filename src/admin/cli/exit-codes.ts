/** Exit codes of the command line; documented in docs/reference/cli.md. */
export const EXIT = {
  /** Done; for `serve` and `stdio`: stopped in order. */
  ok: 0,
  /** Something failed while running: the port is taken, the data folder is in use, the database does not open. */
  failed: 1,
  /** The command line or the configuration is wrong; nothing was started. */
  usage: 2,
  /** The gateway knows no such project or token, or this token may not see it. */
  notFound: 3,
  /** The gateway refused: the token is missing, not good or may not do that. */
  refused: 4,
  /** Nobody answers at `BREAKWATER_URL`, or what answers is no Breakwater. */
  unreachable: 5,
} as const;
