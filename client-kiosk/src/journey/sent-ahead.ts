import { HandoverCode, Instant } from '@openvtm/protocol';

/** What the customer takes along from a case sent ahead. */
export type SentCase = { code: string; dueAt: number; keptUntil: number };
/** `sending`: the server is asked, and takes the case off this kiosk. */
export type SentAhead = { at: 'sending' } | { at: 'sent'; sent: SentCase };

/** What was kept over a reload; null for anything else. */
export function sentCaseOf(text: string | null): SentCase | null {
  try {
    const { code, dueAt, keptUntil } = JSON.parse(text ?? '') as Record<string, unknown>;
    return { code: HandoverCode.parse(code), dueAt: Instant.parse(dueAt), keptUntil: Instant.parse(keptUntil) };
  } catch {
    return null;
  }
}
