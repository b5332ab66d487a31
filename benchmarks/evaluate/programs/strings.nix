# Lines that mention a derivation's output, each put together, changed and joined.
let
  tool = derivation {
    name    = "tool";
    builder = "/bin/sh";
    args    = [ "-c" "echo > $out" ];
    system  = "x86_64-linux";
  };
  withoutContext = builtins.unsafeDiscardStringContext;
  line     = i: "${tool}/bin/run --number=${toString i} " + (if i - i / 2 * 2 == 0 then "--even" else "--odd");
  written  = builtins.genList line 100000;
  plain    = map (builtins.replaceStrings [ "${tool}" ] [ "TOOL" ]) written;
  joined   = builtins.concatStringsSep "\n" written;
  replaced = builtins.replaceStrings [ "${tool}" ] [ "TOOL" ] joined;
in {
  same   = withoutContext replaced == withoutContext (builtins.concatStringsSep "\n" plain);
  length = builtins.stringLength replaced;
  marks  = builtins.length (builtins.filter (text: withoutContext (builtins.substring 0 8 text) == "TOOL/bin") plain);
  first  = withoutContext (builtins.head plain);
}
