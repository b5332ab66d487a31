let
  prime    = 2147483647;
  modulo   = x: y: x - x / y * y;
  scramble = i: modulo (modulo ((i + 1) * 48271) prime * 16807) prime;
  sorted   = builtins.sort (a: b: a < b) (builtins.genList scramble 100000);
in {
  first    = builtins.head sorted;
  middle   = builtins.elemAt sorted 50000;
  last     = builtins.elemAt sorted 99999;
  checksum = builtins.foldl' (sum: x: modulo (sum * 31 + x) prime) 0 sorted;
}
