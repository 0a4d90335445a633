import * as z from 'zod/mini';
import { SOURCES, type Source } from '../domain/event-batch.js';
import { eventSchema, lazily } from './event.js';
import { isJsonObject } from './json.js';

/** The Source of Omny's own embed and web player. */
export const RESERVED_SOURCE = 'Web' satisfies Source;

/** The Source of events without one. */
export const DEFAULT_SOURCE = 'Custom' satisfies Source;

/** A request body as the API accepts it (API-3 to API-5). */
export const bodySchema = lazily(() =>
  z
    .object({
      Source: z
        .enum(SOURCES)
        .check(z.describe('Where the listening was recorded; Web is Omny’s own players')),
      Events: z
        .array(eventSchema())
        .check(z.minLength(1), z.describe('The events of one or more completed sessions')),
      Completed: z.literal(true).check(z.describe('Only completed sessions are sent')),
    })
    .check(z.describe('Completed listening sessions of one organization')),
);

export type WireBody = z.infer<ReturnType<typeof bodySchema>>;
export type BodyProperty = keyof WireBody;

/** Whether a text is a request body with events: JSON with an array of `Events`. */
export function holdsEvents(text: string): boolean {
  if (!text.includes('"Events"')) return false;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && Array.isArray(value.Events);
  } catch {
    return false;
  }
}

/** The documented JSON type of each property. */
export const PROPERTY_DOCUMENTED: Readonly<Record<BodyProperty, 'string' | 'array' | 'boolean'>> = {
  Source: 'string',
  Events: 'array',
  Completed: 'boolean',
};

/** The three properties, in the order in which the API document gives them. */
export const BODY_PROPERTIES = Object.keys(PROPERTY_DOCUMENTED) as readonly BodyProperty[];

/** The endpoint's answer (API-6). */
export const responseSchema = lazily(() =>
  z
    .object({
      Enabled: z
        .boolean()
        .check(
          z.describe(
            'Whether consumption analytics is enabled; if false, the client should stop submitting for the rest of this page or app session',
          ),
        ),
    })
    .check(z.describe('The endpoint’s answer')),
);

/** The host of the endpoint (API-1). */
export const ENDPOINT_ORIGIN = 'https://traffic.omny.fm';

/** Path of the endpoint (API-1). */
export const ENDPOINT_PATH = '/api/consumption/events';

const PATH_AT_END = new RegExp(`${ENDPOINT_PATH}/?$`, 'i');

/**
 * The end of a URL's path that is the endpoint's path (ignoring case and a final slash), as it was written. Null if the
 * path does not match.
 */
export function endpointPathAtEnd(path: string): string | null {
  return PATH_AT_END.exec(path)?.[0] ?? null;
}

/** Name of the URL parameter that holds the organization (API-1). */
export const ORGANIZATION_PARAMETER = 'organizationId';
