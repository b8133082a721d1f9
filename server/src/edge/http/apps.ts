import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));
const APPS = [
  { path: '/kiosk', dist: join(CHECKOUT, 'client-kiosk/dist') },
  { path: '/agent', dist: join(CHECKOUT, 'client-agent/dist') },
];

/** The two built apps. Hashed files may be kept for ever, the page itself never; unknown paths of an app are its own routes. */
export function appRoutes(): Router {
  const router = Router();
  router.get('/', (_request, response) => response.redirect('/kiosk/'));
  for (const { path, dist } of APPS) {
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
      const page = join(dist, 'index.html');
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
