using DoSnapshot.Sandbox;

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
