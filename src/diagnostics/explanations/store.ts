import type { storeCodes } from '../catalogue/store.ts';
import type { Explanation } from './explanation.ts';

export const storeExplanations: Readonly<Record<keyof typeof storeCodes, Explanation>> = {
  CAB5001: {
    text: `
The folder of the store cannot be used: it cannot be made or written to, is no folder, or holds a store of a
later Cab. CAB_STORE names another one.`,
  },
  CAB5002: {
    text: `
The disk that holds the store is full. Nothing is lost by it: what was complete is kept, and what was not is
taken away. cab store gc frees what nothing needs any more.`,
  },
  CAB5003: {
    text: `
Everything in the store lies under the digest of its content, and here is content with another one. The disk,
the memory or somebody has changed it. cab store verify --repair finds all such places, and brings back what
can be had again.`,
  },
  CAB5004: {
    text: `
A path was named that this store does not have. It may have been collected, or belong to another store. A
build brings it back where what it is made from is known.`,
  },
  CAB5005: {
    text: `
A tree of the store has regular files, folders and symbolic links, with names and targets that are UTF-8, so
that it means the same on every machine. What was found is something else: a socket, a pipe, a device, a name
in another encoding, or a file that changed while it was read.`,
  },
  CAB5006: {
    text: `
Another process holds a lock of the store that this one needs. Most often it is enough to wait; else see which
process hangs, and end it.`,
  },
  CAB5007: {
    text: `
A tree was given in another form than the one in which every tree is written: with entries out of order,
twice, or with names that none may have. So that one tree has one hash, no other form is taken.`,
  },
  CAB5008: {
    text: `
The log of a build is kept on the machine where it ran, until it is collected. This store has none of that
derivation.`,
  },
  CAB5009: {
    text: `
Something in the store was damaged and could not be had again, so it was taken out. Building again makes it
anew, if what it is made from can still be had.`,
  },
  CAB5010: {
    text: `
Somebody wrote to a file of the store, most often through a link such as result. Cab noticed before it used
the file, has put it aside, and told where it is. Copy what you want to change instead.`,
  },
  CAB5020: {
    text: `
A collection has to know what to keep, and something that keeps other things, a link or a lock, cannot be
read. It would rather collect nothing. The note says what stands in its way.`,
  },
  CAB5021: {
    text: `
An archive of a store ends too early, or has bytes in it that are not what was written. Nothing of it is
recorded. Copy or export it again.`,
  },
  CAB5022: {
    text: `
What was given to cab store import is no archive of a store, or one of a format that this Cab does not know.`,
  },
  CAB5023: {
    text: `
An archive holds an output whose content is not what its name says. Cab itself writes no such archive, so
somebody has changed it: do not trust where it came from.`,
  },
  CAB5024: {
    text: `
An archive has limits so that a reader can trust it, and this output exceeds one of them.`,
  },
  CAB5025: {
    text: `
A root is a link into the store, a lock file or an output, and keeps what it leads to from being collected.
What was named is none, or is not registered.`,
  },
  CAB5030: {
    text: `
A path of the store may be named by the beginning of its hash, or by its name. Several fit what was written:
write more of the hash.`,
  },
  CAB5031: {
    text: `
cab store why shows on which ways one output depends on another, and there is no way.`,
  },
  CAB5032: {
    text: `
An output came from another store, or was to be put into this one, and its content is not what its path names, or
something that it refers to is not there. Stores believe each other nothing. Verify the store that it came from.`,
  },
  CAB5033: {
    text: `
A realizer has to keep what it is sent until the output is recorded. It said several times that something is lacking
that it was sent before: its store is too small for the output, or others fill it faster.`,
  },
  CAB5040: {
    text: `
The system refuses the store what it needs: a permission, more open files, or an operation that the disk fails
at.`,
  },
};
