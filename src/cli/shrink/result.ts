import { formatDuration, formatNumber, pluralize, shellWords } from '../../domain/text.js';
import { readInputs } from '../../read/read.js';
import { curlPost } from '../../send/endpoint.js';
import { hasTarget, type Settings, type Target, type Verdict, verdictOn } from '../../shrink/check.js';
import { type Document, fieldOf, type Part, sizeOf } from '../../shrink/document.js';
import type { Budget } from '../../shrink/minimize.js';
import type { Shrunk } from '../../shrink/shrink.js';
import { bytesOf, textOf, urlOf } from '../../shrink/write.js';
import { reported, validate } from '../../validate/validate.js';
import { DEFAULT_SOURCE, ENDPOINT_PATH } from '../../wire/body.js';
import { isJsonObject, type JsonObject, jsonText } from '../../wire/json.js';
import type { Cli } from '../cli.js';
import { readingWords } from '../options/input.js';
import type { ShrinkFlags } from './documents.js';

/** The default address of `omny-consume mock`. */
const MOCK = 'http://127.0.0.1:8787';
const MOCK_NOTE =
  '# Start the mock first: omny-consume mock. If it has another port than 8787, replace the port below.\n';

/** The result in the form that the user chose. */
export async function textAs(
  form: ShrinkFlags['as'],
  document: Document,
  target: Target,
  settings: Settings,
): Promise<string | Uint8Array> {
  if (form === 'curl') return curlText(document);
  return form === 'fixture' ? await fixtureText(document, target, settings) : bytesOf(document);
}

/** An input for a test, and the findings and diagnoses that it has, as JSON. */
async function fixtureText(
  document: Document,
  { kind, id }: Target,
  { read, rules }: Settings,
): Promise<string> {
  const file = `${id}.${document.format}`;
  const bytes = bytesOf(document);
  const source = {
    name: file,
    bytes: (async function* () {
      yield bytes;
    })(),
  };
  const report = await validate(readInputs([source], { ...read, format: document.format }), {
    ...rules,
    maxFindings: 0,
  });
  const fixture = {
    version: 1,
    [kind]: id,
    file,
    text: textOf(document),
    ...(document.clips.size > 0 && { clips: Object.fromEntries(document.clips) }),
    findings: report.findings.map(reported),
    diagnoses: report.diagnoses,
  };
  return `${JSON.stringify(fixture, null, 2)}\n`;
}

/** Commands that post the requests, or the events as a request, to the mock. */
function curlText(document: Document): string {
  const events = document.parts.flatMap((part) => (part.kind === 'event' ? [part.event] : []));
  const bodies = document.parts.flatMap((part) =>
    part.kind === 'event' || part.kind === 'row' ? [] : [part],
  );
  const loose: Part[] = [...sourcesOf(events)].map(([Source, its]) => ({
    kind: 'body',
    body: { Source, Events: its, Completed: true },
    exchange: null,
  }));
  return [MOCK_NOTE, ...[...bodies, ...loose].map((part) => curlOf(document, part))].join('');
}

/** Events outside a request, grouped by their Source, because a request has one Source. */
function sourcesOf(events: readonly JsonObject[]): ReadonlyMap<unknown, readonly JsonObject[]> {
  const bySource = new Map<unknown, JsonObject[]>();
  for (const { Source = DEFAULT_SOURCE, ...event } of events)
    bySource.set(Source, [...(bySource.get(Source) ?? []), event]);
  return bySource;
}

function curlOf(document: Document, part: Part): string {
  const text = part.kind === 'text' ? part.text : part.kind === 'body' ? jsonText(part.body) : '';
  const exchange = part.kind === 'body' || part.kind === 'text' ? part.exchange : null;
  if (exchange) {
    const { pathname, search } = new URL(urlOf(exchange));
    return curlPost(`${MOCK}${pathname}${search}`, text, exchange.mediaType);
  }
  const [first] =
    part.kind === 'body' && isJsonObject(part.body)
      ? ((part.body.Events as readonly unknown[] | undefined) ?? [])
      : [];
  const organization = isJsonObject(first) ? fieldOf(document, first, 'OrganizationId') : undefined;
  const query = typeof organization === 'string' ? `?organizationId=${encodeURIComponent(organization)}` : '';
  return curlPost(`${MOCK}${ENDPOINT_PATH}${query}`, text, 'application/json');
}

