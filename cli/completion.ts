/** `spoolsim completion`: a script that completes commands and options in bash, zsh or fish. */
import { basename } from "node:path";
import yargs, { type CommandModule } from "yargs";
import { emit } from "./output.ts";

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

export const completionCommand: CommandModule<object, { shell?: Shell | undefined }> = {
  builder: (argv) => argv.positional("shell", { choices: shells, defaultDescription: "yours", describe: "the shell" }),
  async handler({ shell = shellOf(process.env.SHELL) }) {
    if (shell === "fish") await emit(fishScript);
    else {
      // The parser decides by this variable which script to write.
      process.env.SHELL = shell;
      delete process.env.ZSH_NAME;
      yargs().scriptName("spoolsim").showCompletionScript();
    }
  },
};

function shellOf(path = ""): Shell {
  return shells.find((shell) => shell === basename(path)) ?? "bash";
}

/**
 * Our own script, because the parser's also sends the words behind the cursor and does not complete files, and an
 * experiment may be a file.
 */
const fishScript = `# Completion of spoolsim for fish.
# Installation: spoolsim completion fish > ~/.config/fish/completions/spoolsim.fish
function __spoolsim_complete
    set -l words (commandline -opc) (commandline -ct)
    env SHELL=fish spoolsim --get-yargs-completions $words
end
complete -c spoolsim -a '(__spoolsim_complete)'
`;
