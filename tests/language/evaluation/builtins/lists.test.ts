import { errors, values } from './table.ts';

values('the ends of lists', {
  'last [ 1, ]': '1',
  'initial [ 1, ]': '[ ]',
  'take 9223372036854775808 [ 1, 2, ]': '[ 1, 2, ]',
  'drop 9223372036854775808 [ 1, 2, ]': '[ ]',
  'takeWhile (x => true) [ 1, 2, ]': '[ 1, 2, ]',
  'takeWhile (x => false) [ 1, 2, ]': '[ ]',
  'dropWhile (x => true) [ 1, 2, ]': '[ ]',
  'dropWhile (x => x == 1) [ 1, 2, 1, ]': '[ 2, 1, ]',
});

values('searching', {
  'findFirst (x => x > 9) "none" [ 1, 2, ]': '"none"',
  'findFirst (x => true) (throw "not needed") [ 1, ]': '1',
  'findFirst (x => x > 1) null [ 1, 2, (throw "not needed"), ]': '2',
  'findIndex (x => x > 9) [ 1, ]': 'null',
  'indexOf 2.0 [ 1, 2, ]': '1',
  'indexOf { a = 1, } [ { }, { a = 1, }, ]': '1',
  'indexOf 3 [ ]': 'null',
  'count (x => x == 1) [ 1, 2, 1, ]': '2',
  'count (throw "not needed") [ ]': '0',
});

values('lists made of others', {
  'mapWithIndex (i => x => i) [ "a", "b", ]': '[ 0, 1, ]',
  'length (mapWithIndex (throw "not needed") [ 1, 2, ])': '2',
  'filterMap (x => null) [ 1, 2, ]': '[ ]',
  'filterMap (x => x) [ 1, null, false, ]': '[ 1, false, ]',
  'zipWith (a => b => a * b) [ 1, 2, 3, ] [ 4, 5, ]': '[ 4, 10, ]',
  'length (zipWith (throw "not needed") [ 1, ] [ 2, ])': '1',
  'flatten [ ]': '[ ]',
  'flatten [ [ [ ], ], { a = [ 1, ], }, ]': '[ { a = [ 1, ], }, ]',
  'repeat 0 (throw "not needed")': '[ ]',
  'length (repeat 3 (throw "not needed"))': '3',
  'toList null': '[ null, ]',
  'optional false (throw "not needed")': '[ ]',
  'length (optional true (throw "not needed"))': '1',
  'optionalList false (throw "not needed")': '[ ]',
  'sum [ ]': '0',
  'sum [ 9007199254740991, 1, 1, ]': '9007199254740993',
  'sum [ 1, 0.5, ]': '1.5',
});

values('lists in order and as sets', {
  'sortOn (x => x) [ 3, 1, 2, ]': '[ 1, 2, 3, ]',
  'map (x => x.n) (sortOn (x => x.k) [ { k = 1, n = "a", }, { k = 0, n = "b", }, { k = 1, n = "c", }, ])':
    '[ "b", "a", "c", ]',
  'length (sortOn (throw "not needed") [ ])': '0',
  'compare 1 1.0': '0',
  'compare [ 1, 2, ] [ 1, ]': '1',
  'compare "\\u{ffff}" "\\u{10000}"': '-1',
  'intersectLists [ 1, [ ], { }, ] [ [ ], 1.0, 2, [ ], ]': '[ [ ], 1.0, [ ], ]',
  'subtractLists [ 1, "a", ] [ "a", 2, "b", 1, ]': '[ 2, "b", ]',
  'subtractLists [ ] [ 1, 1, ]': '[ 1, 1, ]',
  'intersectLists [ ] [ 1, ]': '[ ]',
});

values('integers of any size where elements are counted', {
  'range 9223372036854775807 9223372036854775809':
    '[ 9223372036854775807, 9223372036854775808, 9223372036854775809, ]',
  'range 9007199254740990 9007199254740993':
    '[ 9007199254740990, 9007199254740991, 9007199254740992, 9007199254740993, ]',
  'range 9223372036854775807 1': '[ ]',
  'range (-9223372036854775808) (-9223372036854775807)': '[ -9223372036854775808, -9223372036854775807, ]',
  'range 3 1': '[ ]',
  'range 2 2': '[ 2, ]',
});

errors('lists that lack what is asked for', {
  'last [ ]': 'CAB2013',
  'initial [ ]': 'CAB2013',
  'elementAt 9223372036854775808 [ 1, ]': 'CAB2013',
  'take (-1) [ ]': 'CAB2022',
  'repeat (-1) 1': 'CAB2022',
  'repeat 999999999999 1': 'CAB2022',
  'range 0 9223372036854775807': 'CAB2022',
  'range 0 10000000': 'CAB2022',
});

errors('elements of the wrong type', {
  'flatten 1': { code: 'CAB2004', message: /'flatten'/ },
  'sum [ "1", ]': { code: 'CAB2004', message: /each element of 'sum'/ },
  'sortOn (x => { }) [ 1, 2, ]': 'CAB2018',
  'sortOn 1 [ 1, ]': 'CAB2004',
  'compare 1 "a"': 'CAB2018',
  'compare null null': 'CAB2018',
  'count (x => 1) [ 1, ]': { code: 'CAB2004', message: /what the function of 'count' gives/ },
  'findFirst 1 2 [ 3, ]': 'CAB2006',
  'filterMap 1 [ 1, ]': 'CAB2004',
  'optional 1 2': { code: 'CAB2004', message: /condition of 'optional'/ },
});
