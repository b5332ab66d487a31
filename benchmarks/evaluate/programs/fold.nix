builtins.foldl' (sum: x: sum + x) 0 (builtins.genList (i: i) 1000000)
