export { default as AskIn } from './AskIn.vue';
export { longestLeft } from './invitations.ts';
export { default as InvitationStrip } from './InvitationStrip.vue';
export { useKnocking } from './knocking.ts';
export { default as PeoplePane } from './PeoplePane.vue';
export { default as SentInvitations } from './SentInvitations.vue';
