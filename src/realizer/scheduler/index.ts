export * from './first-eligible.ts';
export * from './fleet.ts';
export type { Member } from './member.ts';
export * from './scheduler.ts';
export * from './transfers.ts';
export * from './whereabouts.ts';
