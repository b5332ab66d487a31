import { errors, values } from './table.ts';

values('versions are compared as Nix compares them', {
  'compareVersions "1.0" "2.3"': '-1',
  'compareVersions "2.1" "2.3"': '-1',
  'compareVersions "2.3" "2.3"': '0',
  'compareVersions "2.5" "2.3"': '1',
  'compareVersions "3.1" "2.3"': '1',
  'compareVersions "2.3.1" "2.3"': '1',
  'compareVersions "2.3.1" "2.3a"': '1',
  'compareVersions "2.3pre1" "2.3"': '-1',
  'compareVersions "2.3pre3" "2.3pre12"': '-1',
  'compareVersions "2.3a" "2.3c"': '-1',
  'compareVersions "2.3pre1" "2.3c"': '-1',
  'compareVersions "2.3pre1" "2.3q"': '-1',
  'compareVersions "" "pre"': '1',
  'compareVersions "" ""': '0',
  'compareVersions "1.0-1" "1.0.1"': '0',
  'compareVersions "01" "1"': '0',
  'compareVersions "20240101000000000001" "20240101000000000002"': '-1',
  'compareVersions "1.0.2k" "1.0.2"': '1',
});

values('versions and their parts', {
  'parseVersion ""': '[ ]',
  'parseVersion "1..2--3"': '[ "1", "2", "3", ]',
  'parseVersion "1_2+b~3"': '[ "1", "_", "2", "+b~", "3", ]',
  'atLeastVersion "1.2" "1.2"': 'true',
  'atLeastVersion "1.2" "1.2pre"': 'false',
  'olderThanVersion "1.2" "1.2"': 'false',
  'majorMinorVersion "1.2rc3"': '"1.2"',
  'majorVersion "v1"': '"v"',
  'parsePackageName "nix-0.12pre12876"': '{ name = "nix", version = "0.12pre12876", }',
  'parsePackageName "cab"': '{ name = "cab", version = "", }',
  'parsePackageName "a-b-1.0-rc1"': '{ name = "a-b", version = "1.0-rc1", }',
});

errors('parts that a version does not have', {
  'minorVersion "1"': { code: 'CAB2022', hint: /parseVersion/ },
  'majorVersion ""': 'CAB2022',
  'compareVersions 1 "1"': 'CAB2004',
});
