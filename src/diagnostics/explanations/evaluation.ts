import type { evaluationCodes } from '../catalogue/evaluation.ts';
import type { LanguageExplanation } from './explanation.ts';

export const evaluationExplanations: Readonly<Record<keyof typeof evaluationCodes, LanguageExplanation>> = {
  CAB2001: {
    text: `
A name is seen where a let, the parameter of a function, or a name before @ binds it, in what is within;
besides those there are the builtins. Attributes are not seen by their names, not even by each other: select
from them, as in self.name. There is no with.

All names of a file are checked before any of it is evaluated.`,
    wrong: 'let source = 1, in sorce',
    right: 'let source = 1, in source',
  },
  CAB2002: {
    text: `
To know this value, the value itself has to be known first: it can never come out. The values of the circle
are shown with their numbers, each needing the next one.

That a value is within itself is no circle as long as nobody has to look at it to know the whole: self @ { a =
1, b = self.a, } is fine.`,
    wrong: 'let a = b + 1, b = a, in a',
    right: 'let a = b + 1, b = 1, in a',
  },
  CAB2003: {
    text: `
A function calls itself so often before any of the calls ends that there is no room for more of them. Nearly
always the case that ends the recursion is missing, or never reached. A recursion that is really that long is
better written with foldLeft, or with generateList.`,
    wrong: 'let count = n => 1 + count (n + 1), in count 0',
    right: 'let count = n => if n == 100 then 0 else 1 + count (n + 1), in count 0',
  },
  CAB2004: {
    text: `
A value is of another type than the operator, the builtin or the function can use. Nothing is converted by
itself: a condition is a boolean and not a number, and a number is made a string by writing it into one,
"\\(number)".`,
    wrong: 'if 1 then "yes" else "no"',
    right: 'if 1 == 1 then "yes" else "no"',
  },
  CAB2005: {
    text: `
Something is selected that the attributes do not have. Where it may be missing, say what is taken instead,
set.name or "none", or ask for it first, set ? name.`,
    wrong: '{ source = 1, }.sorce',
    right: '{ source = 1, }.sorce or 2',
  },
  CAB2006: {
    text: `
Behind a value stands another one, which is how a function is called, and the first is no function. Often a
comma is missing in a list: [ a b ] calls a with b.`,
    wrong: 'let a = 1, b = 2, in [ a b, ]',
    right: 'let a = 1, b = 2, in [ a, b, ]',
  },
  CAB2007: {
    text: `
A function with a pattern takes the attributes that the pattern names, and no others, so that a misspelt
argument is noticed. Where others may be given, the pattern ends with three dots: { name, ... }. The parts of
a derivation are checked in the same way.`,
    wrong: '({ name } => name) { name = "x", nmae = "y", }',
    right: '({ name, ... } => name) { name = "x", other = "y", }',
  },
  CAB2008: {
    text: `
A function with a pattern needs the attributes that it names, apart from those with a default: { name, version
= "1.0", } needs name only.`,
    wrong: '({ name, version } => name) { name = "x", }',
    right: '({ name, version = "1.0", } => name) { name = "x", }',
  },
  CAB2009: {
    text: `
Two attributes of one set come out with the same name, and at least one of the names had to be computed. It
cannot be seen before evaluation, as it can for plain names. One set is laid over another with //.`,
    wrong: 'let key = "a", in { a = 1, `\\(key)` = 2, }',
    right: 'let key = "a", in { a = 1, } // { `\\(key)` = 2, }',
  },
  CAB2010: {
    text: `
The program itself ended the evaluation with throw, and the message is its own. Where a value can do without,
tryEvaluate says whether it failed, and the evaluation goes on.`,
    wrong: 'throw "only for Linux"',
    right: '(tryEvaluate (throw "only for Linux")).success',
  },
  CAB2011: {
    text: `
The first argument of assert is a condition that has to be true for the second to be the value, and it is
false. To tell a reader why, use if … then … else throw "…".`,
    wrong: 'assert (1 > 2) "fine"',
    right: 'assert (1 < 2) "fine"',
  },
  CAB2012: {
    text: `
The result is no number: something is divided by zero, or a float would be larger than any float is. Integers
have no such limit.`,
    wrong: '1 / 0',
    right: 'let n = 0, in if n == 0 then 0 else 1 / n',
  },
  CAB2013: {
    text: `
A list has elements at the indices from 0 to its length less one, and an empty list has none, also no first or
last.`,
    wrong: 'elementAt 2 [ "a", "b", ]',
    right: 'elementAt 1 [ "a", "b", ]',
  },
  CAB2014: {
    text: `
A string, an integer, a path, an island and a derivation can stand in a text. Others have no form that is
plainly meant: lists are joined, attributes selected from, floats, booleans and null written by toString. Into
paths and islands only strings and integers go.

A function in a text is most often a call that lacks an argument.`,
    wrong: '"flags: \\([ "-O2", "-g", ])"',
    right: '"flags: \\(join " " [ "-O2", "-g", ])"',
  },
  CAB2015: {
    text: `
A path lies in a tree, that of the file it is written in, of an island or of an output, and .. may not lead
above the top of that tree. So what is evaluated depends on nothing outside. What lies elsewhere is named as
an island of its own.`,
    wrong: './../../outside',
    right: './inside/../other',
  },
  CAB2016: {
    text: `
Files are named by paths, islands and derivations. A string is no path: "./file" would not say in which tree
it lies. Paths are written without quotes, with interpolation where they need it: ./folder/\\(name).`,
    wrong: 'pathExists "./file"',
    right: 'pathExists ./file',
  },
  CAB2017: {
    text: `
A text is read as JSON, TOML, UTF-8, a number or another format, and is not well formed. Line and column in
the text are told where the format has them.`,
    wrong: `fromJson "{ 'a': 1 }"`,
    right: 'fromJson "{ \\"a\\": 1 }"',
  },
  CAB2018: {
    text: `
Numbers are in order among each other, strings by their code points, and lists by their first elements that
differ. All others have no order, and values of different types have none either.`,
    wrong: '1 < "2"',
    right: '1 < toInteger "2"',
  },
  CAB2019: {
    text: `
JSON and YAML have null, booleans, numbers, strings, lists and objects. A function is none of these; often one is
meant that still lacks an argument. TOML has no null either, and integers of 64 bits only.`,
    wrong: 'toJson { double = x => x * 2, }',
    right: 'toJson { double = (x => x * 2) 1, }',
  },
  CAB2020: {
    text: `
Regular expressions have the syntax of ECMAScript with its v flag. A backslash of the expression is written twice
in a string, or once in a raw one; ( ) [ ] { } / | are escaped where they stand for themselves, and - in brackets.

There are no references to groups, as \\1, and no looks ahead or behind, as (?=a): an expression with them may
take time without a bound. Often match can take more of the text, and a group what is wanted of it.`,
    wrong: 'match "(a" "a"',
    right: 'match "(a)" "a"',
  },
  CAB2021: {
    text: `
A string remembers the derivations and trees it mentions, its context, so that a build gets them as inputs.
Here a text must be known before anything is built, as the name of a derivation or of an attribute is, and
cannot depend on what comes out.

withoutContext gives the text alone, where it is known that nothing has to be there.`,
    wrong: 'let x = derivation { name = "x", builder = "b", }, in { `\\("\\(x)")` = 1, }',
    right: 'let x = derivation { name = "x", builder = "b", }, in { `\\(x.name)` = 1, }',
  },
  CAB2022: {
    text: `
The argument is of the right type, and of a value that the builtin has no meaning for: a count below zero, an
empty separator, an algorithm that it does not know.`,
    wrong: 'split "" "abc"',
    right: 'split "," "a,b,c"',
  },
  CAB2023: {
    text: `
A value would need more memory than there can be: a string or a list with more elements than the machine can
address, or an integer with billions of digits.`,
    wrong: 'foldLeft (n => i => n * n) 2 (range 1 40)',
    right: 'foldLeft (n => i => n * 2) 2 (range 1 40)',
  },
};
