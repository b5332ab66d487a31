// What the grammar cannot say by itself: block comments that nest and are closed by as many '=', strings whose end depends on
// what stands around the quote, and the start of paths and islands, which share characters with operators.

#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

enum TokenType {
  BLOCK_COMMENT,
  STRING_START,
  STRING_CONTENT,
  LINES_START,
  LINES_CONTENT,
  LINES_END,
  RAW_STRING,
  QUOTED_CONTENT,
  ISLAND_OPEN,
  ISLAND_OPTIONS,
  ISLAND_CONTENT,
  ISLAND_PATH,
  PATH_START,
  PATH_CONTENT,
  DIVIDE,
  ERROR_SENTINEL,
};

// Whether the quote that comes next closes a string of several lines: seen by the text before it, since only what is first on
// its line does. It is all that has to be remembered between two tokens.
typedef struct {
  bool closes;
} Scanner;

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static bool is_blank(int32_t c) { return c == ' ' || c == '\t'; }

static bool is_space(int32_t c) { return is_blank(c) || c == '\n' || c == '\r' || c == 0xfeff; }

static bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }

static bool is_path(int32_t c) {
  return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '+' || c == '@' || c == '/' || c == '-';
}

static bool is_line_end(TSLexer *lexer) { return lexer->eof(lexer) || lexer->lookahead == '\n'; }

static bool emit(TSLexer *lexer, enum TokenType type) {
  lexer->result_symbol = type;
  return true;
}

// How many of the character come next; they are taken.
static uint32_t take_all(TSLexer *lexer, int32_t c) {
  uint32_t count = 0;
  for (; lexer->lookahead == c; count++) advance(lexer);
  return count;
}

// Behind the '#' of a block comment. Blocks of the same number of '=' nest, those of another are text.
static bool scan_block_comment(TSLexer *lexer) {
  uint32_t length = take_all(lexer, '=');
  if (length == 0) return false;
  uint32_t depth = 1;
  while (!lexer->eof(lexer)) {
    if (lexer->lookahead == '#') {
      advance(lexer);
      if (take_all(lexer, '=') == length) depth++;
    } else if (lexer->lookahead == '=') {
      uint32_t count = take_all(lexer, '=');
      if (lexer->lookahead != '#') continue;
      advance(lexer);
      if (count == length && --depth == 0) {
        lexer->mark_end(lexer);
        return emit(lexer, BLOCK_COMMENT);
      }
    } else {
      advance(lexer);
    }
  }
  return false;
}

// Whether a quote just passed has nothing behind it on its line but separators, brackets and a comment.
static bool ends_line(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) advance(lexer);
  int32_t c = lexer->lookahead;
  if (c == ',' || c == ';' || c == ')' || c == ']' || c == '}' || c == '>') {
    for (;;) {
      c = lexer->lookahead;
      bool may_stand = c == ',' || c == ';' || c == '(' || c == ')' || c == '[' || c == ']' || c == '{' || c == '}' ||
                       c == '>' || c == '"' || c == '`' || is_blank(c);
      if (!may_stand) break;
      advance(lexer);
    }
  }
  if (lexer->lookahead == '#') return true;
  if (lexer->lookahead == '\r') advance(lexer);
  return is_line_end(lexer);
}

// Text up to what ends it, which is left.
static bool scan_text(TSLexer *lexer, enum TokenType type, int32_t closer) {
  bool is_empty = true;
  while (!is_line_end(lexer) && lexer->lookahead != closer && lexer->lookahead != '\\' && lexer->lookahead != '\r') {
    advance(lexer);
    is_empty = false;
  }
  lexer->mark_end(lexer);
  return !is_empty && emit(lexer, type);
}

static bool scan_lines(Scanner *scanner, TSLexer *lexer) {
  if (scanner->closes && lexer->lookahead == '"') {
    scanner->closes = false;
    advance(lexer);
    lexer->mark_end(lexer);
    return emit(lexer, LINES_END);
  }
  bool is_empty = true;
  // The text begins behind the opening quote, an escape or an interpolation.
  bool is_first = false;
  while (!lexer->eof(lexer) && lexer->lookahead != '\\') {
    int32_t c = lexer->lookahead;
    if (c == '"' && is_first) {
      lexer->mark_end(lexer);
      advance(lexer);
      if (ends_line(lexer)) {
        scanner->closes = true;
        return emit(lexer, LINES_CONTENT);
      }
      is_first = false;
      is_empty = false;
      continue;
    }
    is_first = c == '\n' || (is_first && is_blank(c));
    advance(lexer);
    is_empty = false;
  }
  lexer->mark_end(lexer);
  return !is_empty && emit(lexer, LINES_CONTENT);
}

// Behind the first '"=' and all that follow.
static bool scan_raw(TSLexer *lexer, uint32_t length) {
  while (is_blank(lexer->lookahead)) advance(lexer);
  if (lexer->lookahead == '\r') advance(lexer);
  bool is_lines = lexer->lookahead == '\n';
  bool is_first = false;
  uint32_t count = 0;
  bool run_is_first = false;
  while (!lexer->eof(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '"' && count >= length) {
      bool may_close = !is_lines || (run_is_first && count == length);
      advance(lexer);
      lexer->mark_end(lexer);
      if (may_close && (!is_lines || ends_line(lexer))) return emit(lexer, RAW_STRING);
      count = 0;
      is_first = false;
      continue;
    }
    if (c == '=') {
      if (count++ == 0) run_is_first = is_first;
      is_first = false;
    } else {
      count = 0;
      is_first = c == '\n' || (is_first && is_blank(c));
    }
    advance(lexer);
  }
  return false;
}

