import { randomUUID } from 'node:crypto';
import { requests, type AuditPage, type Role } from '@openvtm/protocol';
import { describe, expect, test } from 'vitest';
import { MAX_PROTOCOL_ERRORS } from '../../server/src/edge/limits.ts';
import { startLab, type Lab } from './lab/index.ts';
import { jpeg } from './lab/pictures.ts';
import { REQUEST_NAMES, SAMPLES } from './lab/samples.ts';
import { askDocument, LOST_CARD, startCall } from './lab/stories.ts';

/** Who of the demonstration has this role and no other. */
const PERSON: Record<Exclude<Role, 'kiosk'>, string> = {
  agent: 'li.na',
  'branch-staff': 'zhang.min',
  supervisor: 'chen.jing',
  approver: 'zhao.lei',
  inspector: 'liu.yang',
  administrator: 'admin',
};
/** The one supervisor of the demonstration is an agent too. */
const ROLES: Record<string, Role[]> = { 'chen.jing': ['supervisor', 'agent'] };

const tableSize = async (lab: Lab) => {
  const { rows } = await lab.database.pool.query<{ rows: number }>(
    `select ((select count(*) from cases.case) + (select count(*) from queue.ticket) + (select count(*) from queue.agent)
      + (select count(*) from calls.call) + (select count(*) from documents.document) + (select count(*) from help.call)
      + (select count(*) from kernel.request))::int as rows`,
  );
  return rows[0]?.rows;
};

describe.each(['kiosk', ...Object.keys(PERSON)] as Role[])('%s', (role) => {
  test('may ask what the protocol gives this role, and nothing else', async () => {
    const lab = await startLab();
    const client = role === 'kiosk' ? await lab.kiosk() : await lab.staff(PERSON[role]);
    const roles: readonly Role[] = role === 'kiosk' ? ['kiosk'] : (ROLES[PERSON[role]] ?? [role]);
    const refusedFor = REQUEST_NAMES.filter((name) => !requests[name].from.some((one: Role) => roles.includes(one)));
    const before = await tableSize(lab);
    for (const [at, name] of refusedFor.entries()) {
      // The server ends a line that breaks the protocol too often: a new one well before.
      if (at > 0 && at % (MAX_PROTOCOL_ERRORS - 10) === 0) {
        client.leave();
        await client.open();
      }
      const answer = await client.say(name, SAMPLES[name](), { id: randomUUID() });
      expect([name, answer]).toMatchObject([name, { ok: false, error: { code: 'bad-request' } }]);
    }
    expect(await tableSize(lab)).toBe(before);
    for (const name of REQUEST_NAMES.filter((one) => !refusedFor.includes(one))) {
      const answer = await client.say(name, SAMPLES[name](), { id: randomUUID() });
      expect([name, answer.ok ? 'ok' : answer.error.code]).not.toEqual([name, 'bad-request']);
    }
  });
});

