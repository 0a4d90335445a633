import type { DiagnosisKind } from '../src/diagnoses/define.js';

export function withDiagnosisTable(readme: string, diagnoses: readonly DiagnosisKind[]): string;
