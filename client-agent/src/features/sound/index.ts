export { alertOutside, alertsAllowed, askForAlerts, flashTitle } from './attention.ts';
export { chime, knock, prepareSound, ring, soundBlocked, soundFrom, testTone } from './tones.ts';
