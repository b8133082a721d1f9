import type { KioskCase } from '@openvtm/protocol';
import type { Kiosk } from '../kiosk.ts';
import type { KioskStore } from '../store.ts';
import { isPromised } from './call-back.ts';
import { mayShare } from './screen.ts';

/** What a change of the case means beyond what the snapshot says. */
export type CaseChange = 'none' | 'began' | 'served' | 'ended' | 'call-broke' | 'disputed' | 'proposed';

const over = (one: KioskCase | null): one is null => one === null || one.at === 'closed';

/** Pure: names what happened between two states of the kiosk's case; `undefined`: this page has seen none yet. */
export function caseChangeOf(before: KioskCase | null | undefined, after: KioskCase | null): CaseChange {
  if (before === undefined) return 'none';
  if (over(after)) {
    if (over(before)) return 'none';
    return before.at === 'rating' ? 'served' : 'ended';
  }
  if (over(before) || before.caseId !== after.caseId) return 'began';
  const wasInCall = ['serving', 'confirming', 'confirmed'].includes(before.at);
  if (wasInCall && after.at === 'alone') return 'call-broke';
  if (before.at === 'confirming' && after.at === 'serving') return 'disputed';
  if (before.at !== 'confirming' && after.at === 'confirming') return 'proposed';
  return 'none';
}

type Change = { before: KioskCase | null | undefined; after: KioskCase | null; store: KioskStore; tell: Kiosk['tell'] };

/** Brings the page's own state in step with its case: language, what was typed, and the wiping when it is over. */
export function afterCaseChange({ before, after, store, tell }: Change): void {
  const left = store.leaving;
  if (!over(after) && after.caseId === left) {
    // Its customer has left while the server could not be told.
    void goodbye(after, tell);
    return;
  }
  if (left !== null) store.leave(null);
  // The next customer may be here already: the end of a case that was left must not wipe what is theirs.
  switch (caseChangeOf(before?.caseId === left && left !== null ? null : before, after)) {
    case 'began':
      store.forgetCase();
      store.browse(false);
      store.enterCode(false);
      store.wantCallBack(null);
      store.sendAhead(null);
      store.thanking = false;
      break;
    case 'served':
      store.forgetCase();
      store.thanking = true;
      break;
    case 'ended':
      // "Choose another service" keeps the same customer, and so do a call-back and a case sent ahead, which wait
      // elsewhere; every other end wipes.
      if (store.browsing || isPromised(store.callBack) || store.sentAhead !== null) store.forgetCase();
      else store.wipe();
      break;
    case 'call-broke':
      store.callBroke = true;
      break;
    case 'disputed':
      store.disputed = true;
      break;
    case 'proposed':
      store.disputed = false;
      break;
    default:
  }
  if (!over(after)) {
    if (!store.presenting) store.present({ language: after.language, print: after.print });
    if (after.at === 'waiting') store.callBroke = false;
    if (!mayShare(after)) store.sharing = false;
  }
}

/** Closes a case whose customer is gone; false if the server could not be told. */
export const goodbye = ({ at, caseId }: KioskCase, tell: Kiosk['tell']): Promise<boolean> =>
  at === 'rating' ? tell('case:rate', { caseId, stars: null }) : tell('case:abandon', { caseId, reason: 'idle' });