/** What `shrink` did. */
export interface ShrinkRun {
  /** The findings and the size of the whole input. */
  readonly whole: Verdict;
  readonly shrunk: Shrunk;
  readonly budget: Budget;
  readonly ms: number;
}

/** What the user asked for. */
interface ShrinkOrder {
  readonly settings: Settings;
  readonly target: Target;
  readonly flags: ShrinkFlags;
  readonly cli: Cli;
}

/** The lines to print about a result: its size, what was kept, what it needs, and how to check it. */
export async function resultLines(
  { whole, shrunk, budget, ms }: ShrinkRun,
  { settings, target, flags, cli }: ShrinkOrder,
): Promise<readonly string[]> {
  const { document } = shrunk;
  return [
    resultText(whole, document, budget.checks, ms),
    ...keptText(shrunk),
    ...clipsText(document),
    ...(budget.spent ? [stoppedText(budget)] : []),
    ...(flags.as === undefined ? [await nextText(document, settings, flags, cli, target)] : []),
  ];
}

/** `4,000 events in 120 sessions -> 2 events in 1 session (312 checks, 0.8 s)`. */
function resultText({ events, sessions }: Verdict, document: Document, checks: number, ms: number): string {
  const size = sizeOf(document);
  const texts = document.parts.filter(({ kind }) => kind === 'text').length;
  const left =
    size.events > 0 || texts === 0
      ? `${sizeText(size.events, size.sessions, document.format)}${texts > 0 ? ` and ${pluralize(texts, 'line')} that cannot be parsed` : ''}`
      : `${pluralize(texts, 'line')} that cannot be parsed`;
  return `${sizeText(events, sessions, 'json')} → ${left} (${pluralize(checks, 'check')}, ${formatDuration(ms / 1000)})`;
}

function sizeText(events: number, sessions: number, format: Document['format']): string {
  const what = format === 'csv' ? 'row' : 'event';
  return `${pluralize(events, what)} in ${pluralize(sessions, 'session')}`;
}

function keptText({ kept }: Shrunk): readonly string[] {
  if (kept.length === 0) return [];
  const shown = kept.slice(0, 5).map((text) => JSON.stringify(text.slice(0, 60)));
  return [`warning: texts of the input were kept, because the finding needs them: ${shown.join(', ')}`];
}

/** The durations of clips that the result needs, as the lines of a CSV file. */
function clipsText({ clips }: Document): readonly string[] {
  if (clips.size === 0) return [];
  const rows = [...clips].map(([id, seconds]) => `${id},${seconds}`);
  return [
    `The finding needs durations of clips; give --clips a file with these lines: ${['ClipId,Duration', ...rows].join(' / ')}`,
  ];
}

function stoppedText({ checks }: Budget): string {
  return `stopped after ${formatNumber(checks)} checks; run shrink on the result to continue`;
}

/** The command that checks the result. */
async function nextText(
  document: Document,
  { read, rules }: Settings,
  { output }: ShrinkFlags,
  cli: Cli,
  target: Target,
): Promise<string> {
  const toFile = output !== undefined && output !== '-';
  const bytes = bytesOf(document);
  const source = {
    name: toFile ? output : '<stdin>',
    bytes: (async function* () {
      yield bytes;
    })(),
  };
  const options = { ...rules, clipDurations: document.clips };
  const verdict = await verdictOn(readInputs([source], read), options, target).catch(() => null);
  const words = [
    ...readingWords(cli.args).filter((word, i, all) => !isApplied(word) && !isApplied(all[i - 1] ?? '')),
    ...ruleWords(cli.args),
    ...(verdict && hasTarget(verdict, target) ? [] : ['--input-format', document.format]),
  ];
  const command = ['omny-consume', 'validate', ...words];
  return toFile
    ? `Check it: ${shellWords([...command, output])}`
    : `To check it, add: | ${shellWords(command)}`;
}

/** Whether a word is an option that the result no longer needs, because its effect is in the result. */
function isApplied(word: string): boolean {
  return /^--(?:clip-map|organization)(?:=|$)|^--skip-unmapped$/.test(word);
}

/** The options of the command line that set up rules, without the `--rule ID` that names the finding to keep. */
function ruleWords(args: readonly string[]): readonly string[] {
  return args.flatMap((word, i) => {
    const [, flag, value = args[i + 1] ?? ''] =
      /^--(rule|min-duration|max-speed)(?:=(.*))?$/s.exec(word) ?? [];
    return flag === undefined || (flag === 'rule' && !value.includes('=')) ? [] : [`--${flag}`, value];
  });
}
