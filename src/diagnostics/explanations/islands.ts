import type { islandCodes } from '../catalogue/islands.ts';
import type { Explanation } from './explanation.ts';

export const islandExplanations: Readonly<Record<keyof typeof islandCodes, Explanation>> = {
  CAB3001: {
    text: `
What stands before the first colon of an island is its type, such as github, git, https, npm or oci, and there
is none of that name. docs/reference/islands.md lists all of them.

    <githup:cull-os/cab>    wrong
    <github:cull-os/cab>    right`,
  },
  CAB3002: {
    text: `
Each type of island has its own form, and this one does not have it: a part is missing, there is one too many,
or an option is unknown or of the wrong kind. The message says which, and the hint shows the form.

    <github:cull-os>        wrong: it names no repository
    <github:cull-os/cab>    right`,
  },
  CAB3101: {
    text: `
cab.lock is written by Cab, and what is there cannot be understood: it was changed by hand, has marks of a
merge conflict in it, was written by a later Cab, or cannot be read from disk. Restore it from version
control. If there is nothing to restore, remove it: cab build then pins everything anew, to what the origins
have now.`,
  },
  CAB3102: {
    text: `
With --locked nothing may be pinned, so that a build uses exactly what was committed; but the expression needs
an island that cab.lock does not have. Run cab build once without --locked, look at what was pinned, and
commit the lock.`,
  },
  CAB3103: {
    text: `
cab.lock says which content an island has, and the origin now gives another for the same revision or version.
What is published under one name should not change: either somebody replaced it, or somebody on the way did.
Nothing of it was taken. If the change is known and meant, cab build --update with the island's name pins what
is there now.`,
  },
  CAB3104: {
    text: `
cab build --update or cab update was told to ask for news of an island that no expression of the project has
needed. Most often it is spelled otherwise there: with a ref, or with a sub-tree.`,
  },
  CAB3105: {
    text: `
What was pinned has to be kept in cab.lock beside the entry file, and that cannot be written. Make the folder
writable; or use --locked where nothing is to be pinned.`,
  },
  CAB3106: {
    text: `
--override puts a local folder in the place of an island, and none of that name was needed, so that nothing
would have been overridden. The name has to be the island's as the expression writes it, without the angle
brackets.`,
  },
  CAB3201: {
    text: `
No connection came about, or none that answered in time: the name of the host is unknown, nobody listens
there, or the network is down. Whatever is pinned and in the store can be built all the same, with --offline.`,
  },
  CAB3202: {
    text: `
The server showed a certificate that is expired, is for another name, or was signed by an authority that this
machine does not trust. Nothing was asked of it. An authority of one's own is named in the configuration, or
in NODE_EXTRA_CA_CERTS.`,
  },
  CAB3203: {
    text: `
The server answered, but not with what was asked for: the status says why. A 404 means that there is nothing
at this address, or nothing for somebody without credentials; those of 500 and more are a fault on its side,
and may pass.`,
  },
  CAB3204: {
    text: `
The repository is there, and has no branch, tag or commit of that name. A commit has to be given in full, and
to be one that the server is willing to give.`,
  },
  CAB3205: {
    text: `
What the origin sent is cut off, malformed, contradicts its own checksums, or exceeds a limit. Nothing of it
was kept that is not proven. Try again; if it stays so, the fault is at the origin.`,
  },
  CAB3206: {
    text: `
An archive or tree has an entry that would be written outside of it, such as ../x or /etc/x, or one with a
name that no tree may have. Such archives are made by mistake or with bad intent, and none of it is unpacked.`,
  },
  CAB3207: {
    text: `
Behind ::/ an island names a sub-tree, and the tree has no folder or file of that name at this revision. cab
ls with the island's name shows what there is.`,
  },
  CAB3208: {
    text: `
The origin wants a way of speaking that Cab does not know: another protocol, compression or format of its
data. Another address of the same source often serves: an archive, or git over https.`,
  },
  CAB3209: {
    text: `
With --offline nothing is asked of any origin, and something is needed that is not in the store. The same
without --offline fetches it, and from then on it is there.`,
  },
  CAB3210: {
    text: `
Reading single files of an island asks its origin for parts of a commit, which not every server gives. Cab
then fetches the whole commit by itself; this code says so where it could not.`,
  },
  CAB3211: {
    text: `
An island of type path names a place of this machine, and is written in a tree that came from elsewhere. On
another machine, or for another person, something else or nothing would be there. Within the same tree use a
path, ./folder.`,
  },
  CAB3212: {
    text: `
The registry answered, and does not have this package, version or image, or not for this platform. Check the
spelling; some registries also hide private packages from those who show no credentials.`,
  },
  CAB3213: {
    text: `
The registry, the lock or the origin's own records say which digest the content has, and what came has another
one. Nothing was kept. If it stays so when tried again, something has been changed on the server or on the
way, and should not be worked around.`,
  },
  CAB3214: {
    text: `
The origin gives this only to those it knows. Credentials are named by host in the configuration, under
[credentials], or in a netrc file; they are sent to their own host and to no other.
docs/reference/configuration.md shows the forms.`,
  },
  CAB3215: {
    text: `
The origin has been asked more often than it allows, and wants to be left alone for a while. Forges allow more
to those who show credentials; what is pinned and in the store is not asked for again.`,
  },
  CAB3216: {
    text: `
The configuration says where the credentials for a host are, in a file or from a program, and they could not
be had from there. Nothing was asked of the host.`,
  },
};
