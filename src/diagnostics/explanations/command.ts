import type { commandCodes } from '../catalogue/command.ts';
import type { Explanation } from './explanation.ts';

export const commandExplanations: Readonly<Record<keyof typeof commandCodes, Explanation>> = {
  CAB6001: {
    text: `
The command, an option or a word is not one that Cab knows, or two of them contradict each other. cab --help
lists the commands, and cab COMMAND --help what each takes. Such a run ends with the exit code 2.`,
  },
  CAB6002: {
    text: `
The configuration, cab.toml, is not TOML, or has a setting that does not exist or is of the wrong type.
docs/reference/configuration.md lists all of them; CAB_CONFIG names another file.`,
  },
  CAB6003: {
    text: `
An installable is a folder with a default.cab, a .cab file, or an island; behind # it names an attribute. What
was given leads to none of these.`,
  },
  CAB6004: {
    text: `
Only a derivation can be built, and the expression has another value here. Behind # pick the attribute that is
one, as in .#tool; without it the attribute default is taken. An island becomes a derivation by toDerivation.`,
  },
  CAB6005: {
    text: `
The link to the result cannot be put where it should be: a file that is no link of Cab's lies there, or the
folder cannot be written to. --out-link names another place, and --no-link does without.`,
  },
  CAB6006: {
    text: `
The folder in which the command was started has been removed since.`,
  },
  CAB6007: {
    text: `
A result has to go to standard output, and cannot be written there. A reader that just stops reading is no
error.`,
  },
  CAB6008: {
    text: `
The store lies in the home of the user, unless CAB_STORE says otherwise, and this user has none.`,
  },
  CAB6009: {
    text: `
The configuration has tokens or passwords in it, and other users of this machine may read the file. It is a
warning.`,
  },
  CAB6021: {
    text: `
A file that was named for an output cannot be made or written.`,
  },
  CAB6022: {
    text: `
A file that was named for an input is not there, or cannot be read.`,
  },
  CAB6030: {
    text: `
A line of cab repl that begins with a colon is a command, and this one is not among them, could be several of
them, or lacks what stands behind it. :help lists them with what each takes.`,
  },
  CAB6031: {
    text: `
:load makes the attributes of a value names, so the value has to be attributes, or a function that gives them
when it is called with the arguments written behind the file. Any other value gets a name by a binding.`,
  },
  CAB6032: {
    text: `
A statement of cab repl goes on in the next line as long as something is open in it; here there is no next
line. Close what is open, or put the value behind the sign of equality.`,
  },
  CAB6033: {
    text: `
cab realizer serve cannot listen at one of its addresses: another program listens there, this user may not, or the
machine has no such address. It then does not start at all.`,
  },
  CAB6034: {
    text: `
Clients show their tokens with each call. Without TLS whoever is on the way can read them, and use them. It is a
warning, and none where the address is of this machine only. The table [tls] names a certificate and its key.`,
  },
  CAB6035: {
    text: `
A file of the table [tls] is not there, cannot be read, or holds nothing in PEM form, or the key is not that of
the certificate.`,
  },
  CAB6036: {
    text: `
The configuration of a realizer names no clients, allows nothing to those who show no token, and has no socket that
is a file: nobody could use it.`,
  },
  CAB6041: {
    text: `
With --check, cab fmt writes nothing and fails where a file is not laid out in the one style. It names the
files; --diff shows the lines that would change, and cab fmt alone changes them.`,
  },
  CAB6101: {
    text: `
A path leads to nothing. A relative one begins in the folder of the file that it is written in; on the command
line, in the folder one is in.`,
  },
  CAB6102: {
    text: `
A file was needed and there is a folder, or the other way round.`,
  },
  CAB6103: {
    text: `
A symbolic link leads out of the tree that it lies in. An expression sees only its own tree, so that it means
the same everywhere.`,
  },
  CAB6104: {
    text: `
Evaluation reads a file as one value in memory, and this one is too large for that. Name its path in a build,
which reads it as a file.`,
  },
  CAB9001: {
    text: `
Cab came upon something that it did not expect. It is not the fault of the expression or the command line,
even if another one may go around it. Please report it, with what is printed when CAB_BACKTRACE=1 is set in
the environment. Such a run ends with the exit code 3.`,
  },
};
