export function withRules(page: string, rules: readonly object[]): string;
export function withDiagnoses(page: string, diagnoses: readonly object[]): string;
