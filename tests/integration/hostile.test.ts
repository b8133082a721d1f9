import { setTimeout as pause } from 'node:timers/promises';
import { errorFamilies, requests, type Answer, type RequestName, type Role } from '@openvtm/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import { LineRefused } from './lab/line.ts';
import { createDice, hostileMessage, isAllowed, type Dice, type Hostile } from './lab/mutations.ts';
import { jpeg } from './lab/pictures.ts';
import type { LabStaff } from './lab/staff.ts';
import { askDocument, finishCall, joinQueue, LOST_CARD, startCall } from './lab/stories.ts';

/** Give OPENVTM_TEST_SEED to see the same messages again. */
const SEED = Number(process.env.OPENVTM_TEST_SEED ?? Date.now() % 1_000_000);
const MESSAGES = 10_000;
/** Asked at once by one line, whose answers are then waited for. */
const AT_ONCE = 10;

const uncaught: unknown[] = [];
const note = (error: unknown) => void uncaught.push(error);
beforeEach(() => {
  uncaught.length = 0;
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
});

type Attacker = { client: LabKiosk | LabStaff; roles: readonly Role[] };
type Tally = { answered: number; closed: number; unanswered: number; codes: Record<string, number>; wrong: string[] };

/** Two who talk beside it all and notice when they are disturbed. */
async function bystanders(lab: Lab) {
  const kiosk = await lab.kiosk(2);
  const agent = await lab.readyAgent('wang.wei');
  const { caseId, callId } = await startCall({ kiosk, agent }, { service: LOST_CARD });
  await kiosk.must('case:fill', { caseId, name: 'fullName', value: '王小明' });
  const documentId = await askDocument({ kiosk, agent }, caseId);
  await kiosk.upload(documentId, await jpeg());
  await agent.until(({ documents }) => documents[0]?.state.at === 'captured');
  return { kiosk, agent, caseId, callId, documentId };
}

/** What is wrong with an answer to a message, if anything. */
function faultOf(message: Hostile, answer: Answer<unknown>, roles: readonly Role[]): string | null {
  const what = () => `${JSON.stringify(message)?.slice(0, 400)} → ${JSON.stringify(answer)?.slice(0, 200)}`;
  if (!answer.ok) {
    const { code, ref } = answer.error;
    const allowed = isAllowed(message, roles);
    if ((errorFamilies.broken as readonly string[]).includes(code)) return `we broke: ${what()}`;
    if (!allowed && !(errorFamilies.protocol as readonly string[]).includes(code)) return `acted on: ${what()}`;
    return typeof ref === 'string' ? null : `no reference: ${what()}`;
  }
  if (!isAllowed(message, roles)) return `taken: ${what()}`;
  const { out } = requests[message.name as RequestName];
  return out.safeParse(answer.data).success ? null : `answered beside the schema: ${what()}`;
}

/** The ids of what the attackers have themselves, as their screens show it now: those pass more doors than others'. */
function learn({ shown }: LabKiosk | LabStaff, ids: Record<string, string[]>): void {
  const found: [string, string | undefined][] = [
    ['caseId', shown.case?.caseId],
    ['callId', shown.call?.callId],
    ['documentId', shown.documents.at(-1)?.documentId],
    ['offerId', 'agent' in shown && shown.agent?.at === 'offered' ? shown.agent.offer.offerId : undefined],
    ['callId', 'agent' in shown && shown.agent?.at === 'wrap-up' ? shown.agent.callId : undefined],
  ];
  for (const [key, id] of found) if (id && !ids[key]?.includes(id)) ids[key] = [...(ids[key] ?? []).slice(-3), id];
}

