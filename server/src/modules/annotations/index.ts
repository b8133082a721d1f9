import type { AnnotationsView, Drawing, Mark, MarkedPage, MarkSide } from '@openvtm/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { createAnnotations } from './annotations.ts';
import { createDrawings } from './drawings.ts';

export type AnnotationFact = {
  kind:
    | 'annotation.page-shown'
    | 'annotation.page-put-away'
    | 'annotation.added'
    | 'annotation.undone'
    | 'annotation.cleared';
  about: { caseId: string; kioskId: string; documentId?: string; callId?: string };
  data?: Record<string, string | number | boolean | null>;
};

/** A page of a case's document, and where the case is. */
export type PagePlace = { caseId: string; kioskId: string; documentId: string; number: number };
/** `staffId`: who of the staff draws; null: the customer. */
export type Drawer = { side: MarkSide; staffId: string | null };
/** Whose screen: one of the two sides of a running call. */
export type DrawingCall = { callId: string; kioskId: string; staffId: string };

/** Marks on pages, a layer beside the pictures. */
export type Annotations = {
  /** Shows a page to the customer of a call; null: none any more. */
  show(work: Work, call: { callId: string; caseId: string; kioskId: string }, page: MarkedPage | null): Promise<void>;
  /** The page that is shown in a call. */
  shown(callId: string): Promise<MarkedPage | null>;
  /** Keeps a mark; the same id again: nothing. `too-many-marks`, `not-allowed` for a label by a customer. */
  add(work: Work, at: PagePlace, mark: { id: string; by: Drawer; mark: Mark }): Promise<void>;
  /** Takes back the side's last mark on the page. */
  undo(work: Work, at: PagePlace, side: MarkSide): Promise<void>;
  /** Takes marks off the page; null: of both sides. */
  clear(work: Work, at: PagePlace, side: MarkSide | null): Promise<void>;
  layers(caseId: string): Promise<AnnotationsView['layers']>;
  drawings: Drawings;
  /** May be called twice. */
  close(): void;
};

/** What is being drawn just now, in memory alone. */
export type Drawings = {
  draw(call: DrawingCall, drawing: Drawing): void;
  /** That side draws nothing any more. */
  rest(call: DrawingCall, by: MarkSide): void;
  /** What the other side of the call is drawing. */
  seenBy(callId: string, side: MarkSide): Drawing | null;
  ended(callId: string): void;
  /** Told when a screen has something new to draw, at most about ten times a second each. */
  onDrawing(listener: (screen: { kioskId: string } | { staffId: string }) => void): void;
};

export const annotationsSchema = { schema: 'annotations', dir: new URL('./migrations/', import.meta.url) };

export function openAnnotations(needs: { database: Database; keys: Keys; clock: Clock }): Annotations {
  const { drawings, close } = createDrawings(needs);
  return { ...createAnnotations(needs), drawings, close };
}
