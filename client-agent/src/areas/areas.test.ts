import { StaffRole } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { areasOf, placeFor } from './areas.ts';

it('gives each role its area, and no other', () => {
  const table = Object.fromEntries(StaffRole.options.map((role) => [role, areasOf([role])]));
  expect(table).toEqual({
    agent: ['desk', 'reviews'],
    'branch-staff': ['branch', 'calls'],
    supervisor: ['calls', 'queue', 'rules', 'staffing', 'journeys', 'audit'],
    approver: ['reviews'],
    inspector: ['calls', 'audit'],
    administrator: ['services', 'appointments', 'rules', 'staffing', 'journeys', 'audit'],
  });
});

it('joins the areas of several roles, each once, in a fixed order', () => {
  expect(areasOf(['administrator', 'supervisor', 'agent'])).toEqual([
    'desk',
    'reviews',
    'calls',
    'queue',
    'services',
    'appointments',
    'rules',
    'staffing',
    'journeys',
    'audit',
  ]);
});

it('lets everybody in where they belong', () => {
  expect(placeFor('audit', ['agent', 'supervisor'])).toBe('audit');
  expect(placeFor('audit', ['agent'])).toBe('desk');
  expect(placeFor('home', ['branch-staff'])).toBe('branch');
  expect(placeFor('desk', ['approver'])).toBe('reviews');
  expect(placeFor('desk', [])).toBe('home');
  expect(placeFor('queue', ['administrator'])).toBe('services');
});
