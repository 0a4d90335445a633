import type { EventField } from '../wire/event.js';
import type { JsonObject } from '../wire/json.js';

/** A request as a browser's network panel would record it. */
export interface ExampleExchange {
  readonly body: JsonObject;
  /** Seconds after the first event of the examples. */
  readonly at: number;
  /** Text behind the endpoint's path. */
  readonly query: string;
  readonly contentType: string;
  /** The answer's Enabled flag. */
  readonly enabled: boolean;
}

/** Data that shows a rule. */
export type Example =
  | { readonly kind: 'events'; readonly events: readonly JsonObject[] }
  | { readonly kind: 'bodies'; readonly bodies: readonly JsonObject[] }
  | { readonly kind: 'capture'; readonly exchanges: readonly ExampleExchange[] }
  | {
      readonly kind: 'text';
      readonly format: 'json' | 'csv';
      readonly text: string;
      /** The text with what does not matter left out as `…`. */
      readonly shown: string;
    };

/** What is said of a rule to whoever asks, beyond what each finding says: loaded by nothing that checks. */
export interface RuleGuide {
  /** The rule's condition, as the catalogue writes it. */
  readonly firesWhen: string;
  /** What of the rule the API document does not say, but we infer or chose; null where it says it all. */
  readonly inferred: string | null;
  /** Data in which this rule finds something and no other does. */
  readonly broken: Example;
  /** The same, mended: nothing is found in it. */
  readonly mended: Example;
  /** The fields of events that tell it; the documented others are left out where the examples are shown. */
  readonly shows: readonly EventField[];
  /** A few lines of browser code of a player that does it right. */
  readonly code?: string;
}

/** The fields that tell what was heard, and when. */
export const LISTENING_FIELDS = [
  'Type',
  'Position',
  'SeqNumber',
  'Timestamp',
] as const satisfies readonly EventField[];
