import { createHash } from 'node:crypto';
import { UserError } from '../../domain/errors.js';

/** What the mock does with a request instead of answering it as Omny does. */
export type FaultKind =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'drip'; readonly everyMs: number }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: BareKind };

/** Which requests of a space meet the fault; they are counted from 1. */
export type FaultWhen =
  | { readonly kind: 'always' }
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'every'; readonly n: number };

export interface MockFault {
  /** The fault as the user wrote it. */
  readonly spec: string;
  readonly what: FaultKind;
  readonly when: FaultWhen;
}

const BARE_KINDS = [
  'hang',
  'refuse',
  'reset',
  'reset-after',
  'cut',
  'html',
  'bad-json',
  'empty',
  'huge',
  'disabled',
] as const;
type BareKind = (typeof BARE_KINDS)[number];

const KIND_FORMS = `an HTTP status (503, 429=5s), delay=200ms, drip, redirect=URL, ${BARE_KINDS.join(', ')}`;
const WHEN_FORMS = 'p0.1, #3, #5-9, #10+ or every4';
const DRIP_MS = 1000;

/**
 * Reads `KIND[=ARG][@WHEN]`.
 * @throws UserError `usage`
 */
export function parseFault(spec: string): MockFault {
  const at = spec.lastIndexOf('@');
  const when = at < 0 ? { kind: 'always' as const } : whenOf(spec.slice(at + 1));
  // A redirect's URL can also contain an @.
  if (!when && !spec.startsWith('redirect=')) {
    throw wrong(spec, `${WHEN_FORMS} after the @`, spec.slice(at + 1));
  }
  return {
    spec,
    what: kindOf(when && at >= 0 ? spec.slice(0, at) : spec, spec),
    when: when ?? { kind: 'always' },
  };
}

function kindOf(text: string, spec: string): FaultKind {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const arg = equals < 0 ? null : text.slice(equals + 1);
  if (/^\d+$/.test(name)) return statusOf(Number(name), arg, spec);
  const bare = BARE_KINDS.find((known) => known === name);
  if (bare) {
    if (arg !== null) throw wrong(spec, `${bare} alone`, `${bare}=${arg}`);
    return { kind: bare };
  }
  switch (name) {
    case 'delay':
      return { kind: 'delay', ms: durationOf(arg, 'delay=200ms', spec) };
    case 'drip':
      return { kind: 'drip', everyMs: arg === null ? DRIP_MS : durationOf(arg, 'drip=500ms', spec) };
    case 'redirect':
      return { kind: 'redirect', location: locationOf(arg, spec) };
    default:
      throw wrong(spec, KIND_FORMS, name);
  }
}

function statusOf(status: number, arg: string | null, spec: string): FaultKind {
  if (status < 200 || status > 599) throw wrong(spec, 'an HTTP status from 200 to 599', String(status));
  const retryAfterSeconds = arg === null ? null : Math.ceil(durationOf(arg, `${status}=5s`, spec) / 1000);
  return { kind: 'status', status, retryAfterSeconds };
}

function durationOf(text: string | null, example: string, spec: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text ?? '') ?? [];
  const ms = Number(amount) * ({ ms: 1, s: 1000, m: 60_000 }[unit] ?? Number.NaN);
  if (amount === '' || !(ms <= 3_600_000)) {
    throw wrong(spec, `a length of time of at most an hour, as in ${example}`, text ?? 'none');
  }
  return ms;
}

function locationOf(text: string | null, spec: string): string {
  const url = text !== null && URL.canParse(text, 'http://mock') ? new URL(text, 'http://mock') : null;
  if (text && url && ['http:', 'https:'].includes(url.protocol)) return encodeURI(decoded(text));
  throw wrong(spec, 'an http or https URL, as in redirect=http://127.0.0.1:9000/', text ?? 'none');
}

/** Decodes a URL, so that one that is already percent-encoded is not encoded twice. */
function decoded(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}

function whenOf(text: string): FaultWhen | null {
  const [, share] = /^p(\d*\.?\d+)$/.exec(text) ?? [];
  if (share !== undefined) return Number(share) <= 1 ? { kind: 'share', share: Number(share) } : null;
  const [, every] = /^every(\d+)$/.exec(text) ?? [];
  if (every !== undefined) return Number(every) >= 1 ? { kind: 'every', n: Number(every) } : null;
  const [, first, last] = /^#(\d+)(\+|-\d+)?$/.exec(text) ?? [];
  const from = Number(first);
  if (first === undefined || from < 1) return null;
  if (last === undefined) return { kind: 'range', from, to: from };
  const to = last === '+' ? Number.POSITIVE_INFINITY : Number(last.slice(1));
  return to >= from ? { kind: 'range', from, to } : null;
}

function wrong(spec: string, expected: string, received: string): UserError {
  return new UserError(
    'usage',
    `the fault ${JSON.stringify(spec)}: expected ${expected}, received ${JSON.stringify(received)}`,
    'A fault is KIND[=ARG][@WHEN], such as 503, 429=5s, delay=200ms@p0.1, reset@#3.',
  );
}

/** The settings that decide, with the number of a request, which fault it meets. */
export interface FaultPlan {
  /** The first fault that matches a request is used. */
  readonly faults: readonly MockFault[];
  readonly seed: number;
  /** The name of the space, so that parallel tests get independent random numbers. */
  readonly stream: string;
}

/**
 * The fault that a request meets; null without one. The same plan and number always give the same fault, in whatever order
 * requests arrive.
 * @param number The number of the request in its space, from 1.
 */
export function faultFor({ faults, seed, stream }: FaultPlan, number: number): MockFault | null {
  const draw = (i: number) => fraction(`${seed}/${i}/${number}/${stream}`);
  return faults.find(({ when }, i) => isMet(when, number, () => draw(i))) ?? null;
}

function isMet(when: FaultWhen, number: number, draw: () => number): boolean {
  switch (when.kind) {
    case 'always':
      return true;
    case 'every':
      return number % when.n === 0;
    case 'range':
      return number >= when.from && number <= when.to;
    case 'share':
      return draw() < when.share;
  }
}

/** Whether a request that meets this fault is still checked and counted. */
export function countsBody({ kind }: FaultKind): boolean {
  return kind !== 'refuse' && kind !== 'reset' && kind !== 'status' && kind !== 'redirect';
}

/** A number from 0 to below 1, computed from a text. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
