import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import { PROTOCOL_VERSION, Refusal } from '@openvtm/protocol';
import { describe, expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import { LineRefused } from './lab/line.ts';

describe('the handshake', () => {
  test('refuses an old and a new protocol, each by its name', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk(1, { line: false });
    await expect(kiosk.open({ protocol: PROTOCOL_VERSION - 1 })).rejects.toThrow(new LineRefused('too-old'));
    await expect(kiosk.open({ protocol: PROTOCOL_VERSION + 1 })).rejects.toThrow(new LineRefused('too-new'));
    await kiosk.open();
    expect(kiosk.up).toBe(true);
  });

  test('refuses whatever else it is given as not allowed', async () => {
    const lab = await startLab();
    const said = [
      undefined,
      {},
      { protocol: 1 },
      { protocol: '1', token: 'x' },
      { protocol: 1, token: '' },
      { token: 7 },
    ];
    for (const auth of said) {
      expect([auth, await refusalOf(connect(lab, auth))]).toEqual([auth, 'not-allowed']);
    }
  });

  test('comes too often from one address: that is told as what passes, and not as a refusal for good', async () => {
    const lab = await startLab();
    const tries = Array.from({ length: 320 }, () =>
      refusalOf(connect(lab, { protocol: PROTOCOL_VERSION, token: 'x' })),
    );
    const told = await Promise.all(tries);
    expect(told.filter((one) => one === 'not-allowed')).toHaveLength(300);
    expect(told.filter((one) => one === 'unavailable')).toHaveLength(20);
    expect(Refusal.safeParse('unavailable').success).toBe(false);
  });

  test('takes no page of another origin, whatever token it has', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk(1, { line: false });
    const token = await kiosk.token();
    const answerTo = (origin: string | undefined) => upgrade(lab, { ...(origin === undefined ? {} : { origin }) });
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:1`, `${lab.url}.evil.example`]) {
      expect([origin, await answerTo(origin)]).toEqual([origin, 400]);
    }
    expect(await answerTo(lab.url)).toBe(101);
    expect(await answerTo(undefined)).toBe(101);
    const foreign = io(lab.url, {
      path: '/line',
      transports: ['websocket'],
      reconnection: false,
      auth: { protocol: PROTOCOL_VERSION, token },
      extraHeaders: { origin: 'https://evil.example' },
    });
    expect(await refusalOf(foreign)).toBe('websocket error');
  });
});

function connect(lab: Lab, auth?: object): Socket {
  const options = { path: '/line', transports: ['websocket'], reconnection: false, forceNew: true };
  return io(lab.url, auth === undefined ? options : { ...options, auth });
}

/** What the client is told when its line is not opened. */
async function refusalOf(socket: Socket): Promise<string> {
  const error = await new Promise<Error>((resolve, reject) => {
    socket.once('connect_error', resolve);
    socket.once('connect', () => reject(new Error('the line was opened')));
  });
  socket.disconnect();
  return error.message;
}

/** The status with which the server answers a browser's wish for a WebSocket. */
async function upgrade(lab: Lab, headers: Record<string, string>): Promise<number> {
  const asked = httpRequest(`${lab.url}/line/?EIO=4&transport=websocket`, {
    headers: {
      ...headers,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': Buffer.alloc(16, 1).toString('base64'),
    },
  });
  asked.end();
  const status = await new Promise<number>((resolve, reject) => {
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
  });
  asked.destroy();
  return status;
}

describe('a line', () => {
  test('that sends a message of more than 64 kB is closed, and its owner may come back', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const fits = await kiosk.say('case:fill', { caseId: randomUUID(), name: 'x', value: 'a'.repeat(60_000) }, {});
    expect(fits).toMatchObject({ error: { code: 'bad-request' } });
    const tooLarge = kiosk.say('case:fill', { value: 'a'.repeat(70_000) });
    await expect(tooLarge).rejects.toThrow(LineRefused);
    await kiosk.open();
    expect(kiosk.up).toBe(true);
  });

  test('that asks more than 200 times in a burst is told too-fast, and is heard again later', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const answers = await Promise.all(
      Array.from({ length: 230 }, () =>
        kiosk.say('case:rate', { caseId: randomUUID(), stars: 1 }, { id: randomUUID() }),
      ),
    );
    const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.error.code));
    expect(codes.filter((code) => code === 'too-fast').length).toBeGreaterThanOrEqual(20);
    expect(codes.slice(0, 200)).not.toContain('too-fast');
    await expect
      .poll(async () => (await kiosk.ask('line:resync', {})).ok, { timeout: 15_000, interval: 1_000 })
      .toBe(true);
  });

  test('that breaks the protocol fifty times is closed for it', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    const answers = await Promise.allSettled(Array.from({ length: 60 }, (_, i) => kiosk.say(`no:${i}`)));
    expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(49);
    await kiosk.until(() => !kiosk.up);
    expect(kiosk.closing).toBe('too-many');
  });

  test('that does not say where to answer is served all the same', async () => {
    const lab = await startLab();
    const kiosk = await lab.kiosk();
    kiosk.socket.emit('help:call', {}, { id: randomUUID() });
    kiosk.socket.emit('help:call');
    kiosk.socket.emit('nothing');
    const help = await kiosk.until(({ help }) => help);
    expect(help.state.at).toBe('called');
  });
});

describe('HTTP', () => {
  test('every answer carries the policy that lets a page load and connect to its own origin only', async () => {
    const lab = await startLab();
    for (const path of ['/healthz', '/api/app', '/api/nothing', '/kiosk/', '/agent/', '/nowhere']) {
      const { headers } = await lab.http.send('GET', path);
      const policy = headers.get('content-security-policy') ?? '';
      const directives = new Map(policy.split(';').map((one) => [one.trim().split(' ')[0], one.trim()]));
      // WebAssembly reads codes at the kiosk and draws backgrounds at the desk; text becomes script nowhere.
      const script =
        path === '/kiosk/' || path === '/agent/' ? "script-src 'self' 'wasm-unsafe-eval'" : "script-src 'self'";
      for (const one of ["default-src 'none'", script, "frame-ancestors 'none'", "base-uri 'none'"]) {
        expect([path, directives.get(one.split(' ')[0] ?? '')]).toEqual([path, one]);
      }
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy.replace("'wasm-unsafe-eval'", '')).not.toMatch(/unsafe|https?:|\*/);
      expect(headers.get('permissions-policy')).toContain('camera=(self)');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('says what it is to anybody, and whether it is well to its keeper', async () => {
    const lab = await startLab();
    expect(await lab.http.json('GET', '/api/app')).toEqual({ version: '0.0.0-lab', demo: true });
    expect(await lab.http.json('GET', '/healthz')).toEqual({ ok: true });
    const well = { ok: true, database: true, media: true, files: 'well' };
    expect(await lab.http.json('GET', '/readyz')).toEqual(well);
  });

  test('is not ready while the media worker is down, and is ready again when it is back', async () => {
    const lab = await startLab();
    lab.expectError(/media worker died/);
    const [pid = 0] = lab.app.parts.media.workerPids();
    process.kill(pid, 'SIGKILL');
    const status = async () => (await lab.http.send('GET', '/readyz')).status;
    await expect.poll(status, { interval: 5 }).toBe(503);
    expect((await lab.http.send('GET', '/healthz')).status).toBe(200);
    await expect.poll(status, { timeout: 10_000 }).toBe(200);
  });

  test('metrics are for this machine, or for who has the token where one is set', async () => {
    const open = await startLab();
    await open.kiosk();
    const page = await open.http.send('GET', '/metrics');
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain('openvtm_lines{kind="kiosk"} 1');
    expect(text).toContain('openvtm_media_objects{kind="workers"} 1');

    const guarded = await startLab({ metricsToken: 'a-token-of-some-length' });
    const status = async (token?: string) =>
      (await guarded.http.send('GET', '/metrics', token === undefined ? {} : { token })).status;
    expect(await status()).toBe(403);
    expect(await status('another-token-of-it')).toBe(403);
    expect(await status('a-token-of-some-length')).toBe(200);
  });

  test('broken and oversized bodies are told as such', async () => {
    const lab = await startLab();
    const json = (text: string, type = 'application/json') =>
      lab.http.send('POST', '/api/staff/login', { bytes: Buffer.from(text), headers: { 'Content-Type': type } });
    const refusals: [string, Response, object][] = [
      ['no JSON', await json('{'), { status: 400, code: 'bad-request' }],
      ['an array', await json('[]'), { status: 400, code: 'bad-request' }],
      [
        'another type',
        await json('username=x', 'application/x-www-form-urlencoded'),
        { status: 400, code: 'bad-request' },
      ],
      [
        '33 kB',
        await json(JSON.stringify({ username: 'x', password: 'a'.repeat(33_000) })),
        { status: 413, code: 'too-large' },
      ],
      ['a body that is not gzip', await gzipped(lab), { status: 400, code: 'bad-request' }],
      ['an unknown address', await lab.http.send('GET', '/api/nothing'), { status: 404, code: 'not-found' }],
      ['a broken address', await lab.http.send('GET', '/api/documents/%E0%A4%A'), { status: 400, code: 'bad-request' }],
    ];
    for (const [what, response, refusal] of refusals) {
      expect([what, await lab.http.refusal(response)]).toEqual([what, refusal]);
    }
  });
});

const gzipped = (lab: Lab) =>
  lab.http.send('POST', '/api/staff/login', {
    bytes: Buffer.from('{}'),
    headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
  });
