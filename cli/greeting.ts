/** `spoolsim` without arguments: what it is, and the three commands to know. */

export const greeting = `spoolsim simulates fleets of print servers that leak (Microsoft KB Q223863).

  spoolsim run q223863      how fast an unfixed fleet leaks and what the fix saves: half a minute on two cores
  spoolsim explain q223863  the story of one leak, event by event
  spoolsim init             write an experiment for you to edit

spoolsim --help lists all commands; spoolsim <command> --help shows the options of a command.
`;
