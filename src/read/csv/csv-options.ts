import type { JsonOptions } from '../json/json.js';

export interface CsvOptions extends JsonOptions {
  /** Headers by the column they stand for: `ClipId` to `episode_guid`. */
  readonly map: ReadonlyMap<string, string>;
  /** What delimits cells, one character; unless given, the header row tells. */
  readonly delimiter?: string | undefined;
  /** IANA name of the zone of times without an offset; without it they cannot be read. */
  readonly timezone?: string | undefined;
  /** Unit of times that are numbers; seconds unless given. */
  readonly timestampUnit?: 's' | 'ms' | undefined;
  /** OrganizationId of rows that have none. */
  readonly organization?: string | undefined;
}
