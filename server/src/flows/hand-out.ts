import type { HandoutOffer, Language, MessageChannel, PaperText, SecondFactor } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { Work, Works } from '../kernel/work.ts';
import type { Parts } from './parts.ts';
import { receiptOf } from './show-step.ts';

type Needs = Pick<
  Parts,
  'cases' | 'clock' | 'core' | 'coreSimulator' | 'handouts' | 'kiosks' | 'messenger' | 'messengerSimulator' | 'signing'
>;

/** The address of a link: the token stands behind the #, which goes to no server and into no log. */
const addressOf = (base: string, token: string) => `${base}/papers/#${token}`;

const MESSAGE: Record<Language, (address: string, factor: SecondFactor) => string> = {
  'zh-CN': (address, factor) =>
    `您在银行终端办理业务的文件：${address} 链接只能打开一次，24小时内有效，打开时需要${factor === 'phone' ? '手机号码' : '身份证号码'}后四位。`,
  en: (address, factor) =>
    `Your papers from the bank’s kiosk: ${address} The link opens once, within 24 hours, with the last four characters of your ${factor === 'phone' ? 'phone' : 'ID'} number.`,
};

/**
 * The customer takes the papers along: printed at the kiosk, or on the phone by a link that opens once and asks for what
 * only the customer knows. The link is shown as a QR picture, or sent as a message.
 */
export function handOut(needs: Needs, works: Works, { base }: { base: () => string }) {
  const { cases, handouts } = needs;
  return {
    'handout:begin': async ({ caller, work }, { caseId }) => {
      const { at, language } = await cases.ofKiosk(work, caller.id, caseId);
      if (at !== 'rating' && at !== 'confirmed') return {};
      await makeReceipt(needs, work, { caseId, kioskId: caller.id, branchId: caller.branchId, language });
      return {};
    },
    'handout:link': async ({ caller, work }, { caseId }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      const factor = await factorOf(needs, caseId, null);
      const papers = await sealedOf(needs, caseId);
      const made = await handouts.link(work, { caseId, kioskId: caller.id, factor, papers, message: null });
      return { token: made.token, factor: factor.kind, expiresInMs: made.expiresAt - work.now };
    },
    'handout:send': async ({ caller }, { caseId, channel }) => {
      const by = { kind: caller.kind, id: caller.id };
      // Before anything tells whether another's case has a phone number.
      await works.change(by, (work) => cases.ofKiosk(work, caller.id, caseId));
      const contacts = await cases.contacts(caseId);
      const to = contacts[channel === 'sms' ? 'phone' : 'email'];
      if (!needs.messenger || !to) throw new Refusal('wrong-state', 'there is nowhere to send it to');
      const factor = await factorOf(needs, caseId, channel);
      const { handoutId, token } = await works.change(by, async (work) => {
        await cases.ofKiosk(work, caller.id, caseId);
        const papers = await sealedOf(needs, caseId);
        const message = { channel, to: endOfAddress(to) };
        return handouts.link(work, { caseId, kioskId: caller.id, factor, papers, message });
      });
      const text = MESSAGE[contacts.language](addressOf(base(), token), factor.kind);
      const outcome = await needs.messenger.send({ key: handoutId, channel, to, text });
      await works.change(by, (work) => handouts.sent(work, handoutId, outcome));
      return {};
    },
    'handout:printed': async ({ caller, work }, { caseId, papers, outcome }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      const own = new Set<string>((await needs.signing.ofCase(caseId)).map(({ paperId }) => paperId));
      if (!papers.every((paperId) => own.has(paperId))) throw new Refusal('not-found', 'not a paper of this case');
      await handouts.printed(work, { caseId, kioskId: caller.id, papers, outcome });
      return {};
    },
  } satisfies Partial<Handlers>;
}

const endOfAddress = (to: string) =>
  to.includes('@') ? `${to.slice(0, 1)}…${to.slice(to.indexOf('@'))}` : `…${to.slice(-4)}`;

/**
 * What proves who opens a link. Who holds the phone that a message goes to knows its number, so that is asked for last;
 * a picture on the kiosk's screen is seen by people who know neither.
 */
