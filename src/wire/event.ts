// The same checks as `zod` in a third of the code. Every run must load this code.

import type { core } from 'zod/mini';
import * as z from 'zod/mini';
import { ID_FIELDS } from '../domain/event-batch.js';
import { EMPTY_GUID, isEmptyGuid } from '../domain/guid.js';
import { isJsonObject, type JsonObject } from './json.js';

/** Makes a value on its first use. Making a schema takes longer than reading a small file, and valid data needs no schema. */
export function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * A GUID other than zeros (API-8). `format: uuid` is not in its JSON Schema, because it only covers the versions and
 * variants of RFC 9562. The length is there for validators whose `$` also matches before a line end. @internal
 */
export const guidSchema = lazily(() =>
  z.guid().check(
    z.refine((id) => !isEmptyGuid(id)),
    z.meta({ format: undefined, maxLength: EMPTY_GUID.length, not: { const: EMPTY_GUID } }),
  ),
);

/** The two Types (API-10). */
export const EVENT_TYPES = ['Start', 'Stop'] as const;

/** Makes validators reject 1e999, which they accept as a number. (zod rejects it anyway.) */
const FINITE = { maximum: Number.MAX_VALUE } as const;

/**
 * A Timestamp must be from the first number to below the second (API-13). A number outside is in milliseconds or
 * microseconds, or counts seconds since the page was loaded.
 */
export const TIMESTAMPS = { from: 1e9, below: 1e11 } as const;

/**
 * One event as the API accepts it. Written by hand, because the package's types must not refer to another package. The
 * compiler checks that the schema matches it.
 */
export type WireEvent = {
  OrganizationId: string;
  ClipId: string;
  SessionId: string;
  Type: (typeof EVENT_TYPES)[number];
  Position: number;
  SeqNumber: number;
  Timestamp: number;
};

/** The schema of an event (API-8 to API-13), on which the shape rules rest. @internal */
export const eventSchema = lazily(() =>
  z
    .object({
      OrganizationId: guidSchema().check(z.describe('GUID of the clip’s organization')),
      ClipId: guidSchema().check(z.describe('GUID of the clip')),
      SessionId: guidSchema().check(
        z.describe('Made by the client, globally unique: one continuous play of one clip'),
      ),
      Type: z.enum(EVENT_TYPES).check(z.describe('Playback has started, or stopped, at Position')),
      Position: z
        .number()
        .check(
          z.minimum(0),
          z.meta(FINITE),
          z.describe('Seconds along the audio timeline, fractions allowed'),
        ),
      SeqNumber: z
        .number()
        .check(
          z.minimum(1),
          z.refine(Number.isInteger),
          z.meta({ type: 'integer', ...FINITE }),
          z.describe('From 1, one more for each new event of the session'),
        ),
      Timestamp: z
        .number()
        .check(
          z.minimum(TIMESTAMPS.from),
          z.lt(TIMESTAMPS.below),
          z.describe('Unix time in seconds of the moment the event was emitted'),
        ),
    } satisfies { [Field in keyof WireEvent]: z.ZodMiniType<WireEvent[Field]> })
    .check(z.describe('A consumption analytics event')),
);

export type EventField = keyof WireEvent;

/** The documented JSON type of each field, and the point of the contract that documents it. */
export const FIELD_DOCUMENTED: Readonly<
  Record<EventField, { readonly type: 'string' | 'number'; readonly reference: string }>
> = {
  OrganizationId: { type: 'string', reference: 'API-8' },
  ClipId: { type: 'string', reference: 'API-8' },
  SessionId: { type: 'string', reference: 'API-8' },
  Type: { type: 'string', reference: 'API-10' },
  Position: { type: 'number', reference: 'API-11' },
  SeqNumber: { type: 'number', reference: 'API-12' },
  Timestamp: { type: 'number', reference: 'API-13' },
};

/** The seven fields, in the order in which the API document gives them. */
export const EVENT_FIELDS = Object.keys(FIELD_DOCUMENTED) as readonly EventField[];

/** How a field can differ from its definition. */
export type ShapeFaultKind = 'missing' | 'type' | 'guid' | 'empty' | 'choice' | 'range';

/** One field of an event that does not meet the definition. */
export interface ShapeFault {
  readonly kind: ShapeFaultKind;
  readonly field: EventField;
  readonly value: unknown;
}

/** Checks a JSON object against the event's definition. Returns the faults in the order of the fields, at most one per field. */
export function shapeFaults(event: JsonObject): readonly ShapeFault[] {
  const parsed = eventSchema().safeParse(event);
  if (parsed.success) return [];
  const first = new Map<string, core.$ZodIssue>();
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0]);
    if (!first.has(field)) first.set(field, issue);
  }
  return EVENT_FIELDS.flatMap((field) => {
    const issue = first.get(field);
    return issue ? [{ kind: kindOf(issue, event, field), field, value: event[field] }] : [];
  });
}

const ID_NAMES: ReadonlySet<EventField> = new Set(Object.values(ID_FIELDS));

function kindOf(issue: core.$ZodIssue, event: JsonObject, field: EventField): ShapeFaultKind {
  if (!Object.hasOwn(event, field)) return 'missing';
  if (typeof event[field] !== FIELD_DOCUMENTED[field].type) return 'type';
  if (issue.code === 'invalid_format') return 'guid';
  if (issue.code === 'invalid_value') return 'choice';
  return ID_NAMES.has(field) ? 'empty' : 'range';
}

/** New values for some ids of an event. */
export interface OtherIds {
  readonly organizationId?: string | undefined;
  readonly clipId?: string | undefined;
  readonly sessionId?: string | undefined;
}

/** An event as a JSON value, with new values for those ids that it has. */
export function withIds(event: unknown, { organizationId, clipId, sessionId }: OtherIds): unknown {
  if (!isJsonObject(event)) return event;
  const changed: Record<string, unknown> = { ...event };
  const ids = { OrganizationId: organizationId, ClipId: clipId, SessionId: sessionId };
  for (const [field, id] of Object.entries(ids)) {
    if (id !== undefined && Object.hasOwn(changed, field)) changed[field] = id;
  }
  return changed;
}
