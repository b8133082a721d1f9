import type { DocumentId, DocumentKind, ReadingView, SuggestionName } from '@openvtm/protocol';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import type { LabStaff } from './lab/staff.ts';
import { LOST_CARD, seenBy, startCall } from './lab/stories.ts';
import { bankCard, idFront, pictureOf, seenFrom } from '../sample-documents.ts';
import { PEOPLE } from '../sample-people.ts';

const PERSON = PEOPLE[2]!;
const CARD = idFront(PERSON);

async function inCall() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId } = await startCall({ kiosk, agent }, { service: LOST_CARD });
  return { lab, kiosk, agent, caseId };
}
type InCall = Awaited<ReturnType<typeof inCall>>;

async function send({ kiosk, agent, caseId }: InCall, bytes: Uint8Array, kind: DocumentKind = 'id-card-front') {
  const { documentId } = await agent.must('document:ask', { caseId, kind, camera: 'document' });
  await kiosk.until(({ documents }) => documents.some((one) => one.documentId === documentId));
  expect((await kiosk.upload(documentId, bytes)).status).toBe(201);
  return documentId;
}
const readingOf = (agent: LabStaff, documentId: DocumentId, at: ReadingView['at']) =>
  agent.until(({ readings }) => readings.find((one) => one.documentId === documentId && one.at === at), {
    withinMs: 110_000,
  });
const suggestion = (reading: ReadingView | undefined, name: SuggestionName) =>
  reading?.suggestions.find((one) => one.name === name);
const atKiosk = (kiosk: LabKiosk, name: string, value: string) =>
  kiosk.until(({ case: one }) => one?.values.find((each) => each.name === name && each.value === value));

test(
  'a photographed ID card is read, compared with the form, accepted, and agreed to by the customer',
  { timeout: 240_000 },
  async () => {
    const story = await inCall();
    const { lab, kiosk, agent, caseId } = story;
    await kiosk.must('case:fill', { caseId, name: 'fullName', value: '阿依古丽买买提' });
    await kiosk.must('case:fill', { caseId, name: 'idNumber', value: '11010519900307005X' });
    const look = { corners: seenFrom(3), noise: 8, shadow: true, quality: 80 };
    const documentId = await send(story, await pictureOf(CARD, look));
    const reading = await readingOf(agent, documentId, 'read');
    expect(reading.missing).toEqual([]);
    // The dot between the parts of a name is no difference; the number is another one, and stays masked.
    expect(suggestion(reading, 'name')).toMatchObject({ shown: PERSON.name, compared: 'matches', field: 'fullName' });
    expect(suggestion(reading, 'idNumber')).toMatchObject({
      compared: 'differs',
      check: 'holds',
      masked: true,
      class: 'C2',
    });
    expect(suggestion(reading, 'idNumber')?.shown).toMatch(/^•+\d{3}[\dX]$/);
    expect(suggestion(reading, 'ethnicity')).toMatchObject({ shown: '维吾尔', field: null, compared: null });
    // The place is where the number was drawn, on the picture as it was photographed.
    const [page] = agent.shown.documents.find((one) => one.documentId === documentId)?.pages ?? [];
    const box = suggestion(reading, 'idNumber')?.box;
    expect(box && (box.left + box.width / 2) / (page?.width ?? 1)).toBeCloseTo(0.53, 1);
    expect(box && (box.top + box.height / 2) / (page?.height ?? 1)).toBeCloseTo(0.74, 1);
    // Nothing of it is part of the case yet.
    expect(kiosk.shown.case?.values.find(({ name }) => name === 'idNumber')?.value).toBe('11010519900307005X');

    const of = { caseId, documentId, page: 1 };
    const revealed = await agent.must('reading:reveal', { ...of, name: 'idNumber', reason: 'verify-identity' });
    expect(revealed.value).toBe(CARD.fields['idNumber']);
    const take = [{ name: 'idNumber' as const, seen: seenBy(agent, 'idNumber') }];
    expect((await agent.must('reading:accept', { ...of, take })).fields).toEqual(['idNumber']);
    const value = await atKiosk(kiosk, 'idNumber', CARD.fields['idNumber'] ?? '');
    expect(value).toMatchObject({ origin: 'ocr', changed: { before: '11010519900307005X' } });
    await agent.until(({ readings }) => suggestion(readings[0], 'idNumber')?.accepted);
    await agent.until(({ readings }) => suggestion(readings[0], 'idNumber')?.compared === 'matches');
    await kiosk.must('case:settle', { caseId, name: 'idNumber', agreed: true, seen: value.revision });
    await agent.until(({ case: one }) => one?.values.find(({ name }) => name === 'idNumber')?.settled);
    // Once more with what was on screen before the customer spoke: refused only where the value is another one now.
    expect(await agent.ask('reading:accept', { ...of, take: [{ name: 'ethnicity', seen: 0 }] })).toMatchObject({
      error: { code: 'not-found' },
    });

    const journal = await lab.journal({ about: caseId });
    expect(journal.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        'reading.read',
        'reading.revealed',
        'reading.accepted',
        'case.corrected',
        'case.settled',
      ]),
    );
    const written = JSON.stringify(journal) + lab.log.join('');
    for (const personal of Object.values(CARD.fields).filter((one) => one.length > 2))
      expect(written).not.toContain(personal);
    const { rows } = await lab.database.pool.query<{ sealed: Buffer }>('select sealed from reading.page');
    expect(rows[0]?.sealed.includes(Buffer.from(PERSON.name))).toBe(false);
  },
);

