export { isOfThisMachine, listenForms, parseListenAddressIn } from './addresses.ts';
export * from './clients.ts';
export * from './configuration.ts';
export * from './limits.ts';
export * from './tls.ts';
