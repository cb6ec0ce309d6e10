using BenchmarkDotNet.Running;

// Without arguments everything is measured; "--filter *Simulation*" and BenchmarkDotNet's other options choose.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args);
