import { readInputs } from '../../read/read.js';
import { curlPost } from '../../send/shell.js';
import type { Settings, Target } from '../../shrink/check.js';
import type { Document, Part } from '../../shrink/document.js';
import { fieldOf } from '../../shrink/document.js';
import { bytesOf, textOf, urlOf } from '../../shrink/write.js';
import { reported } from '../../validate/finding-list.js';
import { validate } from '../../validate/validate.js';
import { DEFAULT_SOURCE, ENDPOINT_PATH } from '../../wire/body.js';
import { isJsonObject, type JsonObject, jsonText } from '../../wire/json.js';
import type { ShrinkFlags } from './documents.js';

/** Where `omny-consume mock` listens unless told otherwise. */
const MOCK = 'http://127.0.0.1:8787';

/** The result as the user wants it. */
export async function textAs(
  form: ShrinkFlags['as'],
  document: Document,
  target: Target,
  settings: Settings,
): Promise<string | Uint8Array> {
  if (form === 'curl') return curlText(document);
  return form === 'fixture' ? await fixtureText(document, target, settings) : bytesOf(document);
}

/** A test's input and what is to be found in it, as JSON. */
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
  return [...bodies, ...loose].map((part) => curlOf(document, part)).join('');
}

/** Bare events by their Source, which is the request's. */
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
