import { defineAsyncComponent, type Component } from 'vue';
import type { Screen } from '../journey/screen.ts';
import AheadScreen from './AheadScreen.vue';
import AgreeScreen from './AgreeScreen.vue';
import AssessScreen from './AssessScreen.vue';
import CaptureScreen from './CaptureScreen.vue';
import CodeScreen from './CodeScreen.vue';
import CarryOutScreen from './CarryOutScreen.vue';
import ClosedScreen from './ClosedScreen.vue';
import ConsentScreen from './ConsentScreen.vue';
import EnrolScreen from './EnrolScreen.vue';
import ExplainScreen from './ExplainScreen.vue';
import FormScreen from './FormScreen.vue';
import HandOverScreen from './HandOverScreen.vue';
import IdentifyScreen from './IdentifyScreen.vue';
import PersonScreen from './PersonScreen.vue';
import PictureScreen from './PictureScreen.vue';
import RatingScreen from './RatingScreen.vue';
import ReceiptScreen from './ReceiptScreen.vue';
import SentAheadScreen from './SentAheadScreen.vue';
import ServicesScreen from './ServicesScreen.vue';
import StartingScreen from './StartingScreen.vue';
import StoppedScreen from './StoppedScreen.vue';
import ThanksScreen from './ThanksScreen.vue';
import WaitingScreen from './WaitingScreen.vue';
import WelcomeScreen from './WelcomeScreen.vue';

const lateScreens = () => import('./late.ts');
const TRY_AGAIN_MS = 1_000;
const later = (name: keyof Awaited<ReturnType<typeof lateScreens>>): Component =>
  defineAsyncComponent({
    loader: async () => (await lateScreens())[name],
    onError: (_error, again) => setTimeout(again, TRY_AGAIN_MS),
  });

/** Fetches the screens that nobody meets at once, so that they are here before they are wanted. */
export const bringLateScreens = (): void => void lateScreens().catch(() => undefined);

/** What draws each screen; the call's own is nothing but the frame that stays around capture and confirm too. */
export const screens: Record<Exclude<Screen['at'], 'call'>, Component> = {
  starting: StartingScreen,
  enrol: EnrolScreen,
  closed: ClosedScreen,
  welcome: WelcomeScreen,
  'self-test': later('SelfTestScreen'),
  code: CodeScreen,
  book: later('BookScreen'),
  appointment: later('AppointmentScreen'),
  followed: later('FollowedScreen'),
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
  ahead: AheadScreen,
  'sent-ahead': SentAheadScreen,
  person: PersonScreen,
  stopped: StoppedScreen,
  recall: later('RecallScreen'),
  waiting: WaitingScreen,
  'call-back': later('CallBackScreen'),
  'kept-place': later('KeptPlaceScreen'),
  capture: CaptureScreen,
  sharing: later('SharingScreen'),
  chat: later('ChatScreen'),
  shown: later('ShownScreen'),
  explaining: later('ExplainingScreen'),
  confirm: later('ConfirmScreen'),
  paper: later('PaperScreen'),
  signed: later('SignedScreen'),
  handout: later('HandoutScreen'),
  rating: RatingScreen,
  thanks: ThanksScreen,
};

/** What a screen component is given: the data of its own state. */
export type Props<At extends Screen['at']> = { screen: Extract<Screen, { at: At }> };
