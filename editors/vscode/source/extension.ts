import { commands, type ExtensionContext, window, workspace } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';
import { startOptions } from './start-options.ts';

let client: LanguageClient | undefined;

/** Called by the editor when the first Cab file is opened. */
export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand('cab.restartServer', restart),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('cab.path')) void restart();
    }),
  );
  await start();
}

/** Called by the editor when it ends, or when the extension is switched off. */
export async function deactivate(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function restart(): Promise<void> {
  await deactivate();
  await start();
}

async function start(): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const server = startOptions(workspace.getConfiguration('cab').get<string>('path'), folder);
  client = new LanguageClient('cab', 'Cab', server, {
    documentSelector: [{ language: 'cab' }],
    synchronize: { fileEvents: workspace.createFileSystemWatcher('**/{*.cab,cab.lock}') },
  });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    const choice = await window.showErrorMessage(
      `'${server.command} lsp' could not be started, so there is only highlighting: ${reason}`,
      'Open settings',
    );
    if (choice !== undefined) await commands.executeCommand('workbench.action.openSettings', 'cab.path');
  }
}
