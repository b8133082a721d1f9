import { annotatePage, type DrawingRelay } from './flows/annotate-page.ts';
import { acceptCall } from './flows/accept-call.ts';
import { bookAppointment } from './flows/book-appointment.ts';
import { callAgent } from './flows/call-agent.ts';
import { callBack } from './flows/call-back.ts';
import { callHelp } from './flows/call-help.ts';
import { carryMedia } from './flows/carry-media.ts';
import { explainSheet, type ExplainingRelay } from './flows/explain-sheet.ts';
import { identifyCustomer } from './flows/identify-customer.ts';
import { handOut } from './flows/hand-out.ts';
import { helpHearing } from './flows/help-hearing.ts';
import { hangUp } from './flows/end-call.ts';
import { handOver } from './flows/hand-over.ts';
import { holdCall } from './flows/hold-call.ts';
import { joinCall } from './flows/join-call.ts';
import { superviseCall } from './flows/supervise-call.ts';
import { transferCall } from './flows/transfer-call.ts';
import { tellJourneys } from './flows/follow-journeys.ts';
import { joinQueue } from './flows/join-queue.ts';
import { orderInCall } from './flows/order-in-call.ts';
import { readDocument } from './flows/read-document.ts';
import { reportQuality } from './flows/report-quality.ts';
import { recallKiosk } from './flows/recall-kiosk.ts';
import { reviewDocument } from './flows/review-document.ts';
import { selfTest } from './flows/self-test.ts';
import { reviewWork } from './flows/review-work.ts';
import { sendAhead } from './flows/send-ahead.ts';
import { serveCase } from './flows/serve-case.ts';
import { shareForm, type SharingRelay } from './flows/share-form.ts';
import { showQueue } from './flows/show-queue.ts';
import { showCustomer } from './flows/show-customer.ts';
import { signDocument } from './flows/sign-document.ts';
import { staffQueue } from './flows/staff-queue.ts';
import type { planStaff } from './flows/plan-staff.ts';
import { writeChat } from './flows/write-chat.ts';
import type { MediaHome } from './flows/media-home.ts';
import type { Parts } from './flows/parts.ts';
import { combine, type Handlers } from './kernel/handler.ts';
import type { Works } from './kernel/work.ts';

/** Which story answers which request; what nobody answers, or two do, stops the build or the start. */
export function answerRequests(
  parts: Parts,
  works: Works,
  needs: {
    home: MediaHome;
    relay: SharingRelay & DrawingRelay & ExplainingRelay;
    staffing: ReturnType<typeof planStaff>;
    /** Where phones reach this installation; known once it listens. */
    base: () => string;
  },
): Handlers {
  const { base, home, relay, staffing } = needs;
  return combine(
    serveCase(parts),
    joinQueue(parts),
    callBack(parts),
    staffQueue(parts),
    showQueue(parts),
    acceptCall(parts),
    hangUp(parts),
    holdCall(parts),
    joinCall(parts),
    superviseCall(parts),
    transferCall(parts),
    reviewDocument(parts),
    sendAhead(parts),
    reviewWork(parts),
    signDocument(parts),
    handOut(parts, works, { base }),
    readDocument(parts),
    callHelp(parts),
    callAgent(parts),
    helpHearing(parts),
    identifyCustomer(parts, works),
    handOver(parts),
    bookAppointment(parts),
    tellJourneys(parts),
    orderInCall(parts, works),
    showCustomer(parts, works),
    carryMedia(parts, works, home),
    shareForm(parts, relay),
    annotatePage(parts, relay),
    explainSheet(parts, relay),
    selfTest(parts),
    writeChat(parts, works),
    recallKiosk(parts),
    reportQuality(parts),
    staffing.handlers,
    { 'line:resync': async () => ({}) },
  );
}