describe('the journal', () => {
  test('is read by inspectors, supervisors and administrators only', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk(1, { line: false });
    const status = async (token: string | undefined) =>
      (await lab.http.send('GET', '/api/audit', token === undefined ? {} : { token })).status;
    const found: Record<string, number> = { nobody: await status(undefined), kiosk: await status(await kiosk.token()) };
    for (const [role, username] of Object.entries(PERSON)) {
      found[role] = await status(await (await lab.staff(username, { line: false })).token());
    }
    expect(found).toEqual({
      nobody: 401,
      kiosk: 403,
      agent: 403,
      'branch-staff': 403,
      approver: 403,
      supervisor: 200,
      inspector: 200,
      administrator: 200,
    });
  });

  test('is read page by page without a gap, by kind and by what it is about', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const agent = await lab.readyAgent('li.na');
    const { callId } = await startCall({ kiosk, agent });
    const inspector = await lab.staff('liu.yang', { line: false });
    const token = await inspector.token();
    const all = (await lab.journal()).map(({ id }) => id);
    const paged: number[] = [];
    for (let path: string | null = '/api/audit?limit=7'; path !== null;) {
      const page: AuditPage = await lab.http.json('GET', path, { token });
      paged.push(...page.lines.map(({ id }) => id));
      path = page.next === null ? null : `/api/audit?limit=7&before=${page.next}`;
    }
    expect(paged.toReversed()).toEqual(all);
    expect((await lab.journal({ about: callId })).map(({ kind }) => kind)).toEqual([
      'queue.offer-made',
      'queue.offer-accepted',
      'call.started',
    ]);
    expect(await lab.journal({ kind: '%' })).toEqual([]);
    for (const query of ['limit=0', 'limit=201', 'before=x', `kind=${'x'.repeat(61)}`, 'kind=%00', 'about=%00']) {
      expect([query, (await lab.http.send('GET', `/api/audit?${query}`, { token })).status]).toEqual([query, 400]);
    }
  });

  test('can be changed by nobody, the database itself refuses', async () => {
    const lab = await startLab();
    const change = (text: string) => lab.database.pool.query(text);
    await expect(change(`update kernel.journal set kind = 'x'`)).rejects.toThrow('append-only');
    await expect(change('delete from kernel.journal')).rejects.toThrow('append-only');
    await expect(change('truncate kernel.journal')).rejects.toThrow('append-only');
  });
});

