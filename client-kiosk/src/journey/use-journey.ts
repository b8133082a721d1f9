import type { Language, Print, ServiceId } from '@openvtm/protocol';
import { useKiosk } from '../kiosk.ts';
import { useKioskStore } from '../store.ts';
import { goodbye } from './case-change.ts';

/** The catalogue entry that has no form: consent, and straight on to a teller. */
const TALK = 'talk-to-a-teller';

/** What the customer can do, in the customer's words. Every verb is safe to touch twice. */
export function useJourney() {
  const { ask, tell, saver } = useKiosk();
  const store = useKioskStore();

  async function begin(serviceId: ServiceId) {
    const { language, print } = store;
    return ask('case:start', { serviceId, language, print });
  }

  async function join() {
    const { running } = store;
    if (!running) return;
    // The teller must see what the customer sees; what did not go through is kept and sent again by itself.
    await saver.flush();
    await ask('queue:join', { caseId: running.caseId });
  }

  async function consent() {
    const { running } = store;
    if (!running) return;
    const { caseId, service } = running;
    const straightOn = service.fields.length === 0 || store.joinAfterConsent === caseId;
    const agreed = await ask('case:consent', { caseId, version: service.consent.version });
    if (agreed === false) return;
    store.joinLater(null);
    if (straightOn) await ask('queue:join', { caseId });
  }

  async function talkToTeller() {
    const { running, snapshot } = store;
    if (running?.at === 'consent') {
      store.joinLater(running.caseId);
      return;
    }
    if (running?.at === 'form') {
      await join();
      return;
    }
    const talk = snapshot?.services.find(({ id }) => id === TALK);
    if (!talk || (running && running.at !== 'rating')) return;
    if (running && (await ask('case:rate', { caseId: running.caseId, stars: null })) === false) return;
    await begin(talk.id);
  }

  async function leaveQueue() {
    if (store.running) await ask('queue:leave', { caseId: store.running.caseId });
  }

  async function cancel(): Promise<boolean> {
    const { running } = store;
    return running !== null && (await ask('case:abandon', { caseId: running.caseId, reason: 'cancelled' })) !== false;
  }

  /** Gives this request up, and stays with the same customer. */
  async function chooseOther() {
    store.browse(true);
    if (!(await cancel()) && store.running) store.browse(false);
  }

  /** The customer is gone: wipes at once, whether or not the server can be told now. */
  function walkedAway() {
    const { running } = store;
    if (running) store.leave(running.caseId);
    store.wipe();
    if (running) void goodbye(running, tell);
  }

  async function present(wish: { language?: Language; print?: Print }) {
    store.present(wish);
    const { running, language, print } = store;
    if (running) await ask('case:present', { caseId: running.caseId, language, print });
  }

  async function rate(stars: number) {
    if (store.running) await ask('case:rate', { caseId: store.running.caseId, stars });
  }

  /** Skips the rating; when the server cannot be told now, the customer is let go all the same. */
  async function skipRating() {
    const { running } = store;
    if (!running || store.pending.has('case:rate')) return;
    const skipped = await ask('case:rate', { caseId: running.caseId, stars: null });
    if (skipped === false && store.running?.caseId === running.caseId) walkedAway();
  }

  async function confirm(agreed: boolean) {
    if (store.running) await ask('case:confirm', { caseId: store.running.caseId, agreed });
  }

  async function hangUp() {
    const call = store.snapshot?.call;
    if (call) await ask('call:end', { callId: call.callId });
  }

  const canTalk = () => store.running !== null || (store.snapshot?.services.some(({ id }) => id === TALK) ?? false);

  return {
    begin,
    join,
    consent,
    talkToTeller,
    leaveQueue,
    cancel,
    chooseOther,
    walkedAway,
    present,
    rate,
    skipRating,
    confirm,
    hangUp,
    canTalk,
  };
}