/** Sends messages until enough of them were answered, opening a new line whenever the old one was closed. */
async function attack({ client, roles }: Attacker, needs: { dice: Dice; tally: Tally; ids: Record<string, string[]> }) {
  const { dice, tally, ids } = needs;
  while (tally.answered < MESSAGES) {
    if (!client.up) {
      await client.open().catch(async (error: unknown) => {
        if (!(error instanceof LineRefused)) throw error;
        // Too many handshakes from one address: the limit is to be waited for, not to be met.
        await pause(200);
      });
      continue;
    }
    learn(client, ids);
    const batch = Array.from({ length: AT_ONCE }, () => hostileMessage(dice, ids));
    await Promise.all(
      batch.map(async (message) => {
        if (!message.answered) {
          client.socket.emit(message.name as string, ...message.args);
          tally.unanswered += 1;
          return;
        }
        try {
          const answer = await client.say(message.name, ...message.args);
          const code = answer.ok ? 'ok' : answer.error.code;
          tally.answered += 1;
          tally.codes[code] = (tally.codes[code] ?? 0) + 1;
          const fault = faultOf(message, answer, roles);
          if (fault) tally.wrong.push(fault);
        } catch (error) {
          if (!(error instanceof LineRefused)) throw error;
          tally.closed += 1;
        }
      }),
    );
  }
}

test(`${MESSAGES} hostile messages in every role: each is answered or ends its line, and a call beside them goes on (seed ${SEED})`, async () => {
  const lab = await startLab();
  const beside = await bystanders(lab);
  const pids = lab.app.parts.media.workerPids();
  const attackers: Attacker[] = [
    { client: await lab.kiosk(1), roles: ['kiosk'] },
    { client: await lab.staff('li.na'), roles: ['agent'] },
    { client: await lab.staff('chen.jing'), roles: ['supervisor', 'agent'] },
    { client: await lab.staff('zhang.min'), roles: ['branch-staff'] },
    { client: await lab.staff('liu.yang'), roles: ['inspector'] },
    { client: await lab.staff('admin'), roles: ['administrator'] },
  ];
  /** Supervisors and branch staff may come into a call that they know of, and take it over: this one they do not know. */
  const known = (callIds: string[]): Record<string, string[]> => ({
    caseId: [beside.caseId],
    callId: callIds,
    documentId: [beside.documentId],
    serviceId: ['talk-to-a-teller', 'no-such-service'],
  });
  const [all, withoutCall] = [known([beside.callId]), known([])];
  const idsOf = ({ roles }: Attacker) =>
    roles.includes('supervisor') || roles.includes('branch-staff') ? withoutCall : all;
  const tally: Tally = { answered: 0, closed: 0, unanswered: 0, codes: {}, wrong: [] };
  let over = false;
  const attacks = Promise.all(
    attackers.map((attacker, i) => attack(attacker, { dice: createDice(SEED + i), tally, ids: idsOf(attacker) })),
  ).finally(() => {
    over = true;
  });

  const took: number[] = [];
  for (let done = false; !over; done = !done) {
    const began = performance.now();
    await beside.agent.must('case:tick', { caseId: beside.caseId, step: 'identify', done });
    await beside.kiosk.must('case:present', {
      caseId: beside.caseId,
      language: 'en',
      print: done ? 'large' : 'normal',
    });
    took.push((performance.now() - began) / 2);
    await pause(50);
  }
  await attacks;

  expect(tally.wrong).toEqual([]);
  expect(tally.answered).toBeGreaterThanOrEqual(MESSAGES);
  expect(Object.keys(tally.codes)).toEqual(expect.arrayContaining(['ok', 'bad-request', 'not-found', 'wrong-state']));
  expect(uncaught).toEqual([]);

  const { kiosk, agent, callId, caseId, documentId } = beside;
  expect([kiosk.up, agent.up]).toEqual([true, true]);
  expect(await lab.journal({ kind: 'call.participant-lost', about: callId })).toEqual([]);
  expect(agent.shown).toMatchObject({ call: { callId }, case: { caseId, at: 'serving' } });
  expect(kiosk.shown.case?.values).toMatchObject([
    { name: 'fullName', value: '王小明', origin: 'customer', changed: null },
  ]);
  expect(kiosk.shown.documents).toMatchObject([{ documentId, state: { at: 'captured' } }]);
  expect(lab.app.parts.media.workerPids()).toEqual(pids);
  // Two for each attacker who may join: the kiosk, two agents, branch staff.
  expect((await lab.app.parts.media.count()).transports).toBeLessThanOrEqual(2 * 4);
  took.sort((a, b) => a - b);
  expect(took[Math.floor(took.length / 2)]).toBeLessThan(500);

  // And afterwards all is as ever.
  await agent.must('case:propose', { caseId, summary: 'as said' });
  await kiosk.must('case:confirm', { caseId, agreed: true });
  await finishCall(agent, callId);
  await kiosk.must('case:rate', { caseId, stars: 5 });
  await joinQueue(kiosk);
  await kiosk.until(({ ticket }) => ticket?.at === 'coming');
}, 120_000);

