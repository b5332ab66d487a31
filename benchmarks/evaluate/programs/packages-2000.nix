import ./packages.nix { count = 2000; }
