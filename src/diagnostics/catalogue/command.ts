/** CAB6000–6999: the command line and the configuration. CAB9000–9999: Cab's own faults. */
export const commandCodes = {
  CAB6001: 'a command line that does not fit',
  CAB6002: 'a configuration file that cannot be used',
  CAB6003: 'an installable that does not exist',
  CAB6004: 'an installable that is not a derivation',
  CAB6005: 'a result link that cannot be made',
  CAB6006: 'a working folder that is not there',
  CAB6007: 'a standard output that cannot be written',
  CAB6008: 'a user without a home',
  CAB6009: 'a configuration file with secrets that others may read',
  CAB6021: 'a file that cannot be written',
  CAB6022: 'a file that cannot be read',
  CAB6101: 'a path that does not exist',
  CAB6102: 'a path that is not of the kind that was asked for',
  CAB6103: 'a path that leads out of its tree',
  CAB6104: 'a file that is too large to be read',
  CAB9001: 'a fault of Cab itself',
} as const;
