import {
  AgentAtName,
  BoardTicket,
  BreakReason,
  CallEvent,
  DeclineReason,
  EndReason,
  ExplainedOffer,
  Explanation,
  LinkAlert,
  LinkTrouble,
  Outcome,
  RevealReason,
  ScoreView,
  StaffRole,
  StepView,
} from '@openvtm/protocol';
import { languages, type Messages, sharedMessages } from '@openvtm/ui';
import { describe, expect, it } from 'vitest';
import { messages } from './index.ts';

const leaves = (tree: Messages, path = ''): string[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${path}${key}`] : leaves(value, `${path}${key}.`),
  );
const at = (tree: Messages, path: string): unknown =>
  path.split('.').reduce<unknown>((found, key) => (found as Messages | undefined)?.[key], tree);
const named = (text: unknown) =>
  [...String(text).matchAll(/\{(\w+)\}/g)].map((match) => String(match[1])).toSorted((a, b) => a.localeCompare(b));

describe('the texts', () => {
  it('are the same set in both languages', () => {
    expect(new Set(leaves(messages.en))).toEqual(new Set(leaves(messages['zh-CN'])));
  });

  it('take the same values in both languages', () => {
    for (const path of leaves(messages.en)) {
      expect(named(at(messages['zh-CN'], path)), path).toEqual(named(at(messages.en, path)));
    }
  });

  it('do not repeat the shared ones', () => {
    for (const language of languages) {
      expect(Object.keys(messages[language]).filter((key) => key in sharedMessages[language])).toEqual([]);
    }
  });

  it('have a word for everything the protocol names', () => {
    const wanted = [
      ...BreakReason.options.map((reason) => `presence.reason.${reason}`),
      'presence.reason.missed-offer',
      ...DeclineReason.options.map((reason) => `offer.reason.${reason}`),
      ...Outcome.options.map((outcome) => `wrapUp.outcomeOf.${outcome}`),
      ...RevealReason.options.map((reason) => `caseData.reason.${reason}`),
      ...StaffRole.options.map((role) => `app.role.${role}`),
      ...AgentAtName.options.map((at) => `presence.state.${at}`),
      ...BoardTicket.shape.at.options.map((at) => `queueBoard.at.${at}`),
      ...Explanation.shape.state.options.map((state) => `explain.state.${state}`),
      ...Explanation.shape.why.options.map((why) => `explain.why.${why}`),
      ...Explanation.shape.next.element.shape.is.options.map((is) => `explain.next.${is}`),
      ...Explanation.shape.left.element.shape.why.options.map((why) => `explain.leftWhy.${why}`),
      ...ExplainedOffer.shape.how.options.map((how) => `explain.how.${how}`),
      ...StepView.shape.state.options.map((state) => `explain.stepState.${state}`),
      ...LinkTrouble.options.map((trouble) => `callQuality.trouble.${trouble}`),
      ...CallEvent.shape.is.options.map((event) => `callQuality.event.${event}`),
      ...EndReason.options.map((reason) => `callQuality.reason.${reason}`),
      ...LinkAlert.shape.by.options.map((by) => `callQuality.alert.${by}`),
      ...Object.keys(ScoreView.shape.parts.shape).map((part) => `explain.part.${part}`),
    ];
    expect(wanted.filter((path) => typeof at(messages.en, path) !== 'string')).toEqual([]);
  });
});
