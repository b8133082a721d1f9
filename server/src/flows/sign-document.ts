import { todayInChina, type Language, type PaperView } from '@openvtm/protocol';
import type { Bus } from '../kernel/bus.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Caller, Handlers, KioskCaller, StaffCaller } from '../kernel/handler.ts';
import type { Log } from '../kernel/log.ts';
import type { Work, Works } from '../kernel/work.ts';
import type { PaperFile } from '../modules/signing/index.ts';
import { callAtDesk } from './call-at-desk.ts';
import type { Parts } from './parts.ts';
import { requireSeconded } from './second-review.ts';
import { requireInCall } from './serve-case.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'documents' | 'kiosks' | 'queue' | 'signing' | 'staff'>;

/**
 * The agent has a paper made of what the customer confirmed; the customer reads it to its end, signs, looks at it and
 * says yes; agent and branch staff put their names under it; then it is sealed (`keepSealing`).
 */
export function signDocument(needs: Needs) {
  const { cases, signing } = needs;
  return {
    'signing:make': async ({ caller, work }, { caseId, template }) => {
      await requireInCall(needs, work, { caller, caseId });
      await requireSeconded(needs, work, caseId);
      const words = await wordsOf(needs, work, { caseId, template });
      const paperId = await signing.make(work, { ...words, caseId, staffId: caller.id });
      return { paperId: paperId as PaperView['paperId'] };
    },
    'signing:withdraw': async ({ caller, work }, { paperId }) => {
      await requireInCall(needs, work, { caller, caseId: (await signing.whose(paperId)).caseId });
      await signing.withdraw(work, paperId);
      return {};
    },
    'signing:progress': async ({ caller, work }, { paperId, ...seen }) => {
      await requireOwn(needs, work, { caller, paperId });
      await signing.progress(work, paperId, seen);
      return {};
    },
    'signing:read-aloud': async ({ caller, work }, { paperId, sha256 }) => {
      const { caseId } = await signing.whose(paperId);
      await requireInCall(needs, work, { caller, caseId });
      if ((await cases.brief(work, caseId)).print !== 'elder')
        throw new Refusal('wrong-state', 'only to customers in the elder mode');
      await signing.readAloud(work, paperId, { sha256, staffId: caller.id });
      return {};
    },
    'signing:sign': async ({ caller, work }, { paperId, sha256, signature }) => {
      await requireSeconded(needs, work, (await signing.whose(paperId)).caseId);
      const words = await requireOwn(needs, work, { caller, paperId });
      await signing.sign(work, paperId, { sha256, signature, words });
      return {};
    },
    'signing:anew': async ({ caller, work }, { paperId }) => {
      await requireOwn(needs, work, { caller, paperId });
      await signing.anew(work, paperId);
      return {};
    },
    'signing:confirm': async ({ caller, work }, { paperId, sha256 }) => {
      const words = await requireOwn(needs, work, { caller, paperId });
      await signing.confirm(work, paperId, { sha256, words });
      return {};
    },
    'signing:refuse': async ({ caller, work }, { paperId }) => {
      await requireOwn(needs, work, { caller, paperId });
      await signing.refuse(work, paperId);
      return {};
    },
    'signing:countersign': async ({ caller, work }, { paperId, sha256, as }) => {
      if (!caller.roles.includes(as)) throw new Refusal('not-allowed', `for ${as}`);
      await requireNear(needs, { caller, paperId, as });
      const name = (await needs.staff.names([caller.id])).get(caller.id) ?? '';
      await signing.countersign(work, paperId, { sha256, as, staffId: caller.id, name });
      return {};
    },
  } satisfies Partial<Handlers>;
}

/** What a paper of this case says by now. */
async function wordsOf(
  { cases, kiosks }: Pick<Parts, 'cases' | 'kiosks'>,
  work: Work,
  { caseId, template }: { caseId: string; template: string },
) {
  const words = await cases.toSign(work, caseId, template);
  const { kioskId } = await cases.brief(work, caseId);
  const kiosk = await kiosks.view(kioskId);
  if (!kiosk) throw new Refusal('not-found', 'no such kiosk');
  const branch = kiosk.branch[words.language];
  const fillings = new Map([...words.fillings, ['branch', branch], ['day', dayIn(words.language, work.now)]]);
  return { ...words, fillings, kioskId, branchId: kiosk.branchId };
}

