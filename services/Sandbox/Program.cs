using DoSnapshot.Hosting.Health;
using DoSnapshot.Sandbox;

if (args is [HealthCommand.Name])
{
    return await HealthCommand.RunAsync([Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "http://localhost:5000"]);
}

var builder = WebApplication.CreateBuilder(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddSandbox();

var app = builder.Build();
if (SandboxHosting.ProblemsOf(app.Services) is { Count: > 0 } problems)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, problems));
    return 2;
}

app.MapSandbox();
await app.RunAsync();
return 0;
