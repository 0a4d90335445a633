import type { InputRecord } from '../../src/domain/record.js';
import { OrganizationGuard } from '../../src/validate/organization-guard.js';

/** What is said of an input that holds other organizations than this; null where it does not. */
export async function refusalOf(
  records: AsyncIterable<readonly InputRecord[]>,
  organization: string,
): Promise<string | null> {
  const guard = new OrganizationGuard(organization);
  for await (const _ of guard.watch(records));
  try {
    guard.refuse();
    return null;
  } catch (error) {
    return String(error);
  }
}
