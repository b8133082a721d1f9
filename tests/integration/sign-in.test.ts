import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../server/src/flows/seed-demo.ts';
import { startLab, type Lab } from './lab/index.ts';
import { newKioskKey } from './lab/kiosk.ts';
import { LineRefused } from './lab/line.ts';
import { cookieOf } from './lab/staff.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const login = (lab: Lab, username: string, password = DEMO_PASSWORD) =>
  lab.http.send('POST', '/api/staff/login', { body: { username, password } });
const refresh = (lab: Lab, cookie: string) => lab.http.send('POST', '/api/staff/refresh', { headers: { cookie } });
const codeOf = async (response: Response) => ((await response.json()) as { error?: { code: string } }).error?.code;

describe('the refresh cookie', () => {
  test('is out of reach of scripts and other sites, and each works once', async () => {
    const lab = await startLab();
    const first = await login(lab, 'li.na');
    expect(first.headers.getSetCookie()[0]).toMatch(/; Path=\/api\/staff;.*HttpOnly; SameSite=Strict/);
    expect(await first.json()).not.toHaveProperty('refresh');
    const one = cookieOf(first);
    const second = await refresh(lab, one);
    expect(second.status).toBe(200);
    const two = cookieOf(second);
    expect(two).not.toBe(one);
    expect((await refresh(lab, two)).status).toBe(200);
  });

  test('used by two tabs at once serves both, and both go on', async () => {
    const lab = await startLab();
    const cookie = cookieOf(await login(lab, 'li.na'));
    const tabs = await Promise.all([refresh(lab, cookie), refresh(lab, cookie)]);
    expect(tabs.map(({ status }) => status)).toEqual([200, 200]);
    for (const tab of tabs) expect((await refresh(lab, cookieOf(tab))).status).toBe(200);
    expect(await lab.journal({ kind: 'session.revoked' })).toEqual([]);
  });

  test('used again after the grace ends the session for the thief and for the owner', async () => {
    const lab = await startLab();
    const stolen = cookieOf(await login(lab, 'li.na'));
    const owner = cookieOf(await refresh(lab, stolen));
    lab.clock.jump(11 * SECOND);
    const thief = await refresh(lab, stolen);
    expect([thief.status, await codeOf(thief)]).toEqual([401, 'expired']);
    expect((await refresh(lab, owner)).status).toBe(401);
    expect((await lab.journal({ kind: 'session.revoked' })).map(({ data }) => data)).toEqual([
      { reason: 'refresh-reused' },
    ]);
  });

  test('is worth nothing after signing out, after 12 hours, or made up', async () => {
    const lab = await startLab();
    const cookie = cookieOf(await login(lab, 'li.na'));
    const late = cookieOf(await login(lab, 'wang.wei'));
    const out = await lab.http.send('POST', '/api/staff/logout', { headers: { cookie } });
    expect(out.headers.getSetCookie()[0]).toMatch(/openvtm-refresh=;/);
    expect((await refresh(lab, cookie)).status).toBe(401);
    expect((await refresh(lab, 'openvtm-refresh=made-up')).status).toBe(401);
    expect((await refresh(lab, '')).status).toBe(401);
    lab.clock.jump(12 * 60 * MINUTE + SECOND);
    expect((await refresh(lab, late)).status).toBe(401);
  });

  test('is not taken from a page of another site', async () => {
    const lab = await startLab();
    const cookie = cookieOf(await login(lab, 'li.na'));
    for (const path of ['/api/staff/login', '/api/staff/refresh', '/api/staff/logout']) {
      const asked = await lab.http.send('POST', path, { headers: { cookie, 'X-OpenVTM': '' }, body: {} });
      expect([path, asked.status, await codeOf(asked)]).toEqual([path, 403, 'not-allowed']);
    }
    expect((await refresh(lab, cookie)).status).toBe(200);
  });
});

