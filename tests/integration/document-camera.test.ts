import { expect, test } from 'vitest';
import { documentParameters } from '../media/lab/parameters.ts';
import { startLab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import type { LabStaff } from './lab/staff.ts';
import { jpeg } from './lab/pictures.ts';
import { askDocument, startCall } from './lab/stories.ts';

/** What comes of a line that would show a document camera: its error, or 'shown'. */
const shows = async (line: LabKiosk | LabStaff) => {
  const answer = await line.ask('media:produce', documentParameters());
  return answer.ok ? 'shown' : answer.error.code;
};

test('a kiosk shows its document camera in a call that asks for a page with it, not on hold, and nobody else ever', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  for (const line of [kiosk, agent]) await line.must('media:join', {});
  expect(await shows(kiosk)).toBe('not-allowed');
  const { caseId, callId } = await startCall({ kiosk, agent });
  expect(await shows(kiosk)).toBe('not-allowed');

  // The face camera is seen all along.
  const ofFace = await agent.must('document:ask', { caseId, kind: 'passport', camera: 'face' });
  expect(await shows(kiosk)).toBe('not-allowed');
  await agent.must('document:withdraw', ofFace);

  const documentId = await askDocument({ kiosk, agent }, caseId);
  expect([await shows(kiosk), await shows(agent)]).toEqual(['shown', 'not-allowed']);
  await kiosk.must('media:unproduce', { source: 'document' });
  await agent.must('call:hold', { callId });
  expect(await shows(kiosk)).toBe('not-allowed');
  await agent.must('call:resume', { callId });
  expect(await shows(kiosk)).toBe('shown');

  expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  await agent.until(({ documents }) => documents.some(({ state }) => state.at === 'captured'));
  expect(await shows(kiosk)).toBe('not-allowed');
  await agent.must('document:return', { documentId, reason: 'blurred', note: '' });
  expect(await shows(kiosk)).toBe('shown');
  await agent.must('call:end', { callId });
  expect(await shows(kiosk)).toBe('not-allowed');

  const kept = await lab.journal({ about: callId });
  const kinds = kept.map(({ kind }) => kind).filter((kind) => kind.includes('document-camera'));
  expect(kinds.toSorted()).toEqual([
    'call.document-camera-closed',
    'call.document-camera-shown',
    'call.document-camera-shown',
    'call.document-camera-shown',
  ]);
});
