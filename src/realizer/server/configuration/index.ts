export * from './clients.ts';
export * from './configuration.ts';
export * from './limits.ts';
export * from './listen-address.ts';
export * from './tls.ts';