describe("what is another's", () => {
  /** Kiosk 1 and li.na in a call with a captured document; kiosk 2, and an agent in a call of their own. */
  async function twoCalls() {
    const lab = await startLab();
    const [kiosk, otherKiosk] = [await lab.kiosk(1), await lab.kiosk(2)];
    const agent = await lab.readyAgent('li.na');
    const mine = await startCall({ kiosk, agent }, { service: LOST_CARD });
    await kiosk.must('case:fill', { caseId: mine.caseId, name: 'fullName', value: '王小明' });
    const documentId = await askDocument({ kiosk, agent }, mine.caseId);
    expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
    const otherAgent = await lab.readyAgent('wang.wei');
    await startCall({ kiosk: otherKiosk, agent: otherAgent });
    const { helpId } = await kiosk.must('help:call', {});
    return { lab, kiosk, otherKiosk, agent, otherAgent, documentId, helpId, ...mine };
  }
  const refused = async (lab: Lab) =>
    (await lab.journal({ kind: 'access.refused' })).map(({ actor, about, data }) => [actor.id, data.request, about]);

  test('a kiosk reaches no case, call, document or picture of another, and each try is in the journal', async () => {
    const { lab, otherKiosk, caseId, callId, documentId, helpId } = await twoCalls();
    const about = { caseId };
    const tries = [
      ['case:present', { caseId, language: 'en', print: 'large' }, about],
      ['case:consent', { caseId, version: '2026-11' }, about],
      ['case:fill', { caseId, name: 'fullName', value: 'Mallory' }, about],
      ['case:abandon', { caseId, reason: 'cancelled' }, about],
      ['case:confirm', { caseId, agreed: true }, about],
      ['case:settle', { caseId, name: 'fullName', agreed: true, seen: 9 }, about],
      ['case:rate', { caseId, stars: 1 }, about],
      ['queue:join', { caseId }, about],
      ['queue:leave', { caseId }, about],
      ['queue:wait-on', { caseId }, about],
      ['queue:call-back', { caseId, phone: '13800138000' }, about],
      ['call:end', { callId }, { callId }],
      ['document:not-at-hand', { documentId }, { documentId }],
      ['help:cancel', { helpId }, { helpId }],
    ] as const;
    for (const [name, data] of tries) {
      const answer = await otherKiosk.say(name, data, { id: randomUUID() });
      expect([name, answer]).toMatchObject([name, { ok: false, error: { code: 'not-found' } }]);
    }
    expect((await otherKiosk.upload(documentId, await jpeg())).status).toBe(404);
    expect((await otherKiosk.page(documentId, 1)).status).toBe(404);
    expect(await refused(lab)).toEqual([
      ...tries.map(([name, , ids]) => [otherKiosk.kioskId, name, ids]),
      [otherKiosk.kioskId, 'document', { documentId }],
      [otherKiosk.kioskId, 'document', { documentId }],
    ]);
  });

  test('an agent reaches nothing of a case that is not on the own desk, and each try is in the journal', async () => {
    const { lab, otherAgent, kiosk, caseId, callId, documentId } = await twoCalls();
    const about = { caseId };
    const tries = [
      ['case:tick', { caseId, step: 'identify', done: true }, about],
      ['case:reveal', { caseId, name: 'fullName', reason: 'verify-identity' }, about],
      ['case:propose', { caseId, summary: 'sign here' }, about],
      ['case:correct', { caseId, name: 'fullName', value: 'Mallory', seen: 9 }, about],
      ['sharing:at', { caseId, place: { name: 'fullName', typing: false, draft: null } }, about],
      ['sharing:ask', { caseId, name: 'fullName' }, about],
      ['document:ask', { caseId, kind: 'passport', camera: 'document' }, about],
      ['document:withdraw', { documentId }, { documentId }],
      ['document:accept', { documentId }, { documentId }],
      ['document:return', { documentId, reason: 'glare', note: '' }, { documentId }],
      ['call:end', { callId }, { callId }],
      ['queue:wrap-up', { callId, outcome: 'complete', note: '', then: 'ready' }, { callId }],
    ] as const;
    for (const [name, data] of tries) {
      const answer = await otherAgent.say(name, data, { id: randomUUID() });
      expect([name, answer]).toMatchObject([name, { ok: false, error: { code: 'not-found' } }]);
    }
    expect((await otherAgent.page(documentId, 1)).status).toBe(404);
    expect(await refused(lab)).toEqual([
      ...tries.map(([name, , ids]) => [otherAgent.staffId, name, ids]),
      [otherAgent.staffId, 'document', { documentId }],
    ]);
    expect(kiosk.shown.case).toMatchObject({ at: 'serving' });
    expect(kiosk.shown.documents[0]?.state.at).toBe('captured');
  });

  /** Whatever the protocol gets in future with a call or a case in it is tried too. */
  const OF_CALL_OR_CASE = REQUEST_NAMES.filter((name) => {
    const sample = SAMPLES[name]();
    return 'callId' in sample || 'caseId' in sample;
  });

  test('whoever is in another call gets nothing of this one, whatever they ask about its call or case', async () => {
    const { lab, kiosk, agent, otherKiosk, otherAgent, caseId, callId } = await twoCalls();
    const { invitationId } = await agent.must('call:invite', { callId, to: null, note: '' });
    await agent.until(({ call }) => call?.invitations.length === 1);
    const before = { kiosk: kiosk.shown.case, agent: agent.shown.call };
    const about = (sample: Record<string, unknown>) => ({
      ...sample,
      ...('callId' in sample ? { callId } : {}),
      ...('caseId' in sample ? { caseId } : {}),
    });
    const found: string[] = [];
    for (const [line, role] of [
      [otherKiosk, 'kiosk'],
      [otherAgent, 'agent'],
    ] as const)
      for (const name of OF_CALL_OR_CASE.filter((one) => requests[one].from.some((from: Role) => from === role))) {
        const answer = await line.say(name, about(SAMPLES[name]()), { id: randomUUID() });
        found.push(`${role} ${name} ${answer.ok ? JSON.stringify(answer.data) : answer.error.code}`);
      }
    expect(found.length).toBeGreaterThan(60);
    expect(found.filter((one) => !one.endsWith(' not-found'))).toEqual([
      'kiosk handover:forget {}',
      'kiosk journey:tell {"kept":0}',
      'kiosk quality:report not-allowed',
      'kiosk staffing:quiet-times {"times":[]}',
      'agent quality:report not-allowed',
    ]);
    for (const [name, more] of [
      ['call:withdraw-invitation', {}],
      ['call:answer-invitation', { comes: true }],
    ] as const)
      expect([name, await otherAgent.say(name, { invitationId, ...more }, { id: randomUUID() })]).toMatchObject([
        name,
        { ok: false, error: { code: 'not-found' } },
      ]);
    // Nothing of the call or the case was touched, and each try that was refused is in the journal.
    const touched = (await lab.journal({ about: caseId })).filter(
      ({ actor, kind }) =>
        [otherKiosk.kioskId, otherAgent.staffId].includes(actor.id ?? '') && kind !== 'access.refused',
    );
    expect(touched).toEqual([]);
    expect({ kiosk: kiosk.shown.case, agent: agent.shown.call }).toEqual(before);
  });

  test('nobody else sees a picture: no other role, nobody without a token, and no page that is not there', async () => {
    const { lab, kiosk, agent, documentId } = await twoCalls();
    for (const username of ['chen.jing', 'zhang.min', 'zhao.lei', 'liu.yang', 'admin']) {
      const person = await lab.staff(username, { line: false });
      expect([username, (await person.page(documentId, 1)).status]).toEqual([username, 404]);
    }
    const path = `/api/documents/${documentId}/pages/1`;
    expect((await lab.http.send('GET', path)).status).toBe(401);
    expect((await lab.http.send('GET', path, { token: 'x' })).status).toBe(401);
    for (const number of ['0', '2', '-1', '1.5', 'x', '1e9']) {
      const answer = await lab.http.send('GET', `/api/documents/${documentId}/pages/${number}`, {
        token: await agent.token(),
      });
      expect([number, answer.status]).toEqual([number, 404]);
    }
    expect((await kiosk.page(documentId, 1)).status).toBe(200);
    expect((await agent.page(documentId, 1)).status).toBe(200);
  });

  test('the kiosk sees its pictures until its case is closed, the agent until the wrap-up ends', async () => {
    const { kiosk, agent, callId, caseId, documentId } = await twoCalls();
    await agent.must('call:end', { callId });
    expect((await agent.page(documentId, 1)).status).toBe(200);
    await agent.must('queue:wrap-up', { callId, outcome: 'complete', note: '', then: 'ready' });
    expect((await agent.page(documentId, 1)).status).toBe(404);
    expect((await kiosk.page(documentId, 1)).status).toBe(200);
    await kiosk.must('case:rate', { caseId, stars: null });
    expect((await kiosk.page(documentId, 1)).status).toBe(404);
  });

  test('the journal keeps of a refused try only the ids that the request has', async () => {
    const { lab, otherKiosk, caseId } = await twoCalls();
    const data = { caseId, customerId: '110105199003070', fooId: '王小明', id: 'x' };
    await otherKiosk.say('queue:join', data, { id: randomUUID() });
    expect((await lab.journal({ kind: 'access.refused' })).at(-1)?.about).toEqual({ caseId });
  });
});

