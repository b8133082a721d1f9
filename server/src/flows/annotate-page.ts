import type { AnnotationsView, Drawing, MarkSide } from '@openvtm/protocol';
import type { Bus } from '../kernel/bus.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Caller, Handlers } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import type { DrawingCall, PagePlace } from '../modules/annotations/index.ts';
import { callAtDesk } from './call-at-desk.ts';
import type { Parts } from './parts.ts';
import { requireInCall } from './serve-case.ts';

type Needs = Pick<Parts, 'annotations' | 'calls' | 'documents' | 'queue' | 'sharing'>;

/** Tells the other processes what is being drawn: who sees it may have a line there. */
export type DrawingRelay = { send(message: { is: 'drawing'; said: unknown }): void };
type Said = { draws: Drawing; in: DrawingCall } | { rests: MarkSide; in: DrawingCall };

type DrawnScreens = { kiosk(kioskId: string, part: 'drawing'): void; staff(staffId: string, part: 'drawing'): void };

const sideOf = ({ kind }: Pick<Caller, 'kind'>): MarkSide => (kind === 'kiosk' ? 'customer' : 'agent');
const drawerOf = ({ kind, id }: Pick<Caller, 'kind' | 'id'>) =>
  ({ side: sideOf({ kind }), staffId: kind === 'kiosk' ? null : id }) as const;

/** What another process tells; it is one of ours, and sends what this file does. */
export function hearDrawing({ annotations }: Pick<Parts, 'annotations'>, told: unknown): void {
  const said = told as Said;
  if ('draws' in said) annotations.drawings.draw(said.in, said.draws);
  else annotations.drawings.rest(said.in, said.rests);
}

/** Agent and customer mark one page in a call: each sees the other's line as it grows, and what is done is kept. */
export function annotatePage(needs: Needs, relay: DrawingRelay) {
  const { annotations, calls, documents, sharing } = needs;

  const tell = (said: Said) => {
    hearDrawing(needs, said);
    relay.send({ is: 'drawing', said });
  };
  /** `not-found`: no such page, or not of this case. */
  const requirePage = async (caseId: string, page: { documentId: string; number: number }) => {
    const whose = await documents.whose(page.documentId);
    if (whose.caseId !== caseId || !(await documents.hasPage(page))) throw new Refusal('not-found', 'no such page');
    return whose.kioskId;
  };
  /** `wrong-state`: it may have been put away while somebody drew, which is nobody's reach for another's. */
  const requireShown = async (callId: string, page: { documentId: string; number: number }) => {
    const shown = await annotations.shown(callId);
    if (shown?.documentId !== page.documentId || shown.number !== page.number)
      throw new Refusal('wrong-state', 'this page is not shown');
  };
  /** The page's case and kiosk, for who may mark it: the agent who leads the call, or the kiosk that is shown it. */
  const placeOf = async (
    { caller, work }: { caller: Caller; work: Work },
    page: { documentId: string; number: number },
  ): Promise<PagePlace> => {
    const who = caller.kind === 'kiosk' ? { kioskId: caller.id } : { staffId: caller.id };
    const call = await calls.activeIn(work, who);
    if (!call) throw new Refusal('not-found', 'in no call');
    if (caller.kind === 'kiosk') await requireShown(call.callId, page);
    const kioskId = await requirePage(call.caseId, page);
    return { caseId: call.caseId, kioskId, ...page };
  };
  const rest = (caller: Caller) => {
    const call = sharing.callOf(caller.kind === 'kiosk' ? { kioskId: caller.id } : { staffId: caller.id });
    if (call) tell({ rests: sideOf(caller), in: call });
  };

  return {
    'annotation:show': async ({ caller, work }, { caseId, page }) => {
      const callId = await requireInCall(needs, work, { caller, caseId });
      if (page) await requirePage(caseId, page);
      const call = await calls.of(work, { staffId: caller.id }, callId);
      await annotations.show(work, { callId, caseId, kioskId: call.kioskId }, page);
      return {};
    },
    'annotation:draw': async ({ caller }, { mark, annotationId, ...page }) => {
      const call = sharing.callOf(caller.kind === 'kiosk' ? { kioskId: caller.id } : { staffId: caller.id });
      if (!call) throw new Refusal('wrong-state', 'no call is running');
      const by = sideOf(caller);
      if (!mark) {
        tell({ rests: by, in: call });
        return {};
      }
      // The other side sees the page that is shown; what is drawn elsewhere is seen when it is shown.
      await requireShown(call.callId, page);
      tell({ draws: { ...page, annotationId, mark, by }, in: call });
      return {};
    },
    'annotation:add': async ({ caller, work }, { annotationId, mark, ...page }) => {
      const at = await placeOf({ caller, work }, page);
      await annotations.add(work, at, { id: annotationId, by: drawerOf(caller), mark });
      rest(caller);
      return {};
    },
    'annotation:undo': async ({ caller, work }, page) => {
      await annotations.undo(work, await placeOf({ caller, work }, page), sideOf(caller));
      return {};
    },
    'annotation:clear': async ({ caller, work }, page) => {
      const at = await placeOf({ caller, work }, page);
      await annotations.clear(work, at, caller.kind === 'kiosk' ? 'customer' : null);
      return {};
    },
  } satisfies Partial<Handlers>;
}

/** What is being drawn is told to the screens, and goes with the call. Returns what stops it. */
export function followDrawing(
  { annotations }: Pick<Parts, 'annotations'>,
  { bus, refresh }: { bus: Bus; refresh: DrawnScreens },
): () => void {
  annotations.drawings.onDrawing((screen) =>
    'kioskId' in screen ? refresh.kiosk(screen.kioskId, 'drawing') : refresh.staff(screen.staffId, 'drawing'),
  );
  const stop = bus.onAnywhere(({ kind, about }) => {
    if (kind === 'call.ended' && about.callId) annotations.drawings.ended(about.callId);
  });
  return () => {
    stop();
    annotations.close();
  };
}

/** The layers of a case as its kiosk sees them: those of the page that is shown. */
export async function kioskAnnotations(
  { annotations, calls }: Pick<Parts, 'annotations' | 'calls'>,
  kioskId: string,
): Promise<AnnotationsView> {
  const call = await calls.activeOf({ kioskId });
  const shown = call && (await annotations.shown(call.callId));
  if (!shown) return { shown: null, layers: [] };
  const layers = await annotations.layers(call.caseId);
  return {
    shown,
    layers: layers.filter(({ documentId, number }) => documentId === shown.documentId && number === shown.number),
  };
}

/** All layers of the case on a desk. */
export async function deskAnnotations(
  needs: Pick<Parts, 'annotations' | 'calls' | 'queue'>,
  staffId: string,
): Promise<AnnotationsView> {
  const call = await callAtDesk(needs, staffId);
  if (!call) return { shown: null, layers: [] };
  const [shown, layers] = await Promise.all([
    needs.annotations.shown(call.callId),
    needs.annotations.layers(call.caseId),
  ]);
  return { shown, layers };
}
