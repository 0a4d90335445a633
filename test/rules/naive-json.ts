/** What a user can set, as the naive reading takes it. */
export interface NaiveSettings {
  readonly now: number;
  readonly minDuration: number;
  readonly maxSpeed: number;
  /** Seconds by ClipId in lower case. */
  readonly clips: Readonly<Record<string, number>>;
}

// biome-ignore lint/suspicious/noExplicitAny: values are JSON, whatever it is
export type Json = any;

const GUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;
export const ZEROS = '00000000-0000-0000-0000-000000000000';
export const FIELDS = ['OrganizationId', 'ClipId', 'SessionId', 'Type', 'Position', 'SeqNumber', 'Timestamp'];
export const IDS = ['OrganizationId', 'ClipId', 'SessionId'];

export const isObject = (value: Json) => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isGuid = (value: Json) => typeof value === 'string' && GUID.test(value);
export const has = (object: Json, key: string) => Object.hasOwn(object, key);
export const lower = (value: Json) => (typeof value === 'string' ? value.toLowerCase() : value);

/** Properties that are not defined, but for those that differ only in case from a defined one that is absent. */
export function unknownProperties(
  object: Json,
  defined: readonly string[],
  ours: readonly string[] = [],
): string[] {
  const absent = defined.filter((name) => !has(object, name)).map(lower);
  return Object.keys(object).filter(
    (key) => !defined.includes(key) && !ours.includes(key) && !absent.includes(lower(key)),
  );
}

export const pointerTo = (key: string) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
