const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SIMULATED = /^5eed[0-9a-f]{4}-[0-9a-f]{4}-8/i;

/** The GUID of zeros: the mark of an id that was never set. */
export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';

/** Whether a text is a GUID: 8-4-4-4-12 hexadecimal, any version, either case (API-8). */
export function isGuid(text: unknown): text is string {
  return typeof text === 'string' && GUID.test(text);
}

/** Whether a GUID is all zeros. */
export function isEmptyGuid(guid: string): boolean {
  return guid === EMPTY_GUID;
}

/** Whether a SessionId is one that `simulate` made: a version 8 UUID that begins with `5eed`. */
export function isSimulatedId(guid: string): boolean {
  return SIMULATED.test(guid);
}

/** The form in which GUIDs are compared. */
export function guidKey(guid: string): string {
  return guid.toLowerCase();
}
