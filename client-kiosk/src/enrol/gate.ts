import { takeWishFromAddress } from './code.ts';
import { HttpRefused } from './http.ts';
import { NotEnrolled, openIdentity, type Identity } from './identity.ts';
import { onPhone } from './place.ts';
import type { Local } from '../journey/screen.ts';

/** The way from "this page was opened" to an access token for the line. */
export interface Gate {
  /** Fulfilled when this device has an identity; never before. */
  readonly ready: Promise<void>;
  /** The code in this page's address of a case that is to go on here. */
  readonly take: string | null;
  /** Enrols by hand. Rejects with NotEnrolled. */
  enrol(code: string): Promise<void>;
  token(options?: { fresh?: boolean }): Promise<string>;
}

/** Answers of the HTTP API that mean: this device's identity does not hold. */
const IDENTITY_REFUSED: ReadonlySet<string> = new Set(['wrong-credentials', 'not-allowed', 'not-found']);

/** Opens the stored identity, or enrols with the address's code; `show` puts on screen how far that is. */
export function openGate(show: (identity: Local['identity']) => void): Gate {
  const { enrol: enrolCode, branch, take } = takeWishFromAddress();
  let code = enrolCode;
  let identity: Identity | null = null;
  let refused = false;
  let visited = false;
  const ready = Promise.withResolvers<void>();

  const problem = (error: unknown) => {
    show({ at: 'none', problem: error instanceof NotEnrolled ? error.problem : 'failed' });
  };

  async function enrol(wish: string): Promise<void> {
    await become((mine) => mine.enrol(wish));
  }
  async function become(how: (mine: Identity) => Promise<void>): Promise<void> {
    if (!identity) throw new NotEnrolled('storage');
    await how(identity);
    refused = false;
    show({ at: 'known' });
    ready.resolve();
  }

  /** The address's code, once: it must not enrol anew on every reconnection. */
  async function enrolByAddress(): Promise<boolean> {
    // A phone needs no code; one that is not known any more is simply a new one.
    if (onPhone && !visited) {
      visited = true;
      await become((mine) => mine.visit(branch));
      return true;
    }
    if (code === null) return false;
    const wish = code;
    code = null;
    await enrol(wish);
    return true;
  }

  async function begin(): Promise<void> {
    identity = await openIdentity();
    if (identity.kioskId !== null) {
      show({ at: 'known' });
      ready.resolve();
    } else if (!(await enrolByAddress())) show({ at: 'none', problem: null });
  }

  async function token(options?: { fresh?: boolean }): Promise<string> {
    if (!identity || refused) throw new HttpRefused({ code: 'not-allowed', ref: '' });
    try {
      return await identity.token(options);
    } catch (error) {
      if (!(error instanceof HttpRefused) || !IDENTITY_REFUSED.has(error.code)) throw error;
      refused = true;
      // A link with a code was opened where an older identity no longer holds: now the code is wanted.
      const again = await enrolByAddress().catch((reason: unknown) => {
        problem(reason);
        return null;
      });
      if (again) return identity.token();
      if (again === false) show({ at: 'none', problem: 'refused' });
      throw error;
    }
  }

  begin().catch(problem);
  return { ready: ready.promise, take, enrol, token };
}