describe('the access token', () => {
  test('lives five minutes', async () => {
    const lab = await startLab();
    const inspector = await lab.staff('liu.yang', { line: false });
    const token = await inspector.token();
    const status = async () => (await lab.http.send('GET', '/api/audit', { token })).status;
    expect(await status()).toBe(200);
    lab.clock.jump(5 * MINUTE);
    expect(await status()).toBe(401);
    await expect(inspector.open({ token })).rejects.toThrow(new LineRefused('not-allowed'));
  });

  test('is not one when it is signed by nobody, by another key or with another algorithm', async () => {
    const lab = await startLab();
    const inspector = await lab.staff('liu.yang', { line: false });
    const [head = '', body = '', signature = ''] = (await inspector.token()).split('.');
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    const forged = [
      `${part({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
      `${part({ alg: 'RS256', typ: 'at+jwt' })}.${body}.${signature}`,
      `${head}.${part({ ...claims, sub: randomUUID() })}.${signature}`,
      `${head}.${part({ ...claims, exp: Number(claims.exp) + 3600 })}.${signature}`,
      `${head}.${body}.${'A'.repeat(43)}`,
      `${head}.${body}`,
      'x',
    ];
    for (const token of forged) {
      expect([token, (await lab.http.send('GET', '/api/audit', { token })).status]).toEqual([token, 401]);
      await expect(inspector.open({ token })).rejects.toThrow(LineRefused);
    }
  });
});

describe('passwords', () => {
  test('five wrong ones lock the account for 15 minutes, the right one then opens it', async () => {
    const lab = await startLab();
    for (let i = 1; i <= 4; i += 1) {
      const wrong = await login(lab, 'li.na', 'guess');
      expect([wrong.status, await codeOf(wrong)]).toEqual([401, 'wrong-credentials']);
    }
    const last = await login(lab, 'li.na', 'guess');
    const { error } = (await last.json()) as { error: { code: string; until: number } };
    expect([last.status, error.code]).toEqual([423, 'locked-out']);
    expect(error.until - lab.clock.now()).toBeGreaterThan(14 * MINUTE);
    expect((await login(lab, 'li.na')).status).toBe(423);
    expect((await login(lab, 'wang.wei')).status).toBe(200);
    lab.clock.jump(14 * MINUTE);
    expect((await login(lab, 'LI.NA')).status).toBe(423);
    lab.clock.jump(MINUTE + SECOND);
    expect((await login(lab, 'li.na')).status).toBe(200);
    expect((await lab.journal({ kind: 'staff.locked' })).length).toBe(1);
    expect((await lab.journal({ kind: 'staff.sign-in-failed' })).length).toBe(5);
  });

  test('the right one ends the count of wrong ones', async () => {
    const lab = await startLab();
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 3; i += 1) await login(lab, 'li.na', 'guess');
      expect((await login(lab, 'li.na')).status).toBe(200);
    }
  });

  test('guesses that come at once are all counted', async () => {
    const lab = await startLab();
    const answers = await Promise.all(Array.from({ length: 8 }, () => login(lab, 'li.na', 'guess')));
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(4);
    expect((await login(lab, 'li.na')).status).toBe(423);
  });

  test('an unknown name is answered like a wrong password', async () => {
    const lab = await startLab();
    const unknown = await login(lab, 'nobody', 'guess');
    expect([unknown.status, await codeOf(unknown)]).toEqual([401, 'wrong-credentials']);
    expect(await codeOf(await login(lab, 'nobody\u0000', 'guess'))).toBe('bad-request');
  });
});

describe('a kiosk', () => {
  test('that an administrator adds enrols once with its code, and serves', async () => {
    const lab = await startLab();
    const admin = await lab.staff('admin', { line: false });
    const token = await admin.token();
    const branchId = '00000000-0000-4000-8000-000000000001';
    const added = await lab.http.json<{ kioskId: string; code: string }>('POST', '/api/kiosks', {
      token,
      body: { name: 'Lobby', branchId },
    });
    expect(added.code).toMatch(/^([2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{2,4}$/);
    const key = await newKioskKey();
    const enrol = (code: string) =>
      lab.http.send('POST', '/api/kiosks/enrol', { body: { code, publicKey: key.publicKey } });
    expect((await enrol(added.code.toLowerCase().replaceAll('-', ' '))).status).toBe(200);
    const again = await enrol(added.code);
    expect([again.status, await codeOf(again)]).toEqual([401, 'expired']);

    const late = await lab.http.json<{ code: string }>('POST', '/api/kiosks', {
      token,
      body: { name: 'Late', branchId },
    });
    lab.clock.jump(24 * 60 * MINUTE + SECOND);
    expect((await enrol(late.code)).status).toBe(401);
  });

  test('is added by administrators only', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk(1, { line: false });
    const agent = await lab.staff('li.na', { line: false });
    const body = { name: 'Lobby', branchId: '00000000-0000-4000-8000-000000000001' };
    for (const token of [await kiosk.token(), await agent.token()]) {
      expect((await lab.http.send('POST', '/api/kiosks', { token, body })).status).toBe(403);
    }
    expect((await lab.http.send('POST', '/api/kiosks', { body })).status).toBe(401);
    const admin = await lab.staff('admin', { line: false });
    const nowhere = { name: 'Lobby', branchId: randomUUID() };
    expect((await lab.http.send('POST', '/api/kiosks', { token: await admin.token(), body: nowhere })).status).toBe(
      404,
    );
  });

  test('gets a token for its own signature only, of a challenge that is fresh and was not used', async () => {
    const lab = await startLab();
    const [{ kioskId }, other] = [await lab.kiosk(1, { line: false }), await lab.kiosk(2, { line: false })];
    const key = await newKioskKey();
    const { kiosk: mine } = await lab.http.json<{ kiosk: { kioskId: string } }>('POST', '/api/kiosks/enrol', {
      body: { code: 'DEMO-KIOSK-1', publicKey: key.publicKey },
    });
    expect(mine.kioskId).toBe(kioskId);
    const challengeFor = async (id: string) =>
      (await lab.http.json<{ challenge: string }>('POST', '/api/kiosks/challenge', { body: { kioskId: id } }))
        .challenge;
    const token = async (body: object) => lab.http.send('POST', '/api/kiosks/token', { body });

    const challenge = await challengeFor(kioskId);
    const signature = await key.sign(kioskId, challenge);
    expect((await token({ kioskId, challenge, signature })).status).toBe(200);
    const wrong: object[] = [
      { kioskId, challenge, signature },
      { kioskId, challenge: 'made-up', signature },
      { kioskId, challenge: await challengeFor(kioskId), signature },
      { kioskId, challenge: await challengeFor(kioskId), signature: 'AAAA' },
    ];
    const theirs = await challengeFor(other.kioskId);
    wrong.push({ kioskId, challenge: theirs, signature: await key.sign(kioskId, theirs) });
    const foreign = await challengeFor(other.kioskId);
    wrong.push({ kioskId: other.kioskId, challenge: foreign, signature: await key.sign(other.kioskId, foreign) });
    for (const body of wrong) {
      const answer = await token(body);
      expect([answer.status, await codeOf(answer)]).toEqual([401, 'wrong-credentials']);
    }
    const old = await challengeFor(kioskId);
    const late = { kioskId, challenge: old, signature: await key.sign(kioskId, old) };
    lab.clock.jump(61 * SECOND);
    expect((await token(late)).status).toBe(401);
    expect((await lab.http.send('POST', '/api/kiosks/challenge', { body: { kioskId: randomUUID() } })).status).toBe(
      401,
    );
  });

  test('does not enrol with what is no key, and its code stays unspent', async () => {
    const lab = await startLab();
    const admin = await lab.staff('admin', { line: false });
    const { code } = await lab.http.json<{ code: string }>('POST', '/api/kiosks', {
      token: await admin.token(),
      body: { name: 'Lobby', branchId: '00000000-0000-4000-8000-000000000001' },
    });
    const enrol = (publicKey: object) => lab.http.send('POST', '/api/kiosks/enrol', { body: { code, publicKey } });
    const { publicKey } = await newKioskKey();
    for (const broken of [
      { ...publicKey, x: 'AAAA' },
      { ...publicKey, x: publicKey.y },
      { ...publicKey, crv: 'P-384' },
    ]) {
      const answer = await enrol(broken);
      expect([answer.status, await codeOf(answer)]).toEqual([400, 'bad-request']);
    }
    expect((await enrol(publicKey)).status).toBe(200);
  });
});

test('more than 60 sign-ins a minute from one address are too many', async () => {
  const lab = await startLab();
  const answers = await Promise.all(
    Array.from({ length: 70 }, () => lab.http.send('POST', '/api/staff/login', { body: {} })),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 400)).toHaveLength(60);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  expect((await lab.http.send('GET', '/healthz')).status).toBe(200);
});
