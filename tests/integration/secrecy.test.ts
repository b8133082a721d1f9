import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../server/src/flows/seed-demo.ts';
import { startLab, type Lab } from './lab/index.ts';
import { jpeg } from './lab/pictures.ts';
import { askDocument, joinQueue, LOST_CARD, ringing } from './lab/stories.ts';

/** Personal data that are typed in, each nowhere else in what the server writes. */
const SECRETS = {
  fullName: '欧阳文心',
  idNumber: '11010519900307005X',
  phone: '13912345678',
  summary: 'Send the card to Garden Lane 77',
  returnNote: 'Your thumb hides the birthday',
  wrapUpNote: 'Was worried about her late husband',
  wrong: 'not-her-password-either',
};

/** A customer is served with all of the secrets, and some requests are refused for what is in them. */
async function serve(lab: Lab) {
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId } = await kiosk.must('case:start', { serviceId: LOST_CARD, language: 'en', print: 'normal' });
  await kiosk.must('case:consent', { caseId, version: '2026-11+supervision-1' });
  for (const name of ['fullName', 'idNumber', 'phone'] as const) {
    await kiosk.must('case:fill', { caseId, name, value: SECRETS[name] });
  }
  for (const name of ['howLost', 'cardLast4', SECRETS.fullName]) {
    expect((await kiosk.ask('case:fill', { caseId, name, value: SECRETS.idNumber })).ok).toBe(false);
  }
  expect((await kiosk.say('case:fill', { caseId, name: SECRETS.phone, value: 7 })).ok).toBe(false);
  expect((await kiosk.say(SECRETS.fullName, {})).ok).toBe(false);
  await kiosk.must('queue:join', { caseId });
  const { offerId } = await ringing(agent);
  const { callId } = await agent.must('call:accept', { offerId });
  await agent.must('case:reveal', { caseId, name: 'idNumber', reason: 'verify-identity' });
  const documentId = await askDocument({ kiosk, agent }, caseId);
  await kiosk.upload(documentId, await jpeg());
  await agent.must('document:return', { documentId, reason: 'other', note: SECRETS.returnNote });
  await agent.must('case:propose', { caseId, summary: SECRETS.summary });
  await kiosk.must('case:confirm', { caseId, agreed: true });
  await agent.must('call:end', { callId });
  await agent.must('queue:wrap-up', { callId, outcome: 'complete', note: SECRETS.wrapUpNote, then: 'ready' });
  for (const username of ['li.na', SECRETS.fullName]) {
    await lab.http.send('POST', '/api/staff/login', { body: { username, password: SECRETS.wrong } });
  }
  await lab.http.send('GET', `/api/documents/${encodeURIComponent(SECRETS.fullName)}`);
  await lab.http.send('POST', '/api/staff/login', {
    bytes: Buffer.from(`{"username": "${SECRETS.phone}`),
    headers: { 'Content-Type': 'application/json' },
  });
  return { kiosk, agent, caseId, callId };
}

/** Every way in which a value could stand in a row that is printed as text. */
const forms = (value: string) => [
  value,
  Buffer.from(value).toString('hex'),
  Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -1),
];

test('nothing that a customer typed or an agent wrote is plain in any table', async () => {
  const lab = await startLab();
  await serve(lab);
  const { rows: tables } = await lab.database.pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  );
  expect(tables.length).toBeGreaterThan(15);
  const found: string[] = [];
  let read = 0;
  for (const { name } of tables) {
    const { rows } = await lab.database.pool.query<{ row: string }>(
      `select row_to_json(t)::text as row from ${name} t`,
    );
    read += rows.length;
    for (const [what, value] of Object.entries({ ...SECRETS, password: DEMO_PASSWORD })) {
      if (rows.some(({ row }) => forms(value).some((form) => row.includes(form)))) found.push(`${what} in ${name}`);
    }
  }
  expect(found).toEqual([]);
  // It looked where it should: the ids of the case and the call are there.
  expect(read).toBeGreaterThan(50);
});

test('the search finds what is plain', async () => {
  const lab = await startLab();
  await lab.database.pool.query('create table public.leak (a text, b bytea)');
  await lab.database.pool.query('insert into public.leak values ($1, $2)', ['x', Buffer.from(SECRETS.fullName)]);
  const { rows } = await lab.database.pool.query<{ row: string }>(
    'select row_to_json(t)::text as row from public.leak t',
  );
  expect(forms(SECRETS.fullName).some((form) => rows[0]?.row.includes(form))).toBe(true);
});

test('no log line has any of it, at the lowest level, nor a password, a token or a cookie', async () => {
  const lab = await startLab();
  const { kiosk, agent } = await serve(lab);
  const [, signature = ''] = /\.([^.]+)$/.exec(await agent.token()) ?? [];
  const [, kioskSignature = ''] = /\.([^.]+)$/.exec(await kiosk.token()) ?? [];
  const cookie = agent.cookie.split('=')[1] ?? '';
  const text = lab.log.join('');
  const searched = { ...SECRETS, password: DEMO_PASSWORD, signature, kioskSignature, cookie, code: 'DEMO-KIOSK-1' };
  const hits = Object.entries(searched).filter(([, value]) => forms(value).some((form) => text.includes(form)));
  expect(hits).toEqual([]);
  // Refusals are logged all the same, with the reference that was told.
  expect(text).toContain('a request was refused');
  expect(text).toContain('a call was refused');
});

test('an error that a person sees tells a code and a reference, and the reference finds the log line', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const answer = await kiosk.say('case:fill', { caseId: 'x' });
  expect(answer).toEqual({
    ok: false,
    error: { code: 'bad-request', ref: expect.stringMatching(/^[0-9a-f]{8}$/) as string },
  });
  const ref = answer.ok ? '' : answer.error.ref;
  expect(lab.log.filter((line) => line.includes(ref))).toHaveLength(1);
  const call = (await (await lab.http.send('GET', '/api/nothing')).json()) as { error: { ref: string } };
  expect(lab.log.filter((line) => line.includes(call.error.ref))).toHaveLength(1);
});

test('the keys lie beside the data for their owner only', async () => {
  const lab = await startLab();
  const folder = join(lab.dataDir, 'keys');
  const names = await readdir(folder);
  expect(names).toEqual(expect.arrayContaining(['files.agekey', 'master.key']));
  for (const name of names.filter((one) => !one.includes('.pub'))) {
    expect([name, (await stat(join(folder, name))).mode & 0o777]).toEqual([name, 0o600]);
    const key = (await readFile(join(folder, name), 'utf8')).trim();
    expect(lab.log.join('')).not.toContain(key);
  }
});

test('the kiosk is told what its customer typed and nothing of any other customer', async () => {
  const lab = await startLab();
  const { kiosk, caseId } = await serve(lab);
  await kiosk.must('case:rate', { caseId, stars: 4 });
  await kiosk.until(({ case: one }) => !one);
  await joinQueue(kiosk);
  await kiosk.open();
  const told = JSON.stringify([kiosk.heard, await (await lab.http.send('GET', '/api/app')).text()]);
  for (const value of Object.values(SECRETS)) expect(told).not.toContain(value);
});
