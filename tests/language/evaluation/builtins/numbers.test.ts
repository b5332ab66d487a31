import { errors, values } from './table.ts';

values('integers of any size', {
  'absolute (-9223372036854775808)': '9223372036854775808',
  'floor 1e20': '100000000000000000000',
  'ceiling (-1e20)': '-100000000000000000000',
  'floor (-1.5)': '-2',
  'ceiling (-1.5)': '-1',
  'map round [ 0.5, -0.5, 1.5, 2, 0.49999999999999994, ]': '[ 1, -1, 2, 2, 0, ]',
  'round 1e300 == toInteger 1e300': 'true',
  'modulo (-7) 3': '-1',
  'modulo 100000000000000000001 10': '1',
  'toFloat 100000000000000000000': '100000000000000000000.0',
  'toFloat 9007199254740993': '9007199254740992.0',
  'toInteger "-0"': '0',
  'toInteger " 100000000000000000000\\n"': '100000000000000000000',
  'toInteger 1e20': '100000000000000000000',
});

values('powers', {
  'power 0 0': '1',
  'power 10 100 == toInteger ("1" + repeatString 100 "0")': 'true',
  'power (-2) 3': '-8',
  'power 2.0 (-1)': '0.5',
  'power 1 999999999999': '1',
  'power (-1) 1000000000001': '-1',
  'power 1.5 2': '2.25',
});

values('bits', {
  'bitAnd (-1) 18446744073709551615': '18446744073709551615',
  'bitOr 4294967296 1': '4294967297',
  'bitXor (-1) 0': '-1',
  'bitAnd 4294967295 2147483648': '2147483648',
  'bitOr (-2147483648) 1': '-2147483647',
  'bitNot (-1)': '0',
  'bitNot 9007199254740991': '-9007199254740992',
  'shiftLeft 64 1': '18446744073709551616',
  'shiftRight 1 (-1)': '-1',
  'shiftRight 64 36893488147419103232': '2',
  'shiftRight 9223372036854775808 1': '0',
});

values('other bases', {
  'toBase 2 (-5)': '"-101"',
  'toBase 36 35': '"z"',
  'toBase 16 18446744073709551615': '"ffffffffffffffff"',
  'fromBase 16 "FF"': '255',
  'fromBase 16 "-ff"': '-255',
  'fromBase 2 (repeatString 100 "1") == power 2 100 - 1': 'true',
});

errors('numbers that are not to be had', {
  'power 2 (-1)': { code: 'CAB2022', hint: /float/ },
  'power (-1) 0.5': 'CAB2012',
  'power 1e300 1e300': 'CAB2012',
  'power 2 999999999999': 'CAB2023',
  'shiftLeft 99999999999 1': 'CAB2022',
  'shiftLeft (-1) 1': 'CAB2022',
  'toBase 1 1': 'CAB2022',
  'toBase 37 1': 'CAB2022',
  'fromBase 8 "8"': { code: 'CAB2017', hint: /0 to 7/ },
  'fromBase 16 "0xff"': 'CAB2017',
  'fromBase 10 ""': 'CAB2017',
  'toInteger "1.5"': 'CAB2017',
  'toFloat "1e999"': 'CAB2017',
  'toFloat (power 10 400)': 'CAB2017',
  'bitNot 1.5': 'CAB2004',
  'round "1"': 'CAB2004',
});
