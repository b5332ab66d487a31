export * from './derivations-in.ts';
export * from './installable.ts';
export * from './lock-session.ts';
export * from './locations.ts';
export * from './named-islands.ts';
export * from './project.ts';
export * from './workspace.ts';
