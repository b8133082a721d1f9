import type { Component } from 'vue';
import type { Screen } from '../journey/screen.ts';
import AgreeScreen from './AgreeScreen.vue';
import AppointmentScreen from './AppointmentScreen.vue';
import AssessScreen from './AssessScreen.vue';
import BookScreen from './BookScreen.vue';
import CallBackScreen from './CallBackScreen.vue';
import CaptureScreen from './CaptureScreen.vue';
import CodeScreen from './CodeScreen.vue';
import CarryOutScreen from './CarryOutScreen.vue';
import ClosedScreen from './ClosedScreen.vue';
import ConfirmScreen from './ConfirmScreen.vue';
import ConsentScreen from './ConsentScreen.vue';
import EnrolScreen from './EnrolScreen.vue';
import ExplainScreen from './ExplainScreen.vue';
import FollowedScreen from './FollowedScreen.vue';
import FormScreen from './FormScreen.vue';
import HandOverScreen from './HandOverScreen.vue';
import IdentifyScreen from './IdentifyScreen.vue';
import KeptPlaceScreen from './KeptPlaceScreen.vue';
import PersonScreen from './PersonScreen.vue';
import PictureScreen from './PictureScreen.vue';
import RatingScreen from './RatingScreen.vue';
import ReceiptScreen from './ReceiptScreen.vue';
import ServicesScreen from './ServicesScreen.vue';
import SharingScreen from './SharingScreen.vue';
import StartingScreen from './StartingScreen.vue';
import StoppedScreen from './StoppedScreen.vue';
import ThanksScreen from './ThanksScreen.vue';
import WaitingScreen from './WaitingScreen.vue';
import WelcomeScreen from './WelcomeScreen.vue';

/** What draws each screen; the call's own is nothing but the frame that stays around capture and confirm too. */
export const screens: Record<Exclude<Screen['at'], 'call'>, Component> = {
  starting: StartingScreen,
  enrol: EnrolScreen,
  closed: ClosedScreen,
  welcome: WelcomeScreen,
  code: CodeScreen,
  book: BookScreen,
  appointment: AppointmentScreen,
  followed: FollowedScreen,
  services: ServicesScreen,
  consent: ConsentScreen,
  form: FormScreen,
  explain: ExplainScreen,
  assess: AssessScreen,
  agree: AgreeScreen,
  identify: IdentifyScreen,
  'carry-out': CarryOutScreen,
  receipt: ReceiptScreen,
  'hand-over': HandOverScreen,
  picture: PictureScreen,
  photograph: CaptureScreen,
  person: PersonScreen,
  stopped: StoppedScreen,
  waiting: WaitingScreen,
  'call-back': CallBackScreen,
  'kept-place': KeptPlaceScreen,
  capture: CaptureScreen,
  sharing: SharingScreen,
  confirm: ConfirmScreen,
  rating: RatingScreen,
  thanks: ThanksScreen,
};

/** What a screen component is given: the data of its own state. */
export type Props<At extends Screen['at']> = { screen: Extract<Screen, { at: At }> };
