# The merge of four hundred modules with options, defaults, conditions and priorities, as NixOS is configured.
let
  # What a definition may be wrapped in.
  when         = condition: content: { type = "condition"; inherit condition content; };
  override     = priority: content: { type = "priority"; inherit priority content; };
  forced       = override 50;
  byDefault    = override 1000;
  merged       = contents: { type = "merge"; inherit contents; };
  typeOfMark   = value: if builtins.isAttrs value then value.type or "" else "";

  # Options, each with how several definitions become one.
  option       = default: merge: { type = "option"; inherit default merge; };
  theOne       = path: values:
    if builtins.length values == 1 then builtins.head values else throw "${builtins.concatStringsSep "." path} is defined ${toString (builtins.length values)} times";
  listOption   = option [ ] (path: builtins.concatLists);
  textOption   = default: option default theOne;
  flagOption   = option false (path: builtins.any (value: value));
  linesOption  = option "" (path: builtins.concatStringsSep "\n");
  sumOption    = option 0 (path: builtins.foldl' (sum: value: sum + value) 0);

  # Conditions and merges of whole sets are pushed down to what they hold.
  pushDown = value: let
    mark = typeOfMark value;
  in if mark == "condition" then
      map (builtins.mapAttrs (name: when value.condition)) (pushDown value.content)
    else if mark == "merge" then
      builtins.concatMap pushDown value.contents
    else if mark == "priority" then
      map (builtins.mapAttrs (name: override value.priority)) (pushDown value.content)
    else
      [ value ];

  # The definitions of one option that count.
  discharge = value: let
    mark = typeOfMark value;
  in if mark == "condition" then
      if value.condition then discharge value.content else [ ]
    else if mark == "merge" then
      builtins.concatMap discharge value.contents
    else
      [ value ];
  priorityOf   = value: if typeOfMark value == "priority" then value.priority else 100;
  contentOf    = value: if typeOfMark value == "priority" then value.content else value;
  strongest    = values: let
    lowest = builtins.foldl' (lowest: value: if priorityOf value < lowest then priorityOf value else lowest) 10000 values;
  in map contentOf (builtins.filter (value: priorityOf value == lowest) values);

  evaluateOption = path: declared: defined: let
    values = strongest (builtins.concatMap discharge (defined ++ [ (override 1500 declared.default) ]));
  in declared.merge path values;

  mergeModules = path: declarations: definitions: let
    declaredByName = builtins.zipAttrsWith (name: values: values) declarations;
    definedByName  = builtins.zipAttrsWith (name: values: values) (builtins.concatMap pushDown definitions);
    unknown        = builtins.filter (name: !(declaredByName ? ${name})) (builtins.attrNames definedByName);
  in if unknown != [ ] then
      throw "there is no option ${builtins.concatStringsSep "." (path ++ unknown)}"
    else
      builtins.mapAttrs (name: declared: let
        place   = path ++ [ name ];
        defined = definedByName.${name} or [ ];
      in if typeOfMark (builtins.head declared) == "option" then
          evaluateOption place (builtins.head declared) defined
        else
          mergeModules place declared defined) declaredByName;

  evaluateModules = modules: let
    called = map (module: module { inherit config; }) modules;
    config = mergeModules [ ] (map (module: module.options or { }) called) (map (module: module.config or { }) called);
  in config;

  # The modules.
  count    = 400;
  modulo   = x: y: x - x / y * y;
  service  = number: let
    name = "service-${toString number}";
    next = "service-${toString (modulo (number + 1) count)}";
  in { config, ... }: {
    options.services.${name} = {
      enable      = flagOption;
      port        = textOption (8000 + number);
      user        = textOption "nobody";
      arguments   = listOption;
      settings    = { level = textOption "info"; text = linesOption; };
    };
    config = merged [
      {
        services.${name} = {
          enable         = if modulo number 3 == 0 then true else byDefault (modulo number 5 == 0);
          user           = byDefault name;
          settings.level = if modulo number 7 == 0 then forced "debug" else byDefault "warning";
        };
      }
      (when config.services.${name}.enable {
        environment.packages = [ "package-${name}" ];
        network.ports        = [ config.services.${name}.port ];
        users.count          = 1;
        services.${next} = {
          arguments     = [ "--behind=${name}" "--level=${config.services.${name}.settings.level}" ];
          settings.text = "from ${name} by ${config.services.${name}.user}";
        };
      })
      (when (modulo number 11 == 0) { services.${next}.port = forced (9000 + number); })
    ];
  };
  common = { config, ... }: {
    options = {
      environment = { packages = listOption; text = linesOption; };
      network     = { ports = listOption; firewall = flagOption; };
      users.count = sumOption;
    };
    config = {
      environment.packages = [ "base" ];
      environment.text     = builtins.concatStringsSep " " config.environment.packages;
      network.firewall     = config.network.ports != [ ];
    };
  };
in evaluateModules ([ common ] ++ builtins.genList service count)
