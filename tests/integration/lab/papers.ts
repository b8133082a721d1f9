import type { CaseId, PaperView, Signature } from '@openvtm/protocol';
import type { LabKiosk } from './kiosk.ts';
import type { LabStaff } from './staff.ts';
import { LOST_CARD, startCall } from './stories.ts';

type Both = { kiosk: LabKiosk; agent: LabStaff };
type Stroke = Signature['strokes'][number];

const stroke = (points: [number, number][]): Stroke =>
  points.map(([x, y], i): Stroke[number] => [x * 10, y * 10, i * 16, 400 + (i % 5) * 60]);

/** What a hand could have drawn. */
export const SIGNATURE: Signature = {
  pad: { width: 900, height: 320 },
  strokes: [
    stroke(Array.from({ length: 30 }, (_, i) => [120 + i * 9, Math.round(160 + 80 * Math.sin(i / 3))])),
    stroke(Array.from({ length: 20 }, (_, i) => [480 + i * 12, Math.round(120 + 60 * Math.cos(i / 4))])),
  ],
};
export const TWO_DOTS: Signature = { ...SIGNATURE, strokes: [stroke([[300, 100]]), stroke([[302, 101]])] };

export const FORM = {
  fullName: "王小明 O'Neil",
  idNumber: '11010519900307005X',
  phone: '13800138000',
  howLost: 'stolen',
};
export const TEMPLATE = 'replacement-form';

/** The agent asks for the customer's word, and gets it. */
export async function confirmCase({ kiosk, agent }: Both, caseId: CaseId): Promise<void> {
  await agent.must('case:propose', { caseId, summary: 'A new card' });
  await kiosk.until(({ case: one }) => one?.at === 'confirming');
  await kiosk.must('case:confirm', { caseId, agreed: true });
  await agent.until(({ case: one }) => one?.at === 'confirmed');
}

/** A call in which the customer has confirmed the form. */
export async function confirmedCall(
  both: Both,
  language: 'zh-CN' | 'en' = 'zh-CN',
  form: Record<string, string> = FORM,
) {
  const { kiosk, agent } = both;
  const call = await startCall(both, { service: LOST_CARD, language });
  for (const [name, value] of Object.entries(form)) await kiosk.must('case:fill', { caseId: call.caseId, name, value });
  await agent.until(({ case: one }) => one?.values.length === Object.keys(form).length);
  await confirmCase({ kiosk, agent }, call.caseId);
  return call;
}

type At = PaperView['state']['at'];
export const paperAt = (client: LabKiosk | LabStaff, paperId: string, at: At): Promise<PaperView> =>
  client.until(({ papers }) => papers.find((one) => one.paperId === paperId && one.state.at === at));

/** A paper that the agent had made and that the customer's screen shows. */
export async function makePaper({ kiosk, agent }: Both, caseId: CaseId): Promise<PaperView> {
  const { paperId } = await agent.must('signing:make', { caseId, template: TEMPLATE });
  return paperAt(kiosk, paperId, 'made');
}

/** … and that was read to its end. */
export async function readPaper(both: Both, caseId: CaseId): Promise<PaperView> {
  const { paperId, sha256 } = await makePaper(both, caseId);
  for (const furthest of [10, 60, 100]) await both.kiosk.must('signing:progress', { paperId, sha256, furthest });
  return paperAt(both.kiosk, paperId, 'read');
}

/** … and that was signed; its hash is that of what the customer looks at now. */
export async function signPaper(both: Both, caseId: CaseId): Promise<{ paper: PaperView; shown: string }> {
  const { paperId, sha256 } = await readPaper(both, caseId);
  await both.kiosk.must('signing:sign', { paperId, sha256, signature: SIGNATURE });
  const paper = await paperAt(both.kiosk, paperId, 'signed');
  return { paper, shown: paper.state.at === 'signed' ? paper.state.sha256 : '' };
}

/** … and that was confirmed, countersigned by the agent, and sealed. */
export async function sealPaper(both: Both, caseId: CaseId): Promise<PaperView> {
  const { paper, shown } = await signPaper(both, caseId);
  const { paperId } = paper;
  await both.kiosk.must('signing:confirm', { paperId, sha256: shown });
  await paperAt(both.agent, paperId, 'confirmed');
  await both.agent.must('signing:countersign', { paperId, sha256: shown, as: 'agent' });
  return paperAt(both.kiosk, paperId, 'sealed');
}
