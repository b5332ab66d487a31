import type { syntaxCodes } from '../catalogue/syntax.ts';
import type { Explanation, LanguageExplanation } from './explanation.ts';

export const syntaxExplanations: Readonly<
  Record<keyof typeof syntaxCodes, Explanation | LanguageExplanation>
> = {
  CAB1001: {
    text: `
Outside of strings and comments the language has letters, digits, blanks, and the signs of its operators and
brackets. The character that is shown is none of them.

Most often it comes from another language ($, %, &, |), from a word processor (curly quotes, a no-break
space), or it cannot be seen at all, such as a zero-width space. It is shown as its number then: delete it,
and type what was meant.`,
    wrong: 'modulo 7 % 2',
    right: 'modulo 7 2',
  },
  CAB1002: {
    text: `
A string ends on the line it begins on. What looks like a string of several lines is one only if the opening
quote is the last thing on its line; it then ends at the first quote that is the first thing on its line, with
nothing behind it but commas and closing brackets. So other quotes need no escape within it.

A quoted identifier, between backquotes, has one line. A raw string, "= … =", ends at a quote behind as many
equals signs as it began with.`,
    wrong: '{\n  name = "hello,\n}',
    right: '{\n  name = "hello",\n}',
  },
  CAB1003: {
    text: `
A comment that begins with #= goes on to =#, over as many lines as it likes; with more equals signs it is
closed by as many. Blocks of the same number nest, so that a part of a file which has comments in it can be
commented out.

Where a comment to the end of the line was meant, put a blank behind the #.`,
    wrong: '#= the answer\n42',
    right: '#= the answer =#\n42',
  },
  CAB1004: {
    text: `
An island is written <type:body> in one piece: it has no blanks, quotes or line ends in it, and > closes it.
What needs such characters is written as an interpolation, \\("a b"), or as options, <git:{ url = "…", }>.`,
    wrong: '{ source = <github:cull-os/cab, }',
    right: '{ source = <github:cull-os/cab>, }',
  },
  CAB1005: {
    text: `
In a string a backslash begins an escape, and there are few of them: \\n, \\t, \\r, \\\\, \\", \\\`, \\=, and
\\u{1F600} for a character by its number. \\( begins an interpolation. Every other backslash is an error, so
that a new escape can never change what a text means.

Write the backslash twice where it is meant, or take a raw string, "= … =", in which it has no meaning. That
suits regular expressions.`,
    wrong: 'match "\\d+" "42"',
    right: 'match "\\\\d+" "42"',
  },
  CAB1006: {
    text: `
Numbers are written 42, 1_000, 0xFF, 0o17, 0b1010, 3.14 or 1.5e-3. A digit stands on both sides of a dot and
of an underscore, all digits belong to the base, and there are no units. Integers are as large as they like; a
float is at most about 1.8e308.

A version such as 1.2.3 is no number: write it as a string.`,
    wrong: '0b102',
    right: '0b101',
  },
  CAB1007: {
    text: `
A < directly before a letter opens an island, and an island begins with its type and a colon:
<github:owner/repository>, <https://example.org/x.tar.gz>, <cab:packages>. There is no search path, and so no
<name> by itself.

To compare, put a blank behind the sign: a < b.`,
    wrong: 'let a = 1, b = 2, in a <b',
    right: 'let a = 1, b = 2, in a < b',
  },
  CAB1008: {
    text: `
Expressions within expressions are nested more deeply than the machine's stack has room for, which is some hundred thousand
levels. People do not write such texts; where a program writes them, have it give names to parts with let, or write
several files.`,
  },
  CAB1101: {
    text: `
A value has to stand here: on both sides of an operator, behind an equals sign, behind =>, in, then and else.
A file is one expression too, so it cannot be empty.`,
    wrong: '{ size = 1 +, }',
    right: '{ size = 1 + 1, }',
  },
  CAB1102: {
    text: `
A bracket or an interpolation is opened and not closed before something comes that cannot stand in it. The
place where it was expected to close is shown, and the one where it was opened.`,
    wrong: '{ flags = [ "-O2", name = "hello", }',
    right: '{ flags = [ "-O2", ], name = "hello", }',
  },
  CAB1103: {
    text: `
A closing bracket, or one of the words then, else and in, stands where nothing is open that it could close.
Either it is one too many, or its opening part is missing, or further up another one was closed too early.`,
    wrong: '{ list = [ 1, 2, ] ], }',
    right: '{ list = [ 1, 2, ], }',
  },
  CAB1104: {
    text: `
The expression is complete, and the text goes on with something that no operator joins to it. A file is one
expression: several values are a list or attributes. A number, a string, a list and attributes are no
functions, so what follows them is not read as their argument.`,
    wrong: '1 2',
    right: '[ 1, 2, ]',
  },
  CAB1105: {
    text: `
An if has three parts, if … then … else …, and none of them may be left out, since an if has a value in any
case. A let is let a = 1, b = 2, in …: in ends its bindings.

There is no elif: write else if.`,
    wrong: 'if 1 < 2 then "less"',
    right: 'if 1 < 2 then "less" else "not less"',
  },
  CAB1106: {
    text: `
Elements of a list, and bindings of attributes and of let, are separated by commas; the last may have one
behind it too. Blanks and line ends separate nothing: [ f x ] is a list with one element, a call.`,
    wrong: '{ name = "hello" version = "1.0", }',
    right: '{ name = "hello", version = "1.0", }',
  },
  CAB1107: {
    text: `
Bindings are separated by commas, also in let. A semicolon has no meaning.`,
    wrong: '{ name = "hello"; version = "1.0"; }',
    right: '{ name = "hello", version = "1.0", }',
  },
  CAB1108: {
    text: `
One equals sign gives a value a name, and stands only in attributes, in let, and in patterns. Two of them
compare two values, and stand between expressions.`,
    wrong: 'if 1 = 2 then "same" else "different"',
    right: 'if 1 == 2 then "same" else "different"',
  },
  CAB1109: {
    text: `
A binding is a name, an equals sign and a value. In attributes one plain name may stand alone, and takes the
variable of that name for its value; a path such as a.b may not, nor may anything in a let.`,
    wrong: 'let a, in a',
    right: 'let a = 1, in a',
  },
  CAB1110: {
    text: `
The name of an attribute has to stand here: an identifier, a quoted identifier or a string. A keyword (if,
then, else, let, in, or) is a name only between backquotes. A name that has to be computed is written between
backquotes as well, with an interpolation in it.

Elements of a list have no names; elementAt takes one by its index.`,
    wrong: 'let list = [ 1, 2, ], in list.0',
    right: 'let list = [ 1, 2, ], in elementAt 0 list',
  },
  CAB1111: {
    text: `
Two operators stand side by side of which it is not plain which one takes its operands first: comparisons have
no order among themselves, nor have the two pipes. Parentheses say it.`,
    wrong: '1 < 2 < 3',
    right: '1 < 2 && 2 < 3',
  },
  CAB1112: {
    text: `
A function is written with an arrow: x => x + 1, and { a, b = 2, } => a + b with a pattern. A colon has no
meaning outside of islands.`,
    wrong: '(x: x + 1) 2',
    right: '(x => x + 1) 2',
  },
  CAB1113: {
    text: `
A pattern names the attributes that a function takes: { name, version = "1.0", ... }. Each field is one name,
with a default behind an equals sign or without; the three dots say that there may be others. A name for all
of the attributes stands before the pattern: args @ { name, ... }.

Three dots and @ have no other meaning. One set is laid over another with //.`,
    wrong: '({ name, ... } @ args => args) { name = "x", }',
    right: '(args @ { name, ... } => args) { name = "x", }',
  },
  CAB1114: {
    text: `
This is how another language says it: a string between single quotes, a comment between /* and */, a value
behind a colon, or one of the words rec, with, inherit and assert of Nix. What Cab has instead is told in the
hint.

Attributes refer to each other by a name for all of them, self @ { a = 1, b = self.a, }, and nothing ever
brings names into scope that are not written there.`,
    wrong: "{ name = 'hello', }",
    right: '{ name = "hello", }',
  },
  CAB1115: {
    text: `
A function is applied by writing the argument behind it, and an argument that is itself a function, an if or a
let would go on to the end of everything. Put it into parentheses, or pass it with a pipe: f <| x => ….`,
    wrong: 'map x => x * 2 [ 1, 2, ]',
    right: 'map (x => x * 2) [ 1, 2, ]',
  },
  CAB1116: {
    text: `
Between backquotes a variable may have any name, but not one that has to be computed: which variable it is has
to be known before anything is evaluated. A string is written in double quotes; and of attributes any name can
be selected.`,
    wrong: 'let name = "cab", in `hello \\(name)`',
    right: 'let name = "cab", in "hello \\(name)"',
  },
  CAB1117: {
    text: `
The word or belongs to a selection, and gives the value for the case that the attribute is missing:
options.width or 80. It is no boolean operator; that is ||.`,
    wrong: 'let a = false, b = true, in (a or b)',
    right: 'let a = false, b = true, in a || b',
  },
  CAB1118: {
    text: `
A comma stands behind an element, and here none is before it. One comma behind the last element is fine.`,
    wrong: '[ 1,, 2 ]',
    right: '[ 1, 2, ]',
  },
  CAB1201: {
    text: `
The same name is bound twice in one let or in one set of attributes. Neither of them wins: it is most often
left from an edit. Paths such as meta.license and meta.homepage may share their beginning; but what has a
value cannot have attributes below it as well.

One set is laid over another with //, where the right one wins.`,
    wrong: '{ version = 1, version = 2, }',
    right: '{ version = 1, } // { version = 2, }',
  },
  CAB1202: {
    text: `
A pattern names the attributes that a function takes, each once; the name for all of them is one of these
names too.`,
    wrong: '({ name, name } => name) { name = "x", }',
    right: '({ name } => name) { name = "x", }',
  },
};
