import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));
/** The phone page is the kiosk's app on the customer's own device; what is handed out has a small page of its own. */
const APPS: { path: string; dist: string; index?: string }[] = [
  { path: '/kiosk', dist: join(CHECKOUT, 'client-kiosk/dist') },
  { path: '/phone', dist: join(CHECKOUT, 'client-kiosk/dist') },
  { path: '/papers', dist: join(CHECKOUT, 'client-kiosk/dist'), index: 'papers.html' },
  { path: '/agent', dist: join(CHECKOUT, 'client-agent/dist') },
];

/** What the kiosk says, rendered by the set-up; a file's name is made of its words, so its content never changes. */
const SOUNDS = join(CHECKOUT, 'client-kiosk/sounds');

/** The two built apps and the kiosk's sounds. Hashed files may be kept for ever, the page itself never; unknown paths of an app are its own routes. */
export function appRoutes(): Router {
  const router = Router();
  router.get('/', (_request, response) => response.redirect('/kiosk/'));
  router.use(
    '/voice',
    express.static(SOUNDS, {
      index: false,
      redirect: false,
      setHeaders: (response, file) => {
        response.setHeader(
          'Cache-Control',
          file.endsWith('.opus') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    }),
  );
  // Where nothing was rendered the kiosk learns just that.
  router.get('/voice/sounds.json', (_request, response) => void response.json([]));
  for (const { path, dist, index = 'index.html' } of APPS) {
    router.use(
      path,
      express.static(dist, {
        index: false,
        redirect: false,
        setHeaders: (response, file) => {
          response.setHeader(
            'Cache-Control',
            file.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
          );
        },
      }),
    );
    router.get([path, `${path}/*rest`], (request, response, next) => {
      const page = join(dist, index);
      if (/\.[a-z0-9]+$/i.test(request.path) || !existsSync(page)) {
        next();
        return;
      }
      if (request.path === path) {
        response.redirect(`${path}/`);
        return;
      }
      response.setHeader('Cache-Control', 'no-cache');
      response.sendFile(page);
    });
  }
  return router;
}