static bool scan_quote(TSLexer *lexer, const bool *valid) {
  advance(lexer);
  lexer->mark_end(lexer);
  uint32_t length = take_all(lexer, '=');
  if (length > 0) return valid[RAW_STRING] && scan_raw(lexer, length);
  while (is_blank(lexer->lookahead)) advance(lexer);
  if (lexer->lookahead == '\r') advance(lexer);
  return emit(lexer, lexer->lookahead == '\n' ? LINES_START : STRING_START);
}

static bool scan_island_open(TSLexer *lexer) {
  advance(lexer);
  lexer->mark_end(lexer);
  if (!is_letter(lexer->lookahead)) return false;
  for (;;) {
    int32_t c = lexer->lookahead;
    if (!is_letter(c) && !is_digit(c) && c != '+' && c != '.' && c != '-') break;
    advance(lexer);
  }
  return lexer->lookahead == ':' && emit(lexer, ISLAND_OPEN);
}

// The text of an island, up to '::/', an interpolation, an escape, or its end.
static bool scan_island(TSLexer *lexer) {
  bool is_empty = true;
  for (;;) {
    int32_t c = lexer->lookahead;
    lexer->mark_end(lexer);
    if (lexer->eof(lexer) || c <= ' ' || c == '<' || c == '>' || c == '\\' || c == '"' || (c >= 0x7f && c <= 0xa0)) break;
    if (c == ':') {
      uint32_t colons = 0;
      while (lexer->lookahead == ':') {
        // Of several colons the last two may begin '::/'.
        if (colons > 1) {
          lexer->mark_end(lexer);
          is_empty = false;
        }
        colons++;
        advance(lexer);
        if (colons >= 2 && lexer->lookahead == '/') return !is_empty && emit(lexer, ISLAND_CONTENT);
      }
      is_empty = false;
      continue;
    }
    advance(lexer);
    is_empty = false;
  }
  return !is_empty && emit(lexer, ISLAND_CONTENT);
}

static bool scan_path(TSLexer *lexer, enum TokenType type) {
  while (is_path(lexer->lookahead)) advance(lexer);
  lexer->mark_end(lexer);
  return emit(lexer, type);
}

// At a '.' that may begin './' or '../'.
static bool scan_relative_path(TSLexer *lexer) {
  uint32_t dots = take_all(lexer, '.');
  return dots <= 2 && lexer->lookahead == '/' && scan_path(lexer, PATH_START);
}

// At a '/': a path if such text is behind it and it is not glued to an operand.
static bool scan_slash(TSLexer *lexer, const bool *valid, bool is_glued) {
  bool may_be_path = valid[PATH_START] && !(is_glued && valid[DIVIDE]);
  advance(lexer);
  lexer->mark_end(lexer);
  if (lexer->lookahead == '/') return false;
  if (may_be_path && is_path(lexer->lookahead)) return scan_path(lexer, PATH_START);
  if (may_be_path && lexer->lookahead == '\\') return emit(lexer, PATH_START);
  return valid[DIVIDE] && emit(lexer, DIVIDE);
}

static bool scan_code(TSLexer *lexer, const bool *valid) {
  bool is_glued = true;
  while (is_space(lexer->lookahead)) {
    lexer->advance(lexer, true);
    is_glued = false;
  }
  switch (lexer->lookahead) {
    case '#':
      if (!valid[BLOCK_COMMENT]) return false;
      advance(lexer);
      return scan_block_comment(lexer);
    case '"':
      return (valid[STRING_START] || valid[LINES_START] || valid[RAW_STRING]) && scan_quote(lexer, valid);
    case '<':
      return valid[ISLAND_OPEN] && scan_island_open(lexer);
    case '.':
      return valid[PATH_START] && scan_relative_path(lexer);
    case '/':
      return (valid[PATH_START] || valid[DIVIDE]) && scan_slash(lexer, valid, is_glued);
    default:
      return false;
  }
}

bool tree_sitter_cab_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  // While it recovers from an error the parser takes everything for possible, and text for code would make it worse.
  if (valid[ERROR_SENTINEL]) return false;
  if (valid[STRING_CONTENT]) return scan_text(lexer, STRING_CONTENT, '"');
  if (valid[QUOTED_CONTENT]) return scan_text(lexer, QUOTED_CONTENT, '`');
  if (valid[LINES_CONTENT] || valid[LINES_END]) return scan_lines((Scanner *)payload, lexer);
  if (valid[ISLAND_OPTIONS] && lexer->lookahead == '{') {
    lexer->mark_end(lexer);
    return emit(lexer, ISLAND_OPTIONS);
  }
  if (valid[ISLAND_CONTENT]) return scan_island(lexer);
  if (valid[PATH_CONTENT] && is_path(lexer->lookahead)) return scan_path(lexer, PATH_CONTENT);
  if (valid[ISLAND_PATH] && lexer->lookahead == '/') return scan_path(lexer, ISLAND_PATH);
  return scan_code(lexer, valid);
}

void *tree_sitter_cab_external_scanner_create(void) { return ts_calloc(1, sizeof(Scanner)); }

void tree_sitter_cab_external_scanner_destroy(void *payload) { ts_free(payload); }

unsigned tree_sitter_cab_external_scanner_serialize(void *payload, char *buffer) {
  buffer[0] = ((Scanner *)payload)->closes;
  return 1;
}

void tree_sitter_cab_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  ((Scanner *)payload)->closes = length > 0 && buffer[0];
}
