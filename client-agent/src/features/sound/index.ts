export { alertOutside, alertsAllowed, askForAlerts, flashTitle } from './attention.ts';
export { chime, prepareSound, ring, soundBlocked, soundFrom, testTone } from './tones.ts';
