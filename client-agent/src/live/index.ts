export * from './ask.ts';
export * from './clock.ts';
export * from './connection.ts';
export * from './reading.ts';
export * from './store.ts';
export * from './whereabouts.ts';
