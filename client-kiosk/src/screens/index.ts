import type { Component } from 'vue';
import type { Screen } from '../journey/screen.ts';
import CaptureScreen from './CaptureScreen.vue';
import ClosedScreen from './ClosedScreen.vue';
import ConfirmScreen from './ConfirmScreen.vue';
import ConsentScreen from './ConsentScreen.vue';
import EnrolScreen from './EnrolScreen.vue';
import FormScreen from './FormScreen.vue';
import RatingScreen from './RatingScreen.vue';
import ServicesScreen from './ServicesScreen.vue';
import StartingScreen from './StartingScreen.vue';
import ThanksScreen from './ThanksScreen.vue';
import WaitingScreen from './WaitingScreen.vue';
import WelcomeScreen from './WelcomeScreen.vue';

/** What draws each screen; the call's own is nothing but the frame that stays around capture and confirm too. */
export const screens: Record<Exclude<Screen['at'], 'call'>, Component> = {
  starting: StartingScreen,
  enrol: EnrolScreen,
  closed: ClosedScreen,
  welcome: WelcomeScreen,
  services: ServicesScreen,
  consent: ConsentScreen,
  form: FormScreen,
  waiting: WaitingScreen,
  capture: CaptureScreen,
  confirm: ConfirmScreen,
  rating: RatingScreen,
  thanks: ThanksScreen,
};

/** What a screen component is given: the data of its own state. */
export type Props<At extends Screen['at']> = { screen: Extract<Screen, { at: At }> };
