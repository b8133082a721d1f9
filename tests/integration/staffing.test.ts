import { randomUUID } from 'node:crypto';
import { StaffingPage } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import { joinQueue } from './lab/stories.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

/** Customers who came at these times of the last weeks' days, as many minutes as they waited, and left as they were served. */
async function past(
  lab: Lab,
  { days, comes }: { days: number; comes: (midnight: number) => [at: number, minutes: number][] },
) {
  const here = new Date(lab.clock.now());
  const midnight = new Date(here.getFullYear(), here.getMonth(), here.getDate()).getTime();
  const rows = Array.from({ length: days }, (_, i) => comes(midnight - (i + 1) * DAY))
    .flat()
    .map(([at, minutes]) => ({ id: randomUUID(), joined: at, ended: at + minutes * MINUTE }));
  await lab.database.pool.query(
    `insert into queue.ticket (id, case_id, kiosk_id, service_id, skills, language, minutes, state, joined_at, made_at, ended_at, end_reason)
     select id, id, id, 'talk-to-a-teller', '{}', 'zh-CN', 5, 'served', joined, joined, ended, 'accepted'
     from jsonb_to_recordset($1::jsonb) as row (id uuid, joined bigint, ended bigint)`,
    [JSON.stringify(rows)],
  );
  return midnight;
}

const pageOf = async (lab: Lab, query = '') => {
  const supervisor = await lab.staff('chen.jing');
  return StaffingPage.parse(await lab.http.json('GET', `/api/staffing${query}`, { token: await supervisor.token() }));
};

test('a day is planned from its like days, and what really came is shown beside it', async () => {
  const lab = await startLab();
  const midnight = await past(lab, {
    days: 40,
    comes: (day) => Array.from({ length: 6 }, (_, i) => [day + 10 * 3_600_000 + i * 4 * MINUTE, 2]),
  });
  await joinQueue(await lab.kiosk());
  const { day, arrived, now } = await pageOf(lab, '?share=90&withinSeconds=30&patienceSeconds=none');
  expect(day.goal).toMatchObject({ share: 90, withinSeconds: 30, patienceSeconds: null });
  expect(day.basis.kind).toBe('weekday');
  expect(day.basis.days.length).toBeGreaterThanOrEqual(5);
  expect(day.slots[20]).toMatchObject({ from: '10:00', expected: 6 });
  expect(day.slots[20]?.agents).toBeGreaterThan(0);
  expect(day.slots[21]).toMatchObject({ expected: 0, agents: 0 });
  const slot = Math.floor((now - midnight) / (30 * MINUTE));
  expect(arrived[slot]).toBe(1);
  expect(arrived.slice(slot + 1).every((count) => count === null)).toBe(true);
});

test('a new installation says that it knows nothing yet', async () => {
  const lab = await startLab();
  const { day } = await pageOf(lab);
  expect(day.basis).toEqual({ kind: 'none', days: [], closedDays: [] });
  expect(day.handle.from).toBe(0);
});

test('only those who plan may read it, and a query that does not fit is refused', async () => {
  const lab = await startLab();
  const [agent, supervisor] = await Promise.all([lab.staff('li.na'), lab.staff('chen.jing')]);
  const get = async (query: string, token: string) =>
    (await fetch(`${lab.url}/api/staffing${query}`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await get('', await agent.token())).toBe(403);
  for (const query of ['?day=2026-02-30', '?share=100', '?patienceSeconds=-1', '?occupancy=x'])
    expect(await get(query, await supervisor.token())).toBe(400);
});
