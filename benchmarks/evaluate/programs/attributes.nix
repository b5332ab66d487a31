# Attributes looked up by names that are written and by names that are computed.
let
  names  = builtins.genList (i: "name-${toString i}") 500;
  table  = builtins.listToAttrs (map (name: { inherit name; value = builtins.stringLength name; }) names);
  record = { a = { b = { c = 1; d = 2; }; e = 3; }; f = 4; };
  look   = sum: i: let
    name = builtins.elemAt names (i - i / 500 * 500);
  in sum
    + record.a.b.c + record.a.b.d + record.a.e + record.f
    + table.${name}
    + (table."other-${name}" or 1)
    + (if record ? a.b.x then 1 else 0);
in builtins.foldl' look 0 (builtins.genList (i: i) 200000)
