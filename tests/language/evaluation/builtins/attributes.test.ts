import { errors, values } from './table.ts';

values('attributes and lists', {
  'mapAttributesToList (n => v => n) { b = 1, a = 2, }': '[ "a", "b", ]',
  'length (mapAttributesToList (throw "not needed") { a = 1, })': '1',
  'concatMapAttributes (n => v => { `\\(n)1` = v, `\\(n)2` = v, }) { a = 1, }': '{ a1 = 1, a2 = 1, }',
  'concatMapAttributes (n => v => { x = n, }) { b = 1, a = 1, }': '{ x = "b", }',
  'attributeNames (concatMapAttributes (n => v => { `\\(n)x` = throw "not needed", }) { a = 1, })':
    '[ "ax", ]',
  'concatMapAttributes (throw "not needed") { }': '{ }',
  'attributesFromNames (n => n) [ "b", "a", "b", ]': '{ a = "a", b = "b", }',
  'attributeNames (attributesFromNames (n => throw n) [ "a", ])': '[ "a", ]',
  'attributesFromNames (throw "not needed") [ ]': '{ }',
  'mergeAttributes [ ]': '{ }',
  'attributeNames (mergeAttributes [ { a = throw "not needed", }, { b = 1, }, ])': '[ "a", "b", ]',
  'keepAttributes [ ] { a = throw "not needed", }': '{ }',
  'collectAttribute "name" [ { name = "a", }, (derivation { name = "d", builder = "/b", }), 1, ]':
    '[ "a", "d", ]',
  'length (collectAttribute "a" [ { a = throw "not needed", }, ])': '1',
  'foldAttributes (r => n => v => r + v) 0 { a = 1, b = 2, }': '3',
  'foldAttributes (throw "not needed") 7 { }': '7',
  'optionalAttributes true { a = 1, }': '{ a = 1, }',
  'optionalAttributes false (throw "not needed")': '{ }',
  'cartesianProduct { }': '[ { }, ]',
  'cartesianProduct { a = [ 1, 2, ], b = [ ], }': '[ ]',
  'cartesianProduct { a = [ 1, 2, ], b = [ 3, 4, ], }':
    '[ { a = 1, b = 3, }, { a = 1, b = 4, }, { a = 2, b = 3, }, { a = 2, b = 4, }, ]',
  'length (cartesianProduct { a = [ (throw "not needed"), ], })': '1',
});

values('attributes at the end of several names', {
  'getAttributePath [ ] 1': '1',
  'getAttributePath [ "d", "name", ] { d = derivation { name = "n", builder = "/b", }, }': '"n"',
  'getAttributePathOr (throw "not needed") [ "a", ] { a = 1, }': '1',
  'getAttributePathOr 2 [ "a", "b", ] { a = 1, }': '2',
  'hasAttributePath [ "a", "b", ] { a = 1, }': 'false',
  'hasAttributePath [ ] { }': 'true',
  'hasAttributePath [ "a", ] { a = throw "not needed", }': 'true',
  'setAttributePath [ ] 1 { a = 2, }': '1',
  'setAttributePath [ "a", ] 1 { a = throw "not needed", b = 2, }': '{ a = 1, b = 2, }',
  'setAttributePath [ "a", "b", "c", ] 1 { a = { x = 1, }, }': '{ a = { b = { c = 1, }, x = 1, }, }',
  'attributeNames (setAttributePath [ "a", "b", ] 1 { a = throw "not needed", })': '[ "a", ]',
  'updateAttributePath [ ] (x => x + 1) 1': '2',
  'attributeNames (updateAttributePath [ "a", "b", ] (throw "not needed") { a = { b = 1, }, })': '[ "a", ]',
  'foldLeft (all => c => updateAttributePath c.path c.update all) { a = { b = 1, }, c = 2, } [ { path = [ "a", "b", ], update = x => x * 10, }, { path = [ "c", ], update = x => [ x, ], }, ]':
    '{ a = { b = 10, }, c = [ 2, ], }',
});

values('attributes with all that is in them', {
  'mapAttributesRecursive (path => value => length path) { a = 1, b = { c = { d = 1, }, }, e = { }, }':
    '{ a = 1, b = { c = { d = 3, }, }, e = { }, }',
  'attributeNames (mapAttributesRecursive (throw "not needed") { a = throw "not needed", })': '[ "a", ]',
  'length (collect isDerivation { a = derivation { name = "a", builder = "/b", }, b = { c = derivation { name = "c", builder = "/b", }, }, d = [ ], })':
    '2',
  'collect isList { a = [ 1, ], b = { c = [ 2, [ 3, ], ], }, }': '[ [ 1, ], [ 2, [ 3, ], ], ]',
  'matchAttributes { } { a = 1, }': 'true',
  'matchAttributes { a = 1, } { }': 'false',
  'matchAttributes { a = { b = 1, }, } { a = { b = 2, }, }': 'false',
  'matchAttributes { a = { b = 1, }, } { a = 1, }': 'false',
});

errors('attributes that are not there, or are none', {
  'getAttributePath [ "a", "c", ] { a = { b = 1, }, }': {
    code: 'CAB2005',
    at: 'getAttributePath [ "a", "c", ] { a = { b = 1, }, }',
    hint: /b/,
  },
  'getAttributePath [ "a", "b", ] { a = 1, }': 'CAB2004',
  'updateAttributePath [ "a", ] (x => x) { }': { code: 'CAB2005', hint: /setAttributePath/ },
  '(updateAttributePath [ "a", "b", ] (x => x) { a = { }, }).a.b': { code: 'CAB2005', message: /'a\.b'/ },
  'setAttributePath [ "a", "b", ] 1 { a = 2, }': { code: 'CAB2004', message: /an integer/ },
  'setAttributePath "a" 1 { }': 'CAB2004',
  'attributesFromNames (n => n) [ 1, ]': 'CAB2004',
  'attributesFromNames [ "a", ] (n => n)': { code: 'CAB2004', message: /names of 'attributesFromNames'/ },
  'concatMapAttributes (n => v => v) { a = 1, }': { code: 'CAB2004', message: /gives/ },
  'mergeAttributes [ 1, ]': 'CAB2004',
  'cartesianProduct { a = 1, }': 'CAB2004',
  'cartesianProduct (attributesFromNames (n => range 1 100) [ "a", "b", "c", "d", ])': 'CAB2022',
  'collect (x => 1) { }': 'CAB2004',
  'mapAttributesRecursive (p => v => v) 1': 'CAB2004',
});
