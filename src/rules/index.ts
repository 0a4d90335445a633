import type { RuleId } from '../domain/finding.js';
import type { EventRule, RequestRule, Rule, SessionRule } from './define.js';
import { clipIdShared } from './event/clip-id-shared.js';
import { fieldType } from './event/field-type.js';
import { guidEmpty } from './event/guid-empty.js';
import { guidFormat } from './event/guid-format.js';
import { missingField } from './event/missing-field.js';
import { positionRange } from './event/position-range.js';
import { seqRange } from './event/seq-range.js';
import { sessionIdShared } from './event/session-id-shared.js';
import { timestampFraction } from './event/timestamp-fraction.js';
import { timestampFuture } from './event/timestamp-future.js';
import { timestampUnit } from './event/timestamp-unit.js';
import { typeUnknown } from './event/type-unknown.js';
import { unknownProperty } from './event/unknown-property.js';
import { digitsLost, syntax, tableUnit } from './input.js';
import { contentType } from './request/content-type.js';
import { endpointPath } from './request/endpoint-path.js';
import { eventLeaked } from './request/event-leaked.js';
import { eventsEmpty } from './request/events-empty.js';
import { notCompleted } from './request/not-completed.js';
import { organizationMismatch } from './request/organization-mismatch.js';
import { organizationParameter } from './request/organization-parameter.js';
import { requestShape } from './request/request-shape.js';
import { sentAfterDisabled } from './request/sent-after-disabled.js';
import { sessionResent } from './request/session-resent.js';
import { sessionSentAgain } from './request/session-sent-again.js';
import { sessionSplit } from './request/session-split.js';
import { sourceReserved } from './request/source-reserved.js';
import { sourceUnknown } from './request/source-unknown.js';
import { clipChanged } from './session/clip-changed.js';
import { eventResent } from './session/event-resent.js';
import { intervalTooLong } from './session/interval-too-long.js';
import { nothingHeard } from './session/nothing-heard.js';
import { organizationChanged } from './session/organization-changed.js';
import { playbackTooFast } from './session/playback-too-fast.js';
import { playbackTooSlow } from './session/playback-too-slow.js';
import { positionBeyondClip } from './session/position-beyond-clip.js';
import { positionReversed } from './session/position-reversed.js';
import { positionUnit } from './session/position-unit.js';
import { repeatedEvent } from './session/repeated-event.js';
import { seqDuplicate } from './session/seq-duplicate.js';
import { seqGap } from './session/seq-gap.js';
import { seqStart } from './session/seq-start.js';
import { sessionOpen } from './session/session-open.js';
import { sessionTooShort } from './session/session-too-short.js';
import { sourceChanged } from './session/source-changed.js';
import { startWithoutStop } from './session/start-without-stop.js';
import { stopWithoutStart } from './session/stop-without-start.js';
import { timestampReversed } from './session/timestamp-reversed.js';
import { timestampsAtFlush } from './session/timestamps-at-flush.js';
import { timestampsAtSend } from './session/timestamps-at-send.js';

/** The catalogue: every rule by its id, in the catalogue's order. */
export const RULES: Readonly<Record<RuleId, Rule>> = {
  syntax: syntax,
  'table-unit': tableUnit,
  'digits-lost': digitsLost,
  'request-shape': requestShape,
  'source-unknown': sourceUnknown,
  'source-reserved': sourceReserved,
  'events-empty': eventsEmpty,
  'not-completed': notCompleted,
  'organization-mismatch': organizationMismatch,
  'session-split': sessionSplit,
  'session-resent': sessionResent,
  'session-sent-again': sessionSentAgain,
  'sent-after-disabled': sentAfterDisabled,
  'content-type': contentType,
  'event-leaked': eventLeaked,
  'event-resent': eventResent,
  'endpoint-path': endpointPath,
  'organization-parameter': organizationParameter,
  'missing-field': missingField,
  'field-type': fieldType,
  'guid-format': guidFormat,
  'guid-empty': guidEmpty,
  'session-id-shared': sessionIdShared,
  'clip-id-shared': clipIdShared,
  'type-unknown': typeUnknown,
  'position-range': positionRange,
  'seq-range': seqRange,
  'timestamp-unit': timestampUnit,
  'timestamp-fraction': timestampFraction,
  'timestamp-future': timestampFuture,
  'unknown-property': unknownProperty,
  'clip-changed': clipChanged,
  'organization-changed': organizationChanged,
  'source-changed': sourceChanged,
  'seq-start': seqStart,
  'seq-duplicate': seqDuplicate,
  'seq-gap': seqGap,
  'repeated-event': repeatedEvent,
  'stop-without-start': stopWithoutStart,
  'start-without-stop': startWithoutStop,
  'session-open': sessionOpen,
  'position-reversed': positionReversed,
  'timestamp-reversed': timestampReversed,
  'timestamps-at-flush': timestampsAtFlush,
  'position-unit': positionUnit,
  'timestamps-at-send': timestampsAtSend,
  'interval-too-long': intervalTooLong,
  'playback-too-fast': playbackTooFast,
  'nothing-heard': nothingHeard,
  'playback-too-slow': playbackTooSlow,
  'position-beyond-clip': positionBeyondClip,
  'session-too-short': sessionTooShort,
};

const ALL: readonly Rule[] = Object.values(RULES);

export const EVENT_RULES: readonly EventRule[] = ALL.filter((rule) => rule.level === 'event');
export const REQUEST_RULES: readonly RequestRule[] = ALL.filter((rule) => rule.level === 'request');
export const SESSION_RULES: readonly SessionRule[] = ALL.filter((rule) => rule.level === 'session');
