/// <reference types="tree-sitter-cli/dsl" />
// The grammar of Cab as docs/reference/grammar.md has it, with the names of Cab's own tree. What needs a look at the
// characters around a token, or counts, is in src/scanner.c.

/** How tightly things bind, from loosest to tightest. */
const PRECEDENCE = {
  body: -1,
  pipe: 1,
  implies: 2,
  or: 3,
  and: 4,
  equality: 5,
  order: 6,
  update: 7,
  not: 8,
  concatenate: 9,
  add: 10,
  multiply: 11,
  has: 12,
  negate: 13,
  apply: 14,
};

const commaSeparated = (rule) => optional(seq(rule, repeat(seq(',', rule)), optional(',')));

export default grammar({
  name: 'cab',

  externals: ($) => [
    $.block_comment,
    $._string_start,
    $._string_content,
    $._lines_start,
    $._lines_content,
    $._lines_end,
    $._raw_string,
    $._quoted_content,
    $._island_open,
    $._island_options,
    $._island_content,
    $._island_path,
    $._path_start,
    $._path_content,
    $._divide,
    $._error_sentinel,
  ],

  extras: ($) => [/[\s\ufeff]/, $.line_comment, $.block_comment],

  word: ($) => $.identifier,

  supertypes: ($) => [$.expression],

  rules: {
    file: ($) => $.expression,

    expression: ($) =>
      choice($.lambda, $.let, $.if, $.pipe, $.binary, $.unary, $.has_attribute, $._application),

    lambda: ($) =>
      prec.right(
        PRECEDENCE.body,
        seq(field('parameter', choice($.parameter, $.pattern)), '=>', field('body', $.expression)),
      ),
    parameter: ($) => $.identifier,
    pattern: ($) => $._braces,

    let: ($) =>
      prec.right(PRECEDENCE.body, seq('let', commaSeparated($.binding), 'in', field('body', $.expression))),

    if: ($) =>
      prec.right(
        PRECEDENCE.body,
        seq(
          'if',
          field('condition', $.expression),
          'then',
          field('consequence', $.expression),
          'else',
          field('alternative', $.expression),
        ),
      ),

    pipe: ($) =>
      choice(prec.right(PRECEDENCE.pipe, operation($, '<|')), prec.left(PRECEDENCE.pipe, operation($, '|>'))),

    binary: ($) =>
      choice(
        prec.right(PRECEDENCE.implies, operation($, '->')),
        prec.left(PRECEDENCE.or, operation($, '||')),
        prec.left(PRECEDENCE.and, operation($, '&&')),
        prec.left(PRECEDENCE.equality, operation($, choice('==', '!='))),
        prec.left(PRECEDENCE.order, operation($, choice('<', '<=', '>', '>='))),
        prec.right(PRECEDENCE.update, operation($, '//')),
        prec.right(PRECEDENCE.concatenate, operation($, '++')),
        prec.left(PRECEDENCE.add, operation($, choice('+', '-'))),
        prec.left(PRECEDENCE.multiply, operation($, choice('*', alias($._divide, '/')))),
      ),

    unary: ($) =>
      choice(
        prec.right(PRECEDENCE.not, seq(field('operator', '!'), field('operand', $.expression))),
        prec.right(PRECEDENCE.negate, seq(field('operator', '-'), field('operand', $.expression))),
      ),

    has_attribute: ($) =>
      prec.left(PRECEDENCE.has, seq(field('subject', $.expression), '?', $._attribute_path)),

    _application: ($) => choice($.apply, $._selection),
    apply: ($) =>
      prec.left(PRECEDENCE.apply, seq(field('function', $._function), field('argument', $._selection))),
    // Numbers, strings, paths, islands, lists and attributes are no functions.
    _function: ($) => choice($.apply, $.select, $.name, $.parenthesized),

    _selection: ($) => choice($.select, $._atom),
    select: ($) =>
      prec.right(
        seq(
          field('subject', $._atom),
          '.',
          $._attribute_path,
          optional(seq('or', field('fallback', $._selection))),
        ),
      ),
    _attribute_path: ($) => prec.right(seq($.key, repeat(seq('.', $.key)))),

    _atom: ($) =>
      choice($.name, $.integer, $.float, $.string, $.path, $.island, $.parenthesized, $.list, $.attributes),

    name: ($) => choice($.identifier, $.quoted_identifier),
    parenthesized: ($) => seq('(', $.expression, ')'),
    list: ($) => seq('[', commaSeparated($.expression), ']'),
    attributes: ($) => $._braces,

    // A pattern has the form of attributes; the arrow behind it tells.
    _braces: ($) =>
      seq(
        optional(seq(field('bind', $.identifier), '@')),
        '{',
        commaSeparated(choice($.binding, $.rest)),
        '}',
      ),
    rest: () => '...',
    binding: ($) => seq($._attribute_path, optional(seq('=', field('value', $.expression)))),
    key: ($) => choice($.identifier, $.string, $.quoted_identifier),

    string: ($) =>
      choice(
        seq(alias($._string_start, '"'), repeat($._string_part), token.immediate('"')),
        seq(alias($._lines_start, '"'), repeat($._lines_part), alias($._lines_end, '"')),
        alias($._raw_string, $.raw_string),
      ),
    _string_part: ($) => choice(alias($._string_content, $.text), $.escape, $.interpolation),
    _lines_part: ($) => choice(alias($._lines_content, $.text), $.escape, $.interpolation),
    quoted_identifier: ($) =>
      seq(
        '`',
        repeat(choice(alias($._quoted_content, $.text), $.escape, $.interpolation)),
        token.immediate('`'),
      ),
    escape: () => token.immediate(/\\(?:[ntr\\"`=]|u\{[0-9A-Fa-f]{1,6}\})/),
    interpolation: ($) => seq(token.immediate('\\('), $.expression, ')'),

    path: ($) => seq(alias($._path_start, $.text), repeat($._path_part)),
    _path_part: ($) => choice(alias($._path_content, $.text), $.interpolation),

    island: ($) =>
      prec.right(
        seq(
          alias($._island_open, '<'),
          field('type', alias(token.immediate(/[A-Za-z][A-Za-z0-9+.-]*/), $.island_type)),
          token.immediate(':'),
          choice(seq($._island_options, field('options', $.attributes)), repeat($._island_part)),
          optional(seq('::/', repeat($._island_part))),
          '>',
          optional(seq(alias($._island_path, $.text), repeat($._path_part))),
        ),
      ),
    _island_part: ($) => choice(alias($._island_content, $.text), $.escape, $.interpolation),

    identifier: () => /[\p{L}_](?:[\p{L}\p{M}\p{N}_']|-+[\p{L}\p{M}\p{N}_'])*/,
    integer: () =>
      /0[xX][0-9A-Fa-f]+(?:_[0-9A-Fa-f]+)*|0[oO][0-7]+(?:_[0-7]+)*|0[bB][01]+(?:_[01]+)*|[0-9]+(?:_[0-9]+)*/,
    float: () =>
      /[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?|[eE][+-]?[0-9]+(?:_[0-9]+)*)/,

    line_comment: () => token(/#(?:[^=\r\n][^\r\n]*)?/),
  },
});

function operation($, operator) {
  return seq(field('left', $.expression), field('operator', operator), field('right', $.expression));
}
