import test from 'node:test';
import { check, checkErrors } from './check.ts';

test('operators group from the loosest to the tightest', () => {
  check('a -> b || c && d', '(a -> (b || (c && d)))');
  check('a && b == c', '(a && (b == c))');
  check('a == b < c', '(a == (b < c))');
  check('a < b // c', '(a < (b // c))');
  check('a // !b', '(a // (!b))');
  check('!a ++ b', '(!(a ++ b))');
  check('a ++ b + c', '(a ++ (b + c))');
  check('a + b * c', '(a + (b * c))');
  check('a * b ? c', '(a * (b ? c))');
  check('-a ? b', '((-a) ? b)');
  check('-f x', '(-(f x))');
  check('f a.b', '(f (a.b))');
  check('f <| a -> b', '(f (a -> b))');
});

test('operators associate as the table says', () => {
  check('a - b + c - d', '(((a - b) + c) - d)');
  check('a / b * c', '((a / b) * c)');
  check('a // b // c', '(a // (b // c))');
  check('a ++ b ++ c', '(a ++ (b ++ c))');
  check('a -> b -> c', '(a -> (b -> c))');
  check('f <| g <| x', '(f (g x))');
  check('x |> f |> g', '(g (f x))');
  check('f a b', '((f a) b)');
});

test('comparisons do not chain, and pipes go one way', () => {
  checkErrors('a == b != c', 'CAB1111 !=');
  checkErrors('a < b < c', 'CAB1111 <');
  checkErrors('a |> b <| c', 'CAB1111 <|');
  checkErrors('a <| b |> c', 'CAB1111 |>');
  checkErrors('a <| b + 1 |> c', 'CAB1111 |>');
  check('(a == b) == c', '((a == b) == c)');
});

test('a hyphen is part of a name only inside it', () => {
  check('a-b', 'a-b');
  check('a - b', '(a - b)');
  check('a->b', '(a -> b)');
  check("x' - y-1", "(x' - y-1)");
});

test('a lambda, let or if is the last operand of an operator', () => {
  check('a |> x => x + 1', '((x => (x + 1)) a)');
  check('1 + if a then b else c + 2', '(1 + (if a b (c + 2)))');
  check('f <| let a = 1, in a', '(f (let a = 1 in a))');
});

test('selection takes a fallback', () => {
  check('a.b.c or d e', '((a.b.c or d) e)');
  check('a.b or c.d or e', '(a.b or (c.d or e))');
  check('a."b c".`d-\\(e)`', '(a.b c."d-\\(e)")');
  check('a ? b.c', '(a ? b.c)');
});