test(
  'a value that the customer changed meanwhile is not overwritten, and nobody else sees or accepts anything',
  { timeout: 240_000 },
  async () => {
    const story = await inCall();
    const { lab, kiosk, agent, caseId } = story;
    const documentId = await send(story, await pictureOf(CARD));
    await readingOf(agent, documentId, 'read');
    const of = { caseId, documentId, page: 1 };
    await kiosk.must('case:fill', { caseId, name: 'fullName', value: '王小明' });
    const take = [{ name: 'fullName' as never, seen: 0 }];
    expect(await agent.ask('reading:accept', { ...of, take })).toMatchObject({ ok: false });
    expect(await agent.ask('reading:accept', { ...of, take: [{ name: 'name', seen: 0 }] })).toMatchObject({
      error: { code: 'conflict' },
    });
    // All or none: the number goes in only together with the name.
    const both = [
      { name: 'idNumber' as const, seen: 0 },
      { name: 'name' as const, seen: 0 },
    ];
    expect(await agent.ask('reading:accept', { ...of, take: both })).toMatchObject({ error: { code: 'conflict' } });
    expect(kiosk.shown.case?.values.map(({ name }) => name)).not.toContain('idNumber');

    const other = await lab.readyAgent('wang.wei');
    expect(other.shown.readings).toEqual([]);
    for (const asked of [
      other.ask('reading:accept', { ...of, take: [{ name: 'name', seen: 9 }] }),
      other.ask('reading:reveal', { ...of, name: 'idNumber', reason: 'verify-identity' }),
    ])
      expect(await asked).toMatchObject({ error: { code: 'not-found' } });
  },
);

test('what was not read when the process ended is read by the next one', { timeout: 240_000 }, async () => {
  const story = await inCall();
  const { lab, agent } = story;
  const card = bankCard({ start: '622999012345678901', thru: '09/31', holder: 'WANG XIAOMING' });
  const documentId = await send(story, await pictureOf(card), 'bank-card');
  await lab.restart();
  await agent.open();
  const { rows } = await lab.database.pool.query<{ state: string }>('select state from reading.page');
  expect(rows).toHaveLength(1);
  const reading = await readingOf(agent, documentId, 'read');
  expect(suggestion(reading, 'cardNumber')).toMatchObject({ check: 'holds', masked: true });
  expect(suggestion(reading, 'validThru')).toMatchObject({ shown: '09/31', field: null });
});

const noise = () =>
  sharp({
    create: {
      width: 900,
      height: 600,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 90 },
    },
  })
    .jpeg()
    .toBuffer();

async function storedPicture(lab: Lab) {
  const { rows } = await lab.database.pool.query<{ id: string }>('select document_id as id from reading.page');
  return rows.map(({ id }) => id);
}

test(
  'noise on which nothing stands ends as not readable, and so does a kind that is another one',
  { timeout: 300_000 },
  async () => {
    const story = await inCall();
    const { lab, agent } = story;
    const nothing = await send(story, await noise());
    const reading = await readingOf(agent, nothing, 'unreadable');
    expect(reading).toMatchObject({
      suggestions: [],
      missing: ['name', 'sex', 'ethnicity', 'birthDate', 'address', 'idNumber'],
    });
    const wrong = await send(
      story,
      await pictureOf(bankCard({ start: '622999012345678901', thru: '09/31', holder: 'X' })),
      'id-card-back',
    );
    await readingOf(agent, wrong, 'unreadable');
    // A kind in which nothing is looked for is not read at all.
    const bill = await send(story, await noise(), 'bill');
    expect(await storedPicture(lab)).not.toContain(bill);
  },
);
