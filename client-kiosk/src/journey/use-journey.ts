import type { Language, Print, ServiceId } from '@openvtm/protocol';
import { onPhone } from '../enrol/place.ts';
import { useKiosk } from '../kiosk.ts';
import { useKioskStore } from '../store.ts';
import { maskedNumber } from './call-back.ts';
import { goodbye } from './case-change.ts';
import { asks } from './screen.ts';

/** The catalogue entry that has no form: consent, and straight on to a teller. */
const TALK = 'talk-to-a-teller';

/** What the customer can do, in the customer's words. Every verb is safe to touch twice. */
export function useJourney() {
  const { ask, look, tell, saver, trail } = useKiosk();
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

  /** The form is right: on to the next step, or to a teller where the service needs one. */
  async function formDone(step: string) {
    const { running } = store;
    if (!running || !(await saver.flush())) return;
    const { caseId, after } = running;
    if ((await ask('case:pass', { caseId, step })) === false) return;
    if (after === 'agent') await ask('queue:join', { caseId });
  }

  async function pass(step: string, confirms?: string) {
    if (store.running)
      await ask('case:pass', { caseId: store.running.caseId, step, ...(confirms ? { confirms } : {}) });
  }

  async function assess(step: string, answers: number[]) {
    if (store.running) await ask('case:assess', { caseId: store.running.caseId, step, answers });
  }

  async function sendCode(step: string) {
    return store.running !== null && ask('identity:send-code', { caseId: store.running.caseId, step });
  }

  async function checkCode(step: string, code: string) {
    return store.running !== null && ask('identity:check-code', { caseId: store.running.caseId, step, code });
  }

  /** What the bank knows goes into the form; how many fields, or null when the bank could not be asked. */
  async function fetchKnown(step: string): Promise<number | null> {
    const { running } = store;
    if (!running) return null;
    const answer = await look('case:fetch-known', { caseId: running.caseId, step });
    return answer === false ? null : answer.filled;
  }

  async function goBack() {
    trail.back();
    if (store.running) await ask('case:back', { caseId: store.running.caseId });
  }

  async function consent() {
    const { running } = store;
    if (!running) return;
    const { caseId, service } = running;
    const straightOn = !asks(service) || store.joinAfterConsent === caseId;
    const agreed = await ask('case:consent', { caseId, version: service.consent.version });
    if (agreed === false) return;
    store.joinLater(null);
    if (straightOn && !onPhone) await ask('queue:join', { caseId });
  }

  async function talkToTeller() {
    const { running, snapshot } = store;
    if (running?.at === 'consent') {
      store.joinLater(running.caseId);
      return;
    }
    if (running?.at === 'alone') {
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

  async function waitOn(): Promise<boolean> {
    const { running } = store;
    return running !== null && (await ask('queue:wait-on', { caseId: running.caseId })) !== false;
  }

  /** The customer goes away and is called: the case goes off this kiosk, so its end is not the customer's. */
  async function callBack(phone: string) {
    const { running } = store;
    if (!running || store.callBack?.at === 'asking') return;
    store.wantCallBack({ at: 'asking' });
    const place = await ask('queue:call-back', { caseId: running.caseId, phone });
    if (place !== false) store.wantCallBack({ at: 'kept', place: { ...place, phone: maskedNumber(phone) } });
    else if (store.running) store.wantCallBack(store.running.at === 'waiting' ? { at: 'number' } : null);
    else store.wipe();
  }

  /** Sends the case ahead to be reviewed: it goes off this device. A phone follows it by itself. */
  async function sendAhead() {
    const { running } = store;
    if (!running || store.sentAhead?.at === 'sending') return;
    if (!onPhone) store.sendAhead({ at: 'sending' });
    const sent = await ask('review:send-ahead', { caseId: running.caseId });
    if (onPhone) return;
    if (sent !== false) store.sendAhead({ at: 'sent', sent });
    else store.sendAhead(null);
  }

  async function cancel(): Promise<boolean> {
    const { running } = store;
    return running !== null && (await ask('case:abandon', { caseId: running.caseId, reason: 'cancelled' })) !== false;
  }

  /** Gives this request up, and stays with the same customer. */
  async function chooseOther() {
    trail.back();
    store.browse(true);
    if (!(await cancel()) && store.running) store.browse(false);
  }

  /** The customer is gone: wipes at once, whether or not the server can be told now. */
  function walkedAway() {
    const { running, snapshot } = store;
    const booked = snapshot?.appointment;
    // What was booked stays; only this kiosk shows it no more.
    if (booked?.at === 'booked' && !onPhone) void tell('appointment:forget', { appointmentId: booked.appointmentId });
    const help = snapshot?.help;
    if (help?.state.at === 'noticed') void tell('help:cancel', { helpId: help.helpId });
    if (running) store.leave(running.caseId);
    store.wipe();
    if (running) void goodbye(running, tell);
  }

  async function present(wish: { language?: Language; print?: Print }) {
    store.present(wish);
    // One at a time, and the last wish last: who touches twice quickly gets what was touched last.
    if (store.presenting) return;
    store.presenting = true;
    try {
      for (let sent = ''; ;) {
        const { running, language, print } = store;
        const now = `${running?.caseId} ${language} ${print}`;
        if (!running || now === sent || !(await tell('case:present', { caseId: running.caseId, language, print })))
          return;
        sent = now;
      }
    } finally {
      store.presenting = false;
    }
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

  /** `seen`: the revision of the value that was on the screen. */
  async function settle({ name, seen }: { name: string; seen: number }, agreed: boolean) {
    if (store.running) await ask('case:settle', { caseId: store.running.caseId, name, agreed, seen });
  }

  async function hangUp() {
    const call = store.snapshot?.call;
    if (call) await ask('call:end', { callId: call.callId });
  }

  const canTalk = () => store.running !== null || (store.snapshot?.services.some(({ id }) => id === TALK) ?? false);

  return {
    begin,
    join,
    formDone,
    pass,
    assess,
    sendCode,
    checkCode,
    fetchKnown,
    goBack,
    consent,
    talkToTeller,
    leaveQueue,
    waitOn,
    callBack,
    sendAhead,
    cancel,
    chooseOther,
    walkedAway,
    present,
    rate,
    skipRating,
    confirm,
    settle,
    hangUp,
    canTalk,
  };
}