const dayIn = (language: Language, now: number): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${todayInChina(now)}T00:00:00Z`),
  );

/** The kiosk's own case has it, and the customer is where papers are signed. Tells what the paper would say by now. */
async function requireOwn(
  needs: Pick<Parts, 'cases' | 'kiosks' | 'signing'>,
  work: Work,
  { caller, paperId }: { caller: KioskCaller; paperId: string },
) {
  const { caseId, template } = await needs.signing.whose(paperId);
  await needs.cases.ofKiosk(work, caller.id, caseId);
  if (template === null) throw new Refusal('wrong-state', 'nobody signs a receipt');
  return wordsOf(needs, work, { caseId, template });
}

/** The case that an agent leads, in the call or its wrap-up: who only helps puts no name under it. */
async function ledCaseOf({ calls, queue }: Pick<Parts, 'calls' | 'queue'>, staffId: string): Promise<string | null> {
  const agent = await queue.agent(staffId);
  if (!agent?.callId || agent.at === 'helping') return null;
  return (await calls.byId(agent.callId))?.caseId ?? null;
}

/** An agent countersigns what is on the desk, branch staff what was signed at their branch. */
async function requireNear(
  needs: Pick<Parts, 'calls' | 'queue' | 'signing'>,
  { caller, paperId, as }: { caller: StaffCaller; paperId: string; as: 'agent' | 'branch-staff' },
): Promise<void> {
  const { caseId, branchId } = await needs.signing.whose(paperId);
  const near = as === 'agent' ? (await ledCaseOf(needs, caller.id)) === caseId : branchId === caller.branchId;
  if (!near) throw new Refusal('not-found', 'not a paper of this desk or branch');
}

/** A paper's PDF for somebody who may see it: the kiosk while its case is open, the desk, or the branch that it waits for. */
export async function viewPaper(
  needs: Pick<Parts, 'calls' | 'cases' | 'queue' | 'signing'>,
  works: Works,
  wish: { caller: Caller; paperId: string; file: PaperFile },
): Promise<Uint8Array> {
  const { caller, paperId, file } = wish;
  const { caseId, waitsFor } = await needs.signing.whose(paperId);
  if (caller.kind === 'kiosk') {
    if ((await needs.cases.openAt(caller.id))?.caseId !== caseId)
      throw new Refusal('not-found', "not this kiosk's paper");
    return needs.signing.pdf(works, { kioskId: caller.id }, { paperId, file });
  }
  const ofBranch = caller.roles.includes('branch-staff') && waitsFor.includes('branch-staff');
  const onDesk = (await callAtDesk(needs, caller.id))?.caseId === caseId;
  if (!onDesk) await requireNear(needs, { caller, paperId, as: ofBranch ? 'branch-staff' : 'agent' });
  return needs.signing.pdf(works, { staffId: caller.id }, { paperId, file });
}

/** The papers that a person sees: of the case on the desk, and those that wait for the branch. */
export async function papersOfStaff(
  needs: Pick<Parts, 'calls' | 'kiosks' | 'queue' | 'signing' | 'staff'>,
  staffId: string,
): Promise<PaperView[]> {
  const { kiosks, signing, staff } = needs;
  const [call, person] = await Promise.all([callAtDesk(needs, staffId), staff.view(staffId)]);
  const onDesk = call ? await signing.ofCase(call.caseId) : [];
  if (!person?.roles.includes('branch-staff')) return unread(onDesk);
  const waiting = await Promise.all(
    (await signing.waitingAt(person.branchId, 'branch-staff'))
      .filter(({ paper }) => !onDesk.some(({ paperId }) => paperId === paper.paperId))
      .map(async ({ kioskId, paper }) => ({ ...paper, kiosk: (await kiosks.view(kioskId))?.name ?? '' })),
  );
  return unread([...onDesk, ...waiting]);
}

/** What was entered stands in a paper in full; who looks at it opens it, and that is journalled. */
const unread = (papers: PaperView[]): PaperView[] => papers.map((paper) => ({ ...paper, text: null }));

/** ms between looks for what is due again, or was left by a process that died. */
const LOOK_MS = 1_000;

/** Seals what everybody has signed, at once and until it is done. */
export function keepSealing(
  { signing }: Pick<Parts, 'signing'>,
  works: Works,
  { bus, log }: { bus: Bus; log: Log },
): { close(): Promise<void> } {
  let closed = false;
  let running: Promise<void> | null = null;
  const look = () => {
    if (closed || running) return;
    running = (async () => {
      while (!closed && (await signing.sealNext(works)));
    })()
      .catch((error: unknown) => log.error({ err: error }, 'a paper could not be sealed; trying again'))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(look, LOOK_MS);
  const stopListening = bus.on(({ kind }) => {
    if (kind === 'paper.countersigned' || kind === 'paper.made') look();
  });
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      stopListening();
      await running;
    },
  };
}
