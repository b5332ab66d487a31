let
  size    = 9;
  columns = builtins.genList (i: i) size;
  isSafe  = queen: distance: placed: placed == [ ] || (let
      other = builtins.head placed;
    in other != queen
      && other != queen + distance
      && other != queen - distance
      && isSafe queen (distance + 1) (builtins.tail placed));
  place   = row: if row == 0 then [ [ ] ] else builtins.concatMap
    (placed: map (queen: [ queen ] ++ placed) (builtins.filter (queen: isSafe queen 1 placed) columns))
    (place (row - 1));
  found   = place size;
in { count = builtins.length found; first = builtins.head found; }
