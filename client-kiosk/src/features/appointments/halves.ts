/** The free times of a day before noon and from noon on, by the branch's clock. */
export function halves(slots: readonly number[], zone: string): { morning: number[]; afternoon: number[] } {
  const hour = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' });
  const isMorning = (slot: number) => Number(hour.format(slot)) < 12;
  return { morning: slots.filter(isMorning), afternoon: slots.filter((slot) => !isMorning(slot)) };
}