describe('help', () => {
  test('goes to the staff of the branch, who come and close it', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const staff = await lab.staff('zhang.min');
    const { helpId } = await kiosk.must('help:call', {});
    expect(await kiosk.must('help:call', {})).toEqual({ helpId });
    await staff.until(({ help }) => help.length === 1 && help[0]?.helpId === helpId);
    await staff.must('help:answer', { helpId });
    const coming = await kiosk.until(({ help }) => help?.state.at === 'coming' && help.state);
    expect(coming).toMatchObject({ by: '张敏' });
    await staff.must('help:close', { helpId });
    await kiosk.until(({ help }) => !help);
    await staff.until(({ help }) => help.length === 0);
    expect((await lab.journal({ kind: 'help' })).map(({ kind }) => kind)).toEqual([
      'help.called',
      'help.coming',
      'help.closed',
    ]);
  });

  test('is not needed any more: the customer takes it back, and nobody comes', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const staff = await lab.staff('zhang.min');
    const { helpId } = await kiosk.must('help:call', {});
    await staff.until(({ help }) => help.length === 1);
    await kiosk.must('help:cancel', { helpId });
    await staff.until(({ help }) => help.length === 0);
    expect(await staff.ask('help:answer', { helpId })).toMatchObject({ error: { code: 'wrong-state' } });
  });
});