/** What stands on the wire where Socket.IO's packets should: broken, out of turn, binary, or of another protocol. */
const GARBAGE = [
  '',
  '4',
  '42',
  '42{',
  '42[]',
  '42[null]',
  '42[{}]',
  '42["connect"]',
  '42["disconnect"]',
  '42["line:resync"',
  '42["line:resync",{}]\u0000',
  '420["line:resync",{}]',
  '4299999999999999999999["line:resync",{}]',
  '43',
  '430[]',
  '439[{"ok":true}]',
  '44{"message":"x"}',
  '451-["line:resync",{"_placeholder":true,"num":0}]',
  '451-["line:resync",{"_placeholder":true,"num":99}]',
  '45999999-["line:resync"]',
  '45-["line:resync"]',
  '461-0[{"_placeholder":true,"num":0}]',
  '40',
  '40{"protocol":1,"token":"x"}',
  '40/admin,{"protocol":1}',
  '42/admin,["line:resync",{}]',
  '40/__proto__,{}',
  '41',
  '41/nowhere,',
  '1',
  '2probe',
  '3',
  '5',
  '6',
  '9',
  'b64',
  'GET / HTTP/1.1',
  `42["line:resync",${'['.repeat(30_000)}`,
  `42["line:resync",${'['.repeat(15_000)}${']'.repeat(15_000)}]`,
];

test('garbage on the wire ends its own line at most', async () => {
  const lab = await startLab();
  const beside = await bystanders(lab);
  const inspector = await lab.staff('liu.yang', { line: false });
  const token = await inspector.token();
  const wire = `${lab.url.replace('http', 'ws')}/line/?EIO=4&transport=websocket`;

  /** Opens a line by hand, or only its socket, says one thing and waits until the server closes it or answers a ping. */
  const say = async (garbage: string | Buffer<ArrayBuffer>, { first }: { first: boolean }) => {
    const socket = new WebSocket(wire);
    const ended = new Promise<'closed'>((resolve) => socket.addEventListener('close', () => resolve('closed')));
    const heard = (start: string) =>
      new Promise<'heard'>((resolve) =>
        socket.addEventListener('message', ({ data }) => {
          if (typeof data === 'string' && data.startsWith(start)) resolve('heard');
        }),
      );
    const opened = heard('0');
    const snapshot = heard('42["line:staff-snapshot"');
    const resync = heard('433');
    await opened;
    if (!first) {
      socket.send(`40${JSON.stringify({ protocol: 1, token })}`);
      await snapshot;
    }
    socket.send(garbage);
    // Answered only by a line that is still whole.
    socket.send('423["line:resync",{}]');
    const end = await Promise.race([ended, resync]);
    socket.close();
    return end;
  };

  const ends: string[] = [];
  for (const garbage of [...GARBAGE, Buffer.alloc(100, 0xff), Buffer.alloc(0)]) {
    ends.push(await say(garbage, { first: false }), await say(garbage, { first: true }));
  }
  expect(ends).toHaveLength(2 * (GARBAGE.length + 2));
  expect(new Set(ends)).toEqual(new Set(['closed', 'heard']));
  expect(uncaught).toEqual([]);
  expect([beside.kiosk.up, beside.agent.up]).toEqual([true, true]);
  await finishCall(beside.agent, beside.callId);
  expect((await lab.http.send('GET', '/readyz')).status).toBe(200);
});
