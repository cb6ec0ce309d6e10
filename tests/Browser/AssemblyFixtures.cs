using DoSnapshot.Browser.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(DemoSite))]
// There is one world, whose time goes on for all of them, and one browser.
[assembly: Parallelization(Mode = ParallelMode.None)]
