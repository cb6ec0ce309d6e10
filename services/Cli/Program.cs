using DoSnapshot.Cli;

return await CommandLine.RunAsync(args);
