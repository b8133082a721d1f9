import helmet from 'helmet';
import type { RequestHandler } from 'express';

/** The apps that run WebAssembly of this origin: codes are read by it at the kiosk, backgrounds drawn at the desk. */
const COMPILES = /^\/(kiosk|agent)(\/|$)/;

/**
 * Security headers of every answer. The policy names this origin only: no script, style, font or connection from
 * anywhere else, no inline script or style, no frames, and no string ever becomes script. Only the kiosk's app and
 * the desk's may compile WebAssembly.
 */
export function securityHeaders(options: { https: boolean }): RequestHandler[] {
  const strict = helmetWith(options, ["'self'"]);
  const compiling = helmetWith(options, ["'self'", "'wasm-unsafe-eval'"]);
  const policy: RequestHandler = (request, response, next) =>
    (COMPILES.test(request.path) ? compiling : strict)(request, response, next);
  const permissions: RequestHandler = (_request, response, next) => {
    response.setHeader(
      'Permissions-Policy',
      'camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), geolocation=(), payment=(), usb=()',
    );
    next();
  };
  return [policy, permissions];
}

function helmetWith(options: { https: boolean }, script: string[]) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': script,
        'style-src': ["'self'"],
        'connect-src': ["'self'", 'ws:', 'wss:'],
        'img-src': ["'self'", 'blob:', 'data:'],
        'media-src': ["'self'", 'blob:'],
        'font-src': ["'self'"],
        'worker-src': ["'self'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
        'object-src': ["'none'"],
        'require-trusted-types-for': ["'script'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: options.https,
  });
}
