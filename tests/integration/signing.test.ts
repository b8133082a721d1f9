import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyPdf } from '../../server/src/modules/signing/index.ts';
import { startLab } from './lab/index.ts';
import {
  confirmCase,
  confirmedCall,
  FORM,
  makePaper,
  paperAt,
  readPaper,
  sealPaper,
  SIGNATURE,
  signPaper,
  TEMPLATE,
  TWO_DOTS,
} from './lab/papers.ts';
import { startCall, type LOST_CARD } from './lab/stories.ts';

async function inCall() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const call = await confirmedCall({ kiosk, agent });
  const pdf = async (by: typeof kiosk | typeof agent, paperId: string, file: string) =>
    lab.http.send('GET', `/api/papers/${paperId}/${file}`, { token: await by.token() });
  return { lab, kiosk, agent, both: { kiosk, agent }, pdf, ...call };
}
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const code = (answer: { ok: boolean; error?: { code: string } }) => (answer.ok ? 'done' : answer.error?.code);

test('a paper is made, read to its end, signed, confirmed, countersigned and sealed, and the journal has no word of it', async () => {
  const { lab, kiosk, agent, both, pdf, caseId } = await inCall();
  const paper = await sealPaper(both, caseId);
  const { paperId } = paper;
  expect(paper).toMatchObject({
    title: '银行卡挂失换卡申请表',
    kind: 'agreement',
    countersigned: [{ as: 'agent', name: '李娜' }],
    text: null,
  });
  await paperAt(agent, paperId, 'sealed');

  const sealed = Buffer.from(await (await pdf(kiosk, paperId, 'sealed')).arrayBuffer());
  expect(paper.state).toMatchObject({ sha256: sha256(sealed), stampedAt: null });
  expect(await verifyPdf(sealed)).toMatchObject([{ by: 'CN=OpenVTM seal (self-made)', wrong: [] }]);
  const asRead = Buffer.from(await (await pdf(agent, paperId, 'read')).arrayBuffer());
  expect(sha256(asRead)).toBe(paper.sha256);

  const lines = await lab.journal({ kind: 'paper' });
  expect(lines.map(({ kind }) => kind)).toEqual([
    'paper.made',
    'paper.shown',
    'paper.shown',
    'paper.read',
    'paper.signed',
    'paper.confirmed',
    'paper.countersigned',
    'paper.sealed',
    'paper.viewed',
    'paper.viewed',
  ]);
  const told = JSON.stringify([lines, lab.log]);
  for (const secret of [FORM.fullName, FORM.idNumber, '1200,1600', '110105 19900307'])
    expect(told).not.toContain(secret);
});

test('on disk and in the database nothing of a paper can be read', async () => {
  const { lab, both, caseId } = await inCall();
  await sealPaper(both, caseId);
  const folder = join(lab.dataDir, 'papers');
  const names = await readdir(folder);
  expect(names.length).toBe(3);
  for (const name of names) expect((await readFile(join(folder, name))).includes('%PDF')).toBe(false);
  const { rows } = await lab.database.pool.query('select words::text, signature::text from signing.paper');
  expect(JSON.stringify(rows)).not.toContain(Buffer.from('小明').toString('hex'));
  expect(JSON.stringify(rows)).not.toContain(Buffer.from('strokes').toString('hex'));
});

test('nothing is signed that was not read, and two dots are no signature', async () => {
  const { kiosk, both, caseId } = await inCall();
  const { paperId, sha256: hash } = await makePaper(both, caseId);
  const sign = async (signature = SIGNATURE) =>
    code(await kiosk.ask('signing:sign', { paperId, sha256: hash, signature }));
  expect(await sign()).toBe('wrong-state');
  await kiosk.must('signing:progress', { paperId, sha256: hash, furthest: 99 });
  expect(await sign()).toBe('wrong-state');
  await kiosk.must('signing:progress', { paperId, sha256: hash, furthest: 100 });
  // A late word of an earlier place takes nothing back.
  await kiosk.must('signing:progress', { paperId, sha256: hash, furthest: 40 });
  expect(await sign(TWO_DOTS)).toBe('invalid-value');
  expect(await sign()).toBe('done');
  expect(await sign()).toBe('wrong-state');
});

