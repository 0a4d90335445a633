import { appendFile, stat } from 'node:fs/promises';
import type { Reported } from '../reporters/reporter.js';
import { summaryMarkdown } from './summary-markdown.js';

/** What GitHub takes of one step. */
const MOST_BYTES = 1024 * 1024;

/**
 * Appends the report to the summary of a workflow's step; tells where that cannot be.
 * @param file As `GITHUB_STEP_SUMMARY` names it; other commands of the step may have written to it.
 */
export async function appendStepSummary(
  file: string,
  { report, warningsFail, tell }: Reported,
): Promise<void> {
  const before = await stat(file).catch(() => null);
  const text = summaryMarkdown(report, MOST_BYTES - (before?.size ?? 0), warningsFail);
  if (text === '') {
    tell('GITHUB_STEP_SUMMARY: no room left, the report is not added');
    return;
  }
  try {
    await appendFile(file, text);
  } catch (error) {
    tell(`GITHUB_STEP_SUMMARY: cannot be written: ${(error as Error).message}`);
  }
}
