/** What cases announce. `about` always has caseId and kioskId. */
export type CaseFact = {
  kind:
    | 'case.started'
    | 'case.presented'
    | 'case.consented'
    | 'case.filled'
    | 'case.moved'
    | 'case.ticked'
    | 'case.passed'
    | 'case.went-back'
    | 'case.corrected'
    | 'case.settled'
    | 'case.known-fetched'
    | 'case.revealed'
    | 'case.handed-over'
    | 'case.closed';
  about: { caseId: string; kioskId: string };
  data?: Record<string, string | number | boolean | null>;
};
