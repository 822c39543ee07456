import type { Finding, Severity } from '../finding.ts';
import { cutText, escapeUnseen } from '../quote.ts';
import { savedTokens, type ToolTokens } from '../tokens.ts';
import { groupFindings, toolsOf, type FindingGroup } from './group.ts';
import type { LintRun, NamedReport } from './run.ts';

export interface HumanOptions {
  /** Colours, for a terminal. */
  readonly isColoured: boolean;
  /** Columns of the terminal; text is broken there. */
  readonly columns: number;
  /** Every finding on a line of its own instead of one line per rule. */
  readonly isVerbose: boolean;
}

const CODES: Readonly<Record<Severity | 'dim' | 'bold', string>> = {
  error: '31',
  warning: '33',
  info: '36',
  dim: '2',
  bold: '1',
};

/** Findings of one rule that get lines of their own; with more they are one line. */
const SHOWN_MAX = 2;
/** Tools that the list of costs shows. */
const COSTLY_MAX = 3;
const INDENT = '           ';

class Writer {
  readonly #options: HumanOptions;
  readonly #lines: string[] = [];

  constructor(options: HumanOptions) {
    this.#options = options;
  }

  /** The one place where text goes out: whatever a definition contains is escaped here, whoever wrote the line. */
  line(text = '', style?: keyof typeof CODES): void {
    this.#lines.push(this.#paint(escapeUnseen(text), style));
  }

  heading(severity: Severity, text: string): void {
    this.#lines.push(`${this.#paint(severity.padEnd(9), severity)}${escapeUnseen(text)}`);
  }

  /** Breaks at spaces, and continues under the first line. */
  wrapped(indent: string, text: string, style?: keyof typeof CODES): void {
    const later = ' '.repeat(indent.length);
    let lead = indent;
    const width = Math.max(40, this.#options.columns) - indent.length;
    let rest = escapeUnseen(text);
    while (rest.length > width) {
      const space = rest.lastIndexOf(' ', width);
      const end = space > width / 3 ? space : width;
      this.#lines.push(this.#paint(lead + rest.slice(0, end), style));
      lead = later;
      rest = rest.slice(end).trimStart();
    }
    this.#lines.push(this.#paint(lead + rest, style));
  }

  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  #paint(text: string, style: keyof typeof CODES | undefined): string {
    return style === undefined || !this.#options.isColoured
      ? text
      : `\u001b[${CODES[style]}m${text}\u001b[0m`;
  }
}

function place({ tool, path }: Finding): string {
  return cutText(
    tool === undefined ? path || 'the whole list' : `${tool === '' ? '(no name)' : tool} ${path}`.trimEnd(),
    120,
  );
}

function writeGroup(writer: Writer, group: FindingGroup, options: HumanOptions): void {
  const { ruleId, severity, findings } = group;
  const tools = toolsOf(findings);
  const many = findings.length > SHOWN_MAX && !options.isVerbose;
  const counted =
    findings.length === 1
      ? ''
      : tools.length > 1
        ? `  ${findings.length} × in ${tools.length} tools`
        : `  ${findings.length} ×`;
  writer.heading(severity, `${ruleId}${counted}`);
  for (const finding of findings.slice(0, many ? 1 : findings.length)) {
    writer.wrapped(INDENT, `${place(finding)}: ${finding.message}`);
  }
  if (many) {
    const others = tools.slice(1).map((tool) => (tool === '' ? '(no name)' : cutText(tool, 64)));
    const isOneTool = tools.length <= 1;
    const rest = isOneTool
      ? `and ${findings.length - 1} more places`
      : `also: ${others.slice(0, 8).join(', ')}${others.length > 8 ? ` and ${others.length - 8} more` : ''}`;
    writer.wrapped(INDENT, rest, 'dim');
  }
  for (const hint of new Set(findings.slice(0, many ? 1 : findings.length).map((finding) => finding.hint))) {
    writer.wrapped(`${INDENT}→ `, hint, 'dim');
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:[0-9]{3})+$)/g, ',');
}

function writeTokens(writer: Writer, { report }: NamedReport): void {
  const { total, savings, tools } = report.tokens;
  if (total === 0) return;
  const costly = [...tools].sort((a, b) => b.total - a.total).slice(0, COSTLY_MAX);
  const shown = costly.map((tool) => `${cutText(tool.tool, 64)} ≈${grouped(tool.total)}`).join(', ');
  writer.wrapped('', `tokens ≈${grouped(total)} (±15 %) in every conversation; most: ${shown}`);
  if (savings > 0)
    writer.wrapped('', `       ≈${grouped(savings)} of them say nothing: ${savedBy(tools)}`, 'dim');
}

function savedBy(tools: readonly ToolTokens[]): string {
  const sum = (of: (tool: ToolTokens) => number): number =>
    tools.reduce((total, tool) => total + of(tool), 0);
  const noise = sum(({ savings }) => savings.noise);
  const text = sum(savedTokens) - noise;
  return [
    ...(noise > 0 ? [`$schema, titles and the like ≈${grouped(noise)}`] : []),
    ...(text > 0 ? [`long or repeated text ≈${grouped(text)}`] : []),
  ].join(', ');
}

function writeReport(writer: Writer, named: NamedReport, options: HumanOptions): void {
  const { report } = named;
  writer.line(`${cutText(named.target, 200)}  ${plural(report.tools, 'tool')}`, 'bold');
  writer.line();
  for (const group of groupFindings(report.findings)) writeGroup(writer, group, options);
  if (report.findings.length > 0) writer.line();
  for (const note of report.notes) writer.wrapped('', note, 'dim');
  const { error, warning, info } = report.counts;
  const fixable = report.findings.filter(({ fix }) => fix?.isSafe === true).length;
  const fixes = fixable === 0 ? '' : `; ${fixable} can be mended with --fix`;
  const hidden = report.suppressed === 0 ? '' : `; ${report.suppressed} suppressed`;
  writer.line(
    `${plural(error, 'error')}, ${plural(warning, 'warning')}, ${plural(info, 'info')}${fixes}${hidden}`,
    'bold',
  );
  writeTokens(writer, named);
}

/** For people at a terminal: one entry per rule, the worst first, then what the tools cost. */
export function reportHuman(run: LintRun, options: HumanOptions): string {
  const writer = new Writer(options);
  run.reports.forEach((named, index) => {
    if (index > 0) writer.line();
    writeReport(writer, named, options);
  });
  for (const { target, reason } of run.failures) {
    if (run.reports.length > 0) writer.line();
    writer.heading('error', `${cutText(target, 200)} could not be linted: ${cutText(reason, 500)}`);
  }
  return writer.text;
}
