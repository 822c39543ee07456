import type { ExpandContext, ExpandFailure } from './expand.ts';
import { expandString } from './expand.ts';
import type { JsonPath } from './json-source.ts';
import { formatPath } from './json-source.ts';
import type { ConfigReport, Refusal } from './report.ts';
import type { HttpServerFile, StdioServerFile } from './schema-server.ts';

/** Fills in the variables of one server and remembers everything that fails. */
export class ServerExpander {
  readonly #context: ExpandContext;
  readonly #report: ConfigReport;
  readonly #placeOf: (path: JsonPath) => JsonPath;
  readonly #failures: { path: JsonPath; key: string; failure: ExpandFailure }[] = [];
  readonly secrets: Set<string> = new Set();

  /** `placeOf` turns a path within the entry into a path within the file. */
  constructor(context: ExpandContext, report: ConfigReport, placeOf: (path: JsonPath) => JsonPath) {
    this.#context = context;
    this.#report = report;
    this.#placeOf = placeOf;
  }

  expandHttp(server: HttpServerFile): HttpServerFile {
    return {
      ...server,
      url: this.#expand(server.url, ['url']),
      headers: this.#expandRecord(server.headers, 'headers'),
    };
  }

  expandStdio(server: StdioServerFile): StdioServerFile {
    return {
      ...server,
      command: this.#expand(server.command, ['command']),
      args: server.args.map((arg, index) => this.#expand(arg, ['args', index])),
      env: this.#expandRecord(server.env, 'env'),
      cwd: server.cwd === undefined ? undefined : this.#expand(server.cwd, ['cwd']),
    };
  }

  /** Why the server cannot be served; undefined when every string could be filled in. */
  refusal(server: string): Refusal | undefined {
    const [first] = this.#failures;
    if (first === undefined) return undefined;
    const reasons = this.#failures.map(({ key, failure }) =>
      failure.reason === 'unset'
        ? `${key} needs the variable ${failure.variable}, which is not set`
        : `${key}: ${failure.detail}`,
    );
    const unset = this.#failures.flatMap(({ failure }) =>
      failure.reason === 'unset' ? [failure.variable] : [],
    );
    return { server, path: first.path, reason: reasons.join('; '), unsetVariables: [...new Set(unset)] };
  }

  #expand(template: string, path: JsonPath): string {
    const place = this.#placeOf(path);
    const result = expandString(template, this.#context);
    if (!result.ok) {
      for (const failure of result.failures)
        this.#failures.push({ path: place, key: formatPath(path), failure });
      return '';
    }
    for (const secret of result.secrets) this.secrets.add(secret);
    for (const variable of result.emptyVariables) {
      this.#report.warn(place, `the variable ${variable} is set but empty`);
    }
    return result.value;
  }

  #expandRecord(record: Readonly<Record<string, string>>, key: string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(record).map(([name, template]) => [name, this.#expand(template, [key, name])]),
    );
  }
}
