let
  numbers = builtins.genList (i: i) 200000;
  isThird = x: x - x / 3 * 3 == 0;
  round   = factor:
    builtins.foldl' (sum: x: sum + x) 0 (builtins.filter isThird (map (x: x * factor + 1) numbers));
in map round [ 1 2 4 5 7 ]
