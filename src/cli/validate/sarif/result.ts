import type { ArtifactLocation, LogicalLocation, Region, Result } from 'sarif';
import { escaped } from '../../../domain/text.js';
import { type Finding, messageOf } from '../../../domain/finding.js';
import type { LineExcerpt } from '../../../read/line-excerpts.js';
import { tokenLength } from '../token.js';
import type { Fingerprints } from './fingerprints.js';
import { LEVELS, RULE_INDEX } from './rules.js';

/**
 * Where an input is, as SARIF tells it.
 * @param path As its repository has it; null of standard input.
 */
export function artifactLocation(path: string | null): ArtifactLocation {
  if (path === null) return { uri: 'stdin', description: { text: 'standard input' } };
  const uri = path
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  if (path.startsWith('/')) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${path[0]}:${uri.slice(uri.indexOf('/'))}` };
  return { uri, uriBaseId: '%SRCROOT%' };
}

/** One finding. The text is given where it could be read again. */
export function resultOf(
  finding: Finding,
  path: string | null,
  text: LineExcerpt | undefined,
  fingerprints: Fingerprints,
): Result {
  const { rule, severity, place, sessionId, seqNumber, reference, hint } = finding;
  const { pointer } = place;
  return {
    ruleId: rule,
    ruleIndex: RULE_INDEX.get(rule)!,
    level: LEVELS[severity],
    message: { text: escaped(`${messageOf(finding)}. ${hint}`) },
    locations: [
      {
        physicalLocation: { artifactLocation: artifactLocation(path), region: regionOf(finding, text) },
        ...(pointer && { logicalLocations: [logicalLocation(pointer)] }),
      },
    ],
    partialFingerprints: fingerprints.of(finding),
    properties: { sessionId, seqNumber, request: place.request, reference },
  };
}

function regionOf({ place: { line, column, pointer } }: Finding, text: LineExcerpt | undefined): Region {
  const length = text && pointer !== null ? tokenLength(text) : 1;
  const snippet = length > 1 ? text?.text.slice(text.at, text.at + length) : undefined;
  return {
    startLine: line,
    startColumn: column,
    endLine: line,
    endColumn: column + length,
    ...(snippet !== undefined && { snippet: { text: snippet } }),
  };
}

function logicalLocation(pointer: string): LogicalLocation {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  return { name, fullyQualifiedName: pointer, kind: /^\d+$/.test(name) ? 'element' : 'property' };
}
