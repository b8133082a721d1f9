import type { ReviewAt, ReviewKind } from '@openvtm/protocol';

export type ReviewEventName =
  | 'take'
  | 'release'
  | 'hand-on'
  | 'accept'
  | 'accept-but-second'
  | 'return'
  | 'refuse'
  | 'second-done'
  | 'second-returned'
  | 'send-again'
  | 'withdraw';

/** The life of a review. Pure; `null` means "not from here". Only a case sent ahead waits for second reviewers or comes again. */
export function nextReview(at: ReviewAt, event: ReviewEventName, kind: ReviewKind): ReviewAt | null {
  const ahead = kind === 'ahead';
  switch (event) {
    case 'take':
      return at === 'open' ? 'taken' : null;
    case 'release':
    case 'hand-on':
      return at === 'taken' ? 'open' : null;
    case 'accept':
      return at === 'taken' ? 'accepted' : null;
    case 'accept-but-second':
      return ahead && at === 'taken' ? 'second' : null;
    case 'return':
      return at === 'taken' ? 'returned' : null;
    case 'refuse':
      return ahead && at === 'taken' ? 'refused' : null;
    case 'second-done':
      return ahead && at === 'second' ? 'accepted' : null;
    case 'second-returned':
      return ahead && at === 'second' ? 'returned' : null;
    case 'send-again':
      return ahead && at === 'returned' ? 'open' : null;
    case 'withdraw':
      return isOver(at, kind) ? null : 'withdrawn';
    default:
      return event satisfies never;
  }
}

/** Nothing more can happen to it. A case sent ahead that was returned may come again. */
export const isOver = (at: ReviewAt, kind: ReviewKind): boolean =>
  at === 'accepted' || at === 'refused' || at === 'withdrawn' || (kind === 'second' && at === 'returned');

/** Who wants to review, as far as it matters. */
export type Reviewer = { staffId: string; roles: readonly string[]; skills: Readonly<Record<string, number>> };
export type Asked = { skills: Readonly<Record<string, number>>; toStaff: string | null; firstStaff: string | null };

/**
 * Whether somebody may do a review: an approver any, so that what was handed to somebody who is ill is not stuck; an
 * agent with the skills, or to whom it was handed; never who accepted the document first.
 */
export function mayReview({ staffId, roles, skills }: Reviewer, asked: Asked): 'yes' | 'same-person' | 'no' {
  if (asked.firstStaff === staffId) return 'same-person';
  if (roles.includes('approver') || asked.toStaff === staffId) return 'yes';
  if (!roles.includes('agent') || asked.toStaff !== null) return 'no';
  return Object.entries(asked.skills).every(([skill, level]) => (skills[skill] ?? 0) >= level) ? 'yes' : 'no';
}
