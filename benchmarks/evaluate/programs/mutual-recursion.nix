# Hofstadter's female and male sequences.
let
  female = n: if n == 0 then 1 else n - male (female (n - 1));
  male   = n: if n == 0 then 0 else n - female (male (n - 1));
  isEven = n: if n == 0 then true else isOdd (n - 1);
  isOdd  = n: if n == 0 then false else isEven (n - 1);
in {
  sequences = builtins.map (n: [ (female n) (male n) ]) (builtins.genList (i: i) 70);
  evens     = builtins.length (builtins.filter isEven (builtins.genList (i: i) 1000));
}