async function factorOf(
  { cases }: Pick<Parts, 'cases'>,
  caseId: string,
  channel: MessageChannel | null,
): Promise<{ kind: SecondFactor; value: string }> {
  const found = await cases.contacts(caseId);
  const values = { phone: found.phone, 'id-number': found.idNumber };
  const order: SecondFactor[] = channel === 'sms' ? ['id-number', 'phone'] : ['phone', 'id-number'];
  for (const kind of order) {
    const value = values[kind];
    if (value && value.length >= 4) return { kind, value };
  }
  throw new Refusal('wrong-state', 'nothing on the case proves who opens a link');
}

async function sealedOf({ signing }: Pick<Parts, 'signing'>, caseId: string) {
  const sealed = (await signing.ofCase(caseId)).filter(({ state }) => state.at === 'sealed');
  if (sealed.length === 0) throw new Refusal('wrong-state', 'nothing is sealed yet');
  return sealed.map(({ paperId, title }) => ({ paperId, title }));
}

const RECEIPT: Record<
  Language,
  { title: string; what: string; reference: string; at: string; simulated: string; branch: string }
> = {
  'zh-CN': {
    title: '业务回单',
    what: '办理内容',
    reference: '业务参考号',
    at: '完成时间',
    simulated: '演示环境：由核心系统模拟器办理，不是真实业务。',
    branch: '办理网点',
  },
  en: {
    title: 'Receipt',
    what: 'What was done',
    reference: 'Reference',
    at: 'Done at',
    simulated: 'Demonstration: carried out by a simulator of the bank’s core, not for real.',
    branch: 'Branch',
  },
};

/** What the core did, as a paper that the server seals without anybody's signature. */
async function makeReceipt(
  needs: Pick<Parts, 'cases' | 'core' | 'coreSimulator' | 'kiosks' | 'signing'>,
  work: Work,
  place: { caseId: string; kioskId: string; branchId: string; language: Language },
): Promise<void> {
  const { caseId, kioskId, language } = place;
  const summary = (await needs.cases.followView(caseId))?.summary ?? null;
  const done = await receiptOf(needs, caseId, summary);
  if (!done) return;
  const branch = (await needs.kiosks.view(kioskId))?.branch[language] ?? '';
  const words = RECEIPT[language];
  const at = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium', timeZone: 'Asia/Shanghai' });
  const line = (name: string, value: string) => (language === 'en' ? `${name}: ${value}` : `${name}：${value}`);
  const text: PaperText = {
    title: words.title,
    sections: [
      {
        heading: words.what,
        paragraphs: [
          ...done.text.split('\n').filter(Boolean),
          line(words.reference, done.reference),
          line(words.at, at.format(done.doneAt)),
          line(words.branch, branch),
          ...(done.simulated ? [words.simulated] : []),
        ],
      },
    ],
  };
  await needs.signing.makeReceipt(work, { ...place, text });
}

/** What the kiosk shows of what may be taken along. */
export async function handoutOf(needs: Needs, kioskId: string): Promise<HandoutOffer | null> {
  const open = await needs.cases.openAt(kioskId);
  if (!open || (open.at !== 'rating' && open.at !== 'confirmed')) return null;
  const caseId = open.caseId;
  const [contacts, link, factor] = await Promise.all([
    needs.cases.contacts(caseId),
    needs.handouts.ofCase(caseId, needs.clock()),
    factorOf(needs, caseId, null).catch(() => null),
  ]);
  const channels: MessageChannel[] =
    needs.messenger && factor
      ? [...(contacts.phone ? (['sms'] as const) : []), ...(contacts.email ? (['email'] as const) : [])]
      : [];
  const received = link && needs.messengerSimulator?.messages.findLast(({ key }) => key === link.handoutId);
  return {
    caseId,
    factor: factor?.kind ?? null,
    channels,
    link: link && {
      ...link,
      message: link.message && { ...link.message, simulated: received ? received.text : null },
    },
  };
}

/** The papers of a link come down, each once; what broke off on the way may be asked for again. */
export function openHandout(needs: Pick<Parts, 'clock' | 'handouts' | 'signing'>, works: Works) {
  const { clock, handouts, signing } = needs;
  return {
    look: (token: string) => handouts.look(token, clock()),
    open: (token: string, digits: string) => works.bySystem((work) => handouts.open(work, token, digits)),
    async paper(key: string, number: number) {
      const { paperId } = await handouts.paperOf(key, number, clock());
      return signing.sealedPdf(paperId);
    },
    taken: (key: string, number: number) => works.bySystem((work) => handouts.taken(work, key, number)),
  };
}
