export { type Machine, reasonForNoNetworks } from './networks.ts';
export { makeThreeMachines, type ThreeMachines } from './three-machines.ts';
