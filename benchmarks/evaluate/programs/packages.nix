# A set of packages that refers to itself by `self`, with layers above it that override some, as nixpkgs is made.
{ count }: let
  modulo  = x: y: x - x / y * y;
  fix     = make: let self = make self; in self;
  extend  = make: layer: self: let super = make self; in super // layer self super;
  nameOf  = number: "package-${toString number}";

  # What a package is made from, by the names of its arguments, and anew with others.
  makePackage = parts: parts // {
    fullName = "${parts.name}-${parts.version}";
    override = change: makePackage (parts // change parts);
    depth    = builtins.foldl' (deepest: input: if input.depth < deepest then deepest else input.depth + 1) 1 parts.inputs;
  };
  callWith = self: make: given:
    makePackage (make (builtins.intersectAttrs (builtins.functionArgs make) self // given));

  base = self: {
    toolchain = callWith self ({ ... }: { name = "toolchain"; version = "13.2"; inputs = [ ]; }) { };
    library   = callWith self ({ toolchain }: { name = "library"; version = "2.40"; inputs = [ toolchain ]; }) { };
    shell     = callWith self ({ toolchain, library }: { name = "shell"; version = "5.2"; inputs = [ toolchain library ]; }) { };
  };

  numbered = self: super: builtins.listToAttrs (builtins.genList (number: {
    name  = nameOf number;
    value = callWith self ({ toolchain, library, shell, isSmall }: {
      name    = nameOf number;
      version = "${toString (number / 100)}.${toString (modulo number 100)}";
      inputs  = [ toolchain library ]
        ++ (if isSmall then [ shell ] else [ self.${nameOf (number / 2)} self.${nameOf (number / 3)} ]);
      meta    = { description = "The package of number ${toString number}"; license = "free"; };
    }) { isSmall = number < 10; };
  }) count);

  # Overrides every package whose number has this rest.
  overriding = divisor: change: self: super: builtins.listToAttrs (builtins.genList (index: let
    name = nameOf (index * divisor);
  in { inherit name; value = super.${name}.override (change self); }) (count / divisor));

  layers = [
    numbered
    (overriding 10 (self: old: { version = "${old.version}-patched"; }))
    (overriding 7 (self: old: { inputs = old.inputs ++ [ self.shell ]; }))
    (self: super: { shell = super.shell.override (old: { version = "5.3"; }); })
    (overriding 25 (self: old: { name = "${old.name}-minimal"; inputs = [ self.toolchain ]; }))
  ];

  packages = builtins.attrValues (fix (builtins.foldl' extend base layers));
in {
  count  = builtins.length packages;
  depths = builtins.foldl' (sum: package: sum + package.depth) 0 packages;
  inputs = builtins.foldl' (sum: package: sum + builtins.foldl' (sum: input: sum + builtins.stringLength input.fullName) 0 package.inputs) 0 packages;
  names  = builtins.stringLength (builtins.concatStringsSep " " (map (package: package.fullName) packages));
  last   = (builtins.elemAt packages (builtins.length packages - 2)).fullName;
}
