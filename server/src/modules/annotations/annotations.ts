import { type AnnotationId, type AnnotationsView, type DocumentId, Mark, MAX_MARKS } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import {
  countMarks,
  deleteLastMark,
  deleteMarks,
  deleteShown,
  insertMark,
  lockLayer,
  marksOf,
  putShown,
  shownIn,
} from './annotations.store.ts';
import type { AnnotationFact, Annotations, PagePlace } from './index.ts';

type Needs = { database: Database; keys: Keys };

/** See `Annotations` for each one's contract. */
export function createAnnotations({ database, keys }: Needs): Omit<Annotations, 'drawings' | 'close'> {
  const contextOf = (id: string) => `annotation:${id}`;
  const record = (work: Work, fact: AnnotationFact) => work.record(fact);
  const aboutOf = ({ caseId, kioskId, documentId }: PagePlace) => ({ caseId, kioskId, documentId });

  return {
    async show(work, { callId, caseId, kioskId }, page) {
      const about = { callId, caseId, kioskId };
      if (!page) {
        if (await deleteShown(work.tx, callId)) record(work, { kind: 'annotation.page-put-away', about });
        return;
      }
      const { documentId, number } = page;
      await putShown(work.tx, {
        call_id: callId,
        case_id: caseId,
        document_id: documentId,
        page: number,
        since: work.now,
      });
      record(work, { kind: 'annotation.page-shown', about: { ...about, documentId }, data: { page: number } });
    },
    async shown(callId) {
      const row = await shownIn(database, callId);
      return row ? { documentId: row.document_id as DocumentId, number: row.page } : null;
    },

    async add(work, at, { id, by, mark }) {
      if (mark.shape === 'label' && by.side === 'customer')
        throw new Refusal('not-allowed', 'customers write no labels');
      await lockLayer(work.tx, at.caseId);
      const count = await countMarks(work.tx, at);
      if (count.page >= MAX_MARKS.page || count.case >= MAX_MARKS.case)
        throw new Refusal('too-many-marks', `at most ${MAX_MARKS.page} a page and ${MAX_MARKS.case} a case`);
      const isNew = await insertMark(work.tx, {
        id,
        case_id: at.caseId,
        document_id: at.documentId,
        page: at.number,
        side: by.side,
        staff_id: by.staffId,
        made_at: work.now,
        mark: keys.seal(JSON.stringify(mark), contextOf(id)),
      });
      if (isNew)
        record(work, {
          kind: 'annotation.added',
          about: aboutOf(at),
          data: { page: at.number, shape: mark.shape, by: by.side },
        });
    },
    async undo(work, at, side) {
      await lockLayer(work.tx, at.caseId);
      if ((await deleteLastMark(work.tx, at, side)) > 0)
        record(work, { kind: 'annotation.undone', about: aboutOf(at), data: { page: at.number, by: side } });
    },
    async clear(work, at, side) {
      await lockLayer(work.tx, at.caseId);
      const marks = await deleteMarks(work.tx, at, side);
      if (marks > 0)
        record(work, { kind: 'annotation.cleared', about: aboutOf(at), data: { page: at.number, marks, of: side } });
    },

    async layers(caseId) {
      const layers = new Map<string, AnnotationsView['layers'][number]>();
      for (const row of await marksOf(database, caseId)) {
        const key = `${row.document_id} ${row.page}`;
        const layer = layers.get(key) ?? { documentId: row.document_id as DocumentId, number: row.page, marks: [] };
        const mark = Mark.parse(JSON.parse(keys.unseal(row.mark, contextOf(row.id)).open()));
        layer.marks.push({ annotationId: row.id as AnnotationId, by: row.side, mark });
        layers.set(key, layer);
      }
      return [...layers.values()];
    },
  };
}
