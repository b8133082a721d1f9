import { Router } from 'express';
import { PaperId } from '@openvtm/protocol';
import { z } from 'zod';
import { Refusal } from '../../kernel/errors.ts';
import type { Caller } from '../../kernel/handler.ts';
import { requireCaller, type CallerOf } from './answers.ts';

const PaperFile = z.enum(['read', 'signed', 'sealed']);

export type SigningHttp = {
  view(wish: { caller: Caller; paperId: string; file: z.infer<typeof PaperFile> }): Promise<Uint8Array>;
  /** Somebody reached for what is not theirs. */
  refused(caller: Caller, paperId: string): Promise<void>;
};

/** GET /api/papers/:paperId/(read|signed|sealed): a paper's PDF; never into a cache. */
export function signingRoutes(signing: SigningHttp, { callerOf }: { callerOf: CallerOf }): Router {
  const router = Router();
  router.get('/:paperId/:file', async (request, response) => {
    const caller = await requireCaller(request, callerOf);
    const paperId = PaperId.safeParse(request.params.paperId);
    const file = PaperFile.safeParse(request.params.file);
    if (!paperId.success || !file.success) throw new Refusal('not-found', 'no such paper');
    try {
      const pdf = await signing.view({ caller, paperId: paperId.data, file: file.data });
      response.setHeader('Cache-Control', 'no-store');
      response.type('application/pdf').send(Buffer.from(pdf));
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not-found') await signing.refused(caller, paperId.data);
      throw error;
    }
  });
  return router;
}
