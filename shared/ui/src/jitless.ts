import { z } from 'zod';

// Import this before anything else: zod decides whether to compile schemas with `new Function` when they are made, and
// the page's content security policy forbids that.
z.config({ jitless: true });