test('another paper than the one that was shown is neither read, signed nor confirmed', async () => {
  const { kiosk, agent, both, caseId } = await inCall();
  const first = await readPaper(both, caseId);
  const second = await readPaper(both, caseId);
  await paperAt(kiosk, first.paperId, 'withdrawn');
  const { paperId } = second;
  expect(first.sha256).not.toBe(second.sha256);
  const old = { paperId, sha256: first.sha256 };
  expect(code(await kiosk.ask('signing:sign', { ...old, signature: SIGNATURE }))).toBe('conflict');
  expect(code(await kiosk.ask('signing:progress', { ...old, furthest: 5 }))).toBe('conflict');
  await kiosk.must('signing:sign', { paperId, sha256: second.sha256, signature: SIGNATURE });
  const seen = await paperAt(kiosk, paperId, 'signed');
  const before = seen.state.at === 'signed' ? seen.state.sha256 : '';
  // The customer signs anew; a yes to the one before is stale.
  await kiosk.must('signing:anew', { paperId });
  expect(code(await kiosk.ask('signing:confirm', { paperId, sha256: before }))).toBe('conflict');
  await kiosk.must('signing:sign', {
    paperId,
    sha256: second.sha256,
    signature: { ...SIGNATURE, strokes: SIGNATURE.strokes.slice(0, 1) },
  });
  expect(code(await kiosk.ask('signing:confirm', { paperId, sha256: before }))).toBe('conflict');
  expect(code(await agent.ask('signing:countersign', { paperId, sha256: before, as: 'agent' }))).toBe('conflict');
});

test('what the customer confirmed was changed after the paper was made: the old one is signed no more', async () => {
  const { kiosk, agent, both, caseId } = await inCall();
  const paper = await readPaper(both, caseId);
  const { paperId, sha256: hash } = paper;
  await agent.must('case:propose', { caseId, summary: 'Once more' });
  await kiosk.must('case:confirm', { caseId, agreed: false });
  await kiosk.until(({ case: one }) => one?.at === 'serving');
  const seen = kiosk.shown.case?.values.find(({ name }) => name === 'fullName')?.revision ?? 0;
  const { revision } = await agent.must('case:correct', { caseId, name: 'fullName', value: '王晓明', seen });
  await kiosk.must('case:settle', { caseId, name: 'fullName', agreed: true, seen: revision });
  // Before the customer confirms again, nothing is signed at all.
  expect(code(await kiosk.ask('signing:sign', { paperId, sha256: hash, signature: SIGNATURE }))).toBe('wrong-state');
  await confirmCase(both, caseId);
  expect(code(await kiosk.ask('signing:sign', { paperId, sha256: hash, signature: SIGNATURE }))).toBe('conflict');
  const anew = await sealPaper(both, caseId);
  expect(anew.paperId).not.toBe(paperId);
});

test('each may do only what is theirs', async () => {
  const { lab, kiosk, agent, both, caseId, pdf } = await inCall();
  const other = await lab.kiosk(2);
  const stranger = await lab.staff('wang.wei');
  const branch = await lab.staff('zhang.min');
  const { paper, shown } = await signPaper(both, caseId);
  const { paperId } = paper;
  expect(code(await other.ask('signing:confirm', { paperId, sha256: shown }))).toBe('not-found');
  expect(code(await stranger.ask('signing:make', { caseId, template: TEMPLATE }))).toBe('not-found');
  expect(code(await agent.ask('signing:make', { caseId, template: 'no-such-paper' }))).toBe('not-found');
  expect(code((await agent.say('signing:refuse', { paperId }, { id: crypto.randomUUID() })) as never)).toBe(
    'bad-request',
  );
  expect(code(await agent.ask('signing:countersign', { paperId, sha256: shown, as: 'agent' }))).toBe('wrong-state');
  await kiosk.must('signing:confirm', { paperId, sha256: shown });
  expect(code(await stranger.ask('signing:countersign', { paperId, sha256: shown, as: 'agent' }))).toBe('not-found');
  expect(code(await agent.ask('signing:countersign', { paperId, sha256: shown, as: 'branch-staff' }))).toBe(
    'not-allowed',
  );
  // This service does not ask for branch staff.
  expect(code(await branch.ask('signing:countersign', { paperId, sha256: shown, as: 'branch-staff' }))).toBe(
    'wrong-state',
  );
  for (const one of [other, stranger, branch]) expect((await pdf(one as never, paperId, 'signed')).status).toBe(404);
  expect(
    (await lab.journal({ kind: 'access.refused' })).filter(({ data }) => data['request'] === 'paper'),
  ).toHaveLength(3);
  // Read aloud is for the elder mode.
  const next = await makePaper(both, caseId);
  expect(code(await agent.ask('signing:read-aloud', { paperId: next.paperId, sha256: next.sha256 }))).toBe(
    'wrong-state',
  );
});

