/** What names of other languages are in Cab: of Nix's builtins and its lib, of Python, JavaScript and Haskell. */
const renamed: ReadonlyMap<string, string> = new Map(
  Object.entries({
    True: 'true',
    False: 'false',
    None: 'null',
    nil: 'null',
    undefined: 'null',
    Nothing: 'null',
    abort: 'throw',
    error: 'throw',
    raise: 'throw',
    panic: 'throw',
    attrNames: 'attributeNames',
    attrValues: 'attributeValues',
    attrsToList: 'attributesToList',
    baseNameOf: 'baseName',
    boolToString: 'toString',
    ceil: 'ceiling',
    catAttrs: 'collectAttribute',
    concatLists: 'concatenateLists',
    concatLines: 'joinLines',
    concatMapAttrs: 'concatMapAttributes',
    concatStrings: 'join',
    concatStringsSep: 'join',
    const: 'constant',
    deepSeq: 'forceDeep',
    dirOf: 'directoryName',
    elem: 'contains',
    elemAt: 'elementAt',
    escapeRegex: 'escapePattern',
    escapeShellArg: 'escapeShellArgument',
    escapeShellArgs: 'escapeShellArguments',
    filterAttrs: 'filterAttributes',
    fix: 'fixedPoint',
    fold: 'foldLeft',
    foldl: 'foldLeft',
    "foldl'": 'foldLeft',
    foldlAttrs: 'foldAttributes',
    foldr: 'foldRight',
    forEach: 'map',
    fromJSON: 'fromJson',
    fromTOML: 'fromToml',
    fromYAML: 'fromYaml',
    functionArgs: 'functionArguments',
    genAttrs: 'attributesFromNames',
    genList: 'generateList',
    getAttr: 'getAttribute',
    getAttrFromPath: 'getAttributePath',
    hasAttr: 'hasAttribute',
    hasAttrByPath: 'hasAttributePath',
    hasInfix: 'containsString',
    hasPrefix: 'startsWith',
    hasSuffix: 'endsWith',
    id: 'identity',
    imap0: 'mapWithIndex',
    includes: 'contains',
    intersectAttrs: 'intersectAttributes',
    int: 'toInteger',
    isAttrs: 'isAttributes',
    isBool: 'isBoolean',
    isFunction: 'isLambda',
    isInt: 'isInteger',
    len: 'length',
    listToAttrs: 'attributesFromList',
    lowerCase: 'toLower',
    mapAttrs: 'mapAttributes',
    mapAttrsRecursive: 'mapAttributesRecursive',
    mapAttrsToList: 'mapAttributesToList',
    mod: 'modulo',
    nub: 'unique',
    optionalAttrs: 'optionalAttributes',
    optionals: 'optionalList',
    parseInt: 'toInteger',
    pathIsDirectory: 'readFileType',
    print: 'trace',
    println: 'trace',
    readDir: 'readDirectory',
    reduce: 'foldLeft',
    removeAttrs: 'removeAttributes',
    replaceStrings: 'replace',
    reverseList: 'reverse',
    seq: 'force',
    sorted: 'sort',
    splitString: 'split',
    str: 'toString',
    strip: 'trim',
    toJSON: 'toJson',
    toTOML: 'toToml',
    toYAML: 'toYaml',
    toInt: 'toInteger',
    toUpperCase: 'toUpper',
    toLowerCase: 'toLower',
    traceVal: 'traceValue',
    tryEval: 'tryEvaluate',
    typeof: 'typeOf',
    unsafeDiscardStringContext: 'withoutContext',
    zipAttrsWith: 'zipAttributes',
    zipListsWith: 'zipWith',
    zipLists: 'zip',
  }),
);

const fetching =
  'what is elsewhere is an island, as in <github:owner/repository> or <https://example.org/x.tar.gz>';
const packages = 'the library is import <cab:packages>, which is called with { system, }';
const setOfAll = 'a name for all of the attributes stands before them: self @ { a = 1, b = self.a, }';

/** Names that have no counterpart, and what there is in their place. */
const explained: ReadonlyMap<string, string> = new Map(
  Object.entries({
    and: "the boolean operator is '&&'",
    not: "not is written '!', as in !x",
    xor: 'booleans differ where a != b',
    lib: 'there is no lib: its functions are builtins, and cab repl completes their names',
    pkgs: packages,
    nixpkgs: packages,
    stdenv: packages,
    mkDerivation:
      'derivation describes a build, and the library in <cab:packages> has functions that make them',
    runCommand: packages,
    fetchTarball: fetching,
    fetchurl: fetching,
    fetchGit: fetching,
    fetchTree: fetching,
    fetchFromGitHub: fetching,
    fetchgit: fetching,
    fetchzip: fetching,
    getFlake: fetching,
    self: setOfAll,
    this: setOfAll,
    super: setOfAll,
    rec: setOfAll,
    currentSystem:
      'evaluation knows no current system: take it as an argument, { system, } => …, and give it by --argument',
    getEnv:
      'evaluation sees no environment: take it as an argument, { name, } => …, and give it by --argument',
    currentTime: 'evaluation has no clock, so that it gives the same every time',
    return: 'a function is an expression, and its value is what it returns',
    function: 'a function is written x => x + 1, or with names { a, b, } => a + b',
    lambda: 'a function is written x => x + 1',
    def: 'a function is a value with a name: let double = x => x * 2, in double 2',
    fn: 'a function is written x => x + 1',
    var: 'a value gets its name in let name = 1, in …',
    from: 'a file is imported whole, and what is needed selected from it: (import ./lib.cab).name',
    require: 'a file is imported by its path: import ./lib.cab',
    include: 'a file is imported by its path: import ./lib.cab',
    elif: "write 'else if'",
    f: 'a string is written "text \\(expression)", without a letter before it',
    min: 'minimum gives the least of a list',
    max: 'maximum gives the greatest of a list',
    isIn: 'contains tells whether a list has an element',
    mkIf: 'write if … then … else …',
    mkForce: 'one set is laid over another by //',
    mkDefault: 'a default is given by or: options.width or 80',
    placeholder:
      'the path of an output stands in the variable of its name, such as $out, when the builder runs',
    storePath: 'a path of the store is what an interpolated derivation becomes',
  }),
);

/** What to tell of a name that is not defined and that another language has. */
export interface ForeignName {
  readonly hint: string;
  /** The name to write instead, where it is one. */
  readonly text?: string;
}

/** `exists` says of a name whether it is a builtin. */
export function foreignName(name: string, exists: (name: string) => boolean): ForeignName | undefined {
  const own = renamed.get(name);
  if (own !== undefined && exists(own)) return { hint: `in Cab it is '${own}'`, text: own };
  const hint = explained.get(name);
  return hint === undefined ? undefined : { hint };
}

/** All that are known by another name: for a test, since the builtins are not known here. */
export const foreignCounterparts: ReadonlyMap<string, string> = renamed;
