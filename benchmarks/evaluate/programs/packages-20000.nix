import ./packages.nix { count = 20000; }