test('in the elder mode the agent reads it aloud, and it counts as read', async () => {
  const { lab, kiosk, agent, both, caseId } = await inCall();
  await kiosk.must('case:present', { caseId, language: 'zh-CN', print: 'elder' });
  const { paperId, sha256: hash } = await makePaper(both, caseId);
  expect(code(await agent.ask('signing:read-aloud', { paperId, sha256: hash }))).toBe('wrong-state');
  await kiosk.must('signing:progress', { paperId, sha256: hash, furthest: 20 });
  await agent.must('signing:read-aloud', { paperId, sha256: hash });
  await paperAt(kiosk, paperId, 'read');
  await kiosk.must('signing:sign', { paperId, sha256: hash, signature: SIGNATURE });
  const [read] = await lab.journal({ kind: 'paper.read' });
  expect(read).toMatchObject({ data: { how: 'aloud', sha256: hash }, actor: { kind: 'staff' } });
});

test('a call that ends takes back what was not confirmed; what was confirmed waits for the desk', async () => {
  const { kiosk, agent, both, caseId, callId } = await inCall();
  const open = await signPaper(both, caseId);
  await agent.must('call:end', { callId });
  await paperAt(agent, open.paper.paperId, 'withdrawn');
  expect(code(await kiosk.ask('signing:confirm', { paperId: open.paper.paperId, sha256: open.shown }))).toBe(
    'wrong-state',
  );
});

test('the desk countersigns in the wrap-up, too', async () => {
  const { kiosk, agent, both, caseId, callId } = await inCall();
  const { paper, shown } = await signPaper(both, caseId);
  await kiosk.must('signing:confirm', { paperId: paper.paperId, sha256: shown });
  await agent.must('call:end', { callId });
  await agent.until(({ agent: state }) => state?.at === 'wrap-up');
  await agent.must('signing:countersign', { paperId: paper.paperId, sha256: shown, as: 'agent' });
  expect((await paperAt(agent, paper.paperId, 'sealed')).countersigned).toHaveLength(1);
});

test('everything survives a server that starts anew, a kiosk and a desk that reload', async () => {
  const { lab, kiosk, agent, both, caseId } = await inCall();
  const { paper, shown } = await signPaper(both, caseId);
  const { paperId } = paper;
  await lab.restart();
  await kiosk.open();
  await agent.open();
  expect((await paperAt(kiosk, paperId, 'signed')).sha256).toBe(paper.sha256);
  await kiosk.must('signing:confirm', { paperId, sha256: shown });
  await lab.restart();
  await agent.open();
  await kiosk.open();
  await agent.must('signing:countersign', { paperId, sha256: shown, as: 'agent' });
  await paperAt(kiosk, paperId, 'sealed');
});

test('branch staff countersign where the service asks for it, each once and by an own login', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const branch = await lab.staff('zhang.min');
  const service = 'open-personal-account' as typeof LOST_CARD;
  const { caseId } = await startCall({ kiosk, agent }, { service, language: 'en' });
  const form = { ...FORM, accountClass: 'class-2', occupation: 'Teacher', address: '北京市东城区一号' };
  for (const [name, value] of Object.entries(form))
    if (name !== 'howLost') await kiosk.must('case:fill', { caseId, name, value });
  await confirmCase({ kiosk, agent }, caseId);
  const { paperId } = await agent.must('signing:make', { caseId, template: 'account-agreement' });
  const { sha256: hash, text } = await paperAt(kiosk, paperId, 'made');
  expect(JSON.stringify(text)).toContain("王小明 O'Neil");
  // The desk knows that it is there; what it says is opened apart, and journalled.
  expect((await paperAt(agent, paperId, 'made')).text).toBe(null);
  await kiosk.must('signing:progress', { paperId, sha256: hash, furthest: 100 });
  await kiosk.must('signing:sign', { paperId, sha256: hash, signature: SIGNATURE });
  const seen = await paperAt(kiosk, paperId, 'signed');
  const shown = seen.state.at === 'signed' ? seen.state.sha256 : '';
  expect(branch.shown.papers).toEqual([]);
  await kiosk.must('signing:confirm', { paperId, sha256: shown });
  await paperAt(branch, paperId, 'confirmed');
  await branch.must('signing:countersign', { paperId, sha256: shown, as: 'branch-staff' });
  expect(code(await branch.ask('signing:countersign', { paperId, sha256: shown, as: 'branch-staff' }))).toBe(
    'wrong-state',
  );
  await branch.until(({ papers }) => papers.length === 0);
  await kiosk.until(({ papers }) =>
    papers.some(({ state }) => state.at === 'confirmed' && state.waitsFor.join() === 'agent'),
  );
  await agent.must('signing:countersign', { paperId, sha256: shown, as: 'agent' });
  expect((await paperAt(kiosk, paperId, 'sealed')).countersigned.map(({ as, name }) => [as, name])).toEqual([
    ['branch-staff', '张敏'],
    ['agent', '李娜'],
  ]);
});
