/** The longest argument or variable in bytes, with the byte that ends it: `MAX_ARG_STRLEN` of execve(2). */
const stringLimit = 128 * 1024;

/** What arguments and environment may take together in bytes: a quarter of the stack, less some for what the kernel adds. */
const totalLimit = 2 * 1024 * 1024 - 4096;

/** Each string costs a pointer besides. */
const pointerSize = 8;

/** How many arguments bubblewrap takes, those from its pipe and its own few among them. */
const bubblewrapLimit = 9000;
const bubblewrapOwn = 4;

interface Text {
  readonly called: string;
  /** In bytes, with the one that ends it. */
  readonly size: number;
}

/**
 * Why a command cannot be started with an environment, or undefined. The limits are the same on every machine, so that what can
 * be built on one can be on others.
 */
export function faultOfCommand(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  options: readonly string[],
): string | undefined {
  const texts = [...command.map(argumentText), ...Object.entries(environment).map(variableText)];
  const largest = texts.reduce((most, text) => (text.size > most.size ? text : most));
  if (largest.size > stringLimit) {
    return `${largest.called} is ${largest.size - 1} bytes long, and Linux passes a program at most ${stringLimit - 1} in one piece: put it into a file`;
  }
  const total = texts.reduce((sum, { size }) => sum + size + pointerSize, 0);
  if (total > totalLimit) {
    return `its arguments and environment take ${total} bytes together, and Linux passes a program at most ${totalLimit}; the largest is ${largest.called} with ${largest.size - 1}: put it into a file`;
  }
  const count = bubblewrapOwn + command.length + options.length;
  if (count > bubblewrapLimit) {
    return `its ${command.length - 1} arguments, its environment and its inputs make ${count} arguments of bubblewrap, which takes ${bubblewrapLimit}`;
  }
  return undefined;
}

function argumentText(text: string, index: number): Text {
  const called = index === 0 ? "the builder's path" : `its argument ${index}`;
  return { called, size: Buffer.byteLength(text) + 1 };
}

function variableText([name, value]: readonly [string, string]): Text {
  const size = Buffer.byteLength(name) + '='.length + Buffer.byteLength(value) + 1;
  return { called: `its environment variable '${name}'`, size };
}
