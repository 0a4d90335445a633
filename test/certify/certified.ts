import type { BehaviourId } from '../../src/certify/define.js';
import type { Sheet, SheetLine } from '../../src/certify/sheet.js';
import { CertifyWatch } from '../../src/certify/watch.js';
import { Diagnoses } from '../../src/diagnoses/diagnoses.js';
import { readInputs } from '../../src/read/read.js';
import type { InputSource } from '../../src/read/source.js';
import { inspect } from '../../src/validate/inspect.js';
import { INSPECT_DEFAULTS, type InspectOptions } from '../../src/validate/options.js';

const NOW = 1_767_225_600;

/** The sheet of what is read, as `omny-consume certify` makes it. */
export async function certified(
  sources: readonly InputSource[],
  settings: Partial<InspectOptions> = {},
  required?: ReadonlySet<BehaviourId>,
): Promise<Sheet> {
  const options = { ...INSPECT_DEFAULTS, now: NOW, separateStores: true, ...settings };
  const watch = new CertifyWatch(options);
  const diagnoses = new Diagnoses(options);
  for await (const chunk of inspect(readInputs(sources, { withRefused: true }), {
    ...options,
    certify: watch,
    diagnoses,
  }))
    for (const _ of chunk);
  return watch.sheet({ diagnoses: diagnoses.end(), required });
}

/** Text as an input. */
export function textInput(text: string, name = 'events.ndjson'): InputSource {
  return {
    name,
    bytes: (async function* () {
      yield Buffer.from(text);
    })(),
  };
}

/** The ids of the behaviours with a verdict. */
export function idsOf({ lines }: Sheet, verdict: SheetLine['verdict']): readonly BehaviourId[] {
  return lines.filter((line) => line.verdict === verdict).map(({ behaviour }) => behaviour);
}
