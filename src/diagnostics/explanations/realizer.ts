import type { realizerCodes } from '../catalogue/realizer.ts';
import type { Explanation } from './explanation.ts';

export const realizerExplanations: Readonly<Record<keyof typeof realizerCodes, Explanation>> = {
  CAB4001: {
    text: `
A derivation says in requiredRealizerFeatures what the one who builds it has to offer, such as wasm,
host-tools or a system like x86_64-linux, and no realizer that is known offers all of it. The notes say what
each one lacks, and why: a sandbox, for example, needs programs on this machine.`,
  },
  CAB4002: {
    text: `
The program of a build ended with a failure, or was ended for taking too much. The last lines of its log are
shown; cab log with the id of the derivation prints all of it.`,
  },
  CAB4003: {
    text: `
The program ended well, but left nothing at the path of one of its outputs. The variable with the output's
name, such as out, holds the path at which a file, a folder or a link has to be.`,
  },
  CAB4004: {
    text: `
A derivation says by fix what its output will be, and what was made is something else. If the new content is
meant, write its value, which is shown. If not, what it was made from has changed.`,
  },
  CAB4005: {
    text: `
A self-fixing program tells what its output is by lines format:value, and wrote a line that is none. This is a
fault of the program.`,
  },
  CAB4006: {
    text: `
A program claimed which Cab hash its output has, and what it wrote has another. The claim is not believed. It
is a fault of the program, or of the memory or the disk.`,
  },
  CAB4007: {
    text: `
The parts of a derivation are there and of the right types, and do not fit: a name that cannot stand in a
store path, an output twice or with a name of its own meaning, a variable with a name that no environment can
have.

    derivation { name = "a/b", … }    wrong: a name has no slash
    derivation { name = "a-b", … }    right`,
  },
  CAB4008: {
    text: `
--realizer names one that the configuration does not have. The hint lists those that there are.`,
  },
  CAB4009: {
    text: `
The run was interrupted, by Ctrl+C or a signal. What was built and fetched to its end is kept, and will not be
done again.`,
  },
  CAB4010: {
    text: `
Two commands need the same build, and one of them does it. This one waits and uses what comes out. It is only
told when that takes its time.`,
  },
  CAB4011: {
    text: `
A program makes claims about its output without an end. A handful of formats says all that can be said of one
output, so this is a fault of the program.`,
  },
  CAB4012: {
    text: `
An output in the store is damaged, and what it was made from is not known or cannot be had again. cab store
verify --repair takes it out, and a build makes it anew where that is possible.`,
  },
  CAB4013: {
    text: `
With --check a build is done once more, and something came out that differs from what was recorded. The
program depends on something that is no input of it: the time, the order of files, randomness, or the machine.
The two results are shown, so that they can be compared.`,
  },
  CAB4030: {
    text: `
A realizer elsewhere told of a failure by a code that this Cab does not have: the one there is newer. What it
said is shown as it came, with its code.`,
  },
  CAB4050: {
    text: `
Of the realizers that are configured some are down, and none of the others offers what the derivation requires. The notes
say what each offers, and why it is down. What was finished before is known, and is not done again once one of
them is back.`,
  },
  CAB4051: {
    text: `
A realizer that ran the derivation went down before it was finished, and so did the one that it was given to then, or there was
none. It is not tried further: where it is the program that takes a machine down, by its need of memory perhaps, every realizer would
follow.`,
  },
  CAB4052: {
    text: `
A realizer does not answer, or takes no work. Other realizers do its work where they offer what that requires, and what it alone had is made
again. It is tried again after a while, which grows each time it is found to be down.`,
  },
  CAB4060: {
    text: `
A realizer that works for others lets their programs reach addresses of the public network only. Private ones,
the realizer's own machine, and where clouds tell secrets to their machines, are refused, also where a redirect
or a name leads there. Whoever runs the realizer names what may be reached besides: [network] allow, as in
docs/reference/realizer-security.md. A realizer on one's own machine reaches whatever the machine does.`,
  },
  CAB4061: {
    text: `
A fixed or self-fixing derivation is built by a program of the machine's own kind. Its sandbox would have the
machine's whole network, of which nothing can be kept from it, so a realizer that keeps programs to the public
network refuses it. Fetch by a WebAssembly program instead, build it on a realizer of your own, or have the
operator set [network] native-allow = true.`,
  },
  CAB4040: {
    text: `
Nobody answers at the address that the configuration gives the realizer, or what answers is no realizer. It is set aside
for a while, which grows each time, and its work goes to others that offer the same. cab realizer status asks it anew.`,
  },
  CAB4041: {
    text: `
The realizer shows a certificate that does not prove who it is: of an authority that is not trusted, of another host, or
expired. If its operator has an authority of his own, name its PEM file:

    [realizers.build]
    address = "https://build.example.org:8980"
    certificate-authorities = ["authority.pem"]`,
  },
  CAB4042: {
    text: `
The realizer does not take the token or the certificate that it was shown, or does not allow this client what it asked for,
or the client has used up what it may have at once. Its operator knows what each client may do.`,
  },
  CAB4043: {
    text: `
Both sides have to know what the other says. Either this cab or the realizer is too old, or what answers is another server of
the Remote Execution API, without what Cab adds to it. cab realizer status shows the versions.`,
  },
  CAB4044: {
    text: `
The realizer is about to end, or to be started anew: it finishes what it has begun, and takes nothing else. Its work goes to
others that offer the same; where there is none, run the command again a little later.`,
  },
  CAB4045: {
    text: `
The connection was lost in the middle of something, and did not come back within a minute. What a build has made until then
is not lost where the realizer is still there, and what was transferred is kept on both sides: running the same again goes on
from there.`,
  },
  CAB4046: {
    text: `
The realizer answered, and what it answered is a failure of its own, or makes no sense. Its log says more; its operator can
read it.`,
  },
  CAB4047: {
    text: `
An output is needed on another realizer, or here, and the one that was to have it does not have it any more, or what came of it
is not what its path says. Building again makes it anew.`,
  },
  CAB4048: {
    text: `
The configuration says where the token or the certificate for a realizer lies, and there is nothing that could be shown: a file
that cannot be read, a program that fails, or several lines where one is needed.`,
  },
};
