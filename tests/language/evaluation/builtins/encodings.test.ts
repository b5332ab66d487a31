import { errors, values } from './table.ts';

values('arguments of a shell', {
  'escapeShellArgument ""': `"''"`,
  'escapeShellArgument "a-b_c/d.e=f,g:h@i+j%k"': '"a-b_c/d.e=f,g:h@i+j%k"',
  'escapeShellArgument "$(rm -rf x)"': `"'$(rm -rf x)'"`,
  'escapeShellArgument "a\\nb"': `"'a\\nb'"`,
  'escapeShellArgument "~"': `"'~'"`,
  'escapeShellArgument "ä"': `"'ä'"`,
  'escapeShellArgument 12': '"12"',
  'escapeShellArguments [ ]': '""',
});

values('parts of URLs', {
  'encodeUrl "az09-._~"': '"az09-._~"',
  [`encodeUrl "!'()*"`]: '"%21%27%28%29%2A"',
  'encodeUrl "😀"': '"%F0%9F%98%80"',
  'decodeUrl "a+b%20c"': '"a+b c"',
  'decodeUrl "%f0%9f%98%80"': '"😀"',
});

values('bytes as text', {
  'encodeBase64 ""': '""',
  'encodeBase64 "ü"': '"w7w="',
  'decodeBase64 "w7w="': '"ü"',
  'decodeBase64 "w7w"': '"ü"',
  'encodeHexadecimal "\\u{0}ü"': '"00c3bc"',
  'decodeHexadecimal "C3BC"': '"ü"',
  'decodeHexadecimal ""': '""',
});

errors('texts that are not encoded so', {
  'decodeUrl "%"': 'CAB2017',
  'decodeUrl "%zz"': 'CAB2017',
  'decodeUrl "%ff"': { code: 'CAB2017', hint: /UTF-8/ },
  'decodeBase64 "a"': 'CAB2017',
  'decodeBase64 "ab=="': { code: 'CAB2017', message: /base 64/ },
  'decodeBase64 "YQ="': 'CAB2017',
  'decodeBase64 "Y Q"': 'CAB2017',
  'decodeBase64 "_w=="': 'CAB2017',
  'decodeBase64 "/w=="': { code: 'CAB2017', message: /not UTF-8/ },
  'decodeHexadecimal "abc"': 'CAB2017',
  'decodeHexadecimal "ff"': { code: 'CAB2017', message: /not UTF-8/ },
  'escapeShellArgument "\\u{0}"': 'CAB2022',
  'escapeShellArgument null': 'CAB2014',
});

values('hashes', {
  'hashString "md5" ""': '"d41d8cd98f00b204e9800998ecf8427e"',
  'hashString "sha1" ""': '"da39a3ee5e6b4b0d3255bfef95601890afd80709"',
  'hashString "blake3" ""': '"af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"',
  'substring 0 16 (hashString "sha512" "ü")': '"230a068990071d4a"',
});

values('hashes in other ways of writing them', {
  'convertHash "nix32" "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="':
    '"0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73"',
  'convertHash "base64" "sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73"':
    '"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="',
  'convertHash "integrity" "sha1:DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"':
    '"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="',
  'convertHash "hexadecimal" "md5:1B2M2Y8AsgTpgAmY7PhCfg=="': '"d41d8cd98f00b204e9800998ecf8427e"',
  'attributeValues (attributesFromNames (a => stringLength (convertHash "nix32" "\\(a):\\(hashString a "")")) [ "md5", "sha1", "sha256", "sha512", ])':
    '[ 26, 32, 52, 103, ]',
});

errors('hashes that cannot be converted', {
  'convertHash "hex" "md5:d41d8cd98f00b204e9800998ecf8427e"': { code: 'CAB2022', hint: /hexadecimal/ },
  'convertHash "base64" "d41d8cd98f00b204e9800998ecf8427e"': { code: 'CAB2017', hint: /algorithm|sha256:/ },
  'convertHash "base64" "md5:d41d8cd98f00b204e9800998ecf8427"': { code: 'CAB2017', message: /16 bytes/ },
  'convertHash "base64" "sha256-d41d8cd98f00b204e9800998ecf8427e"': 'CAB2017',
  'convertHash "base64" "md5:zzzzzzzzzzzzzzzzzzzzzzzzzz"': 'CAB2017',
  'hashString "sha-256" ""': { code: 'CAB2022', hint: /sha256/ },
});
