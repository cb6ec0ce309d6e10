using DoSnapshot.Sandbox;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddSandbox();

var app = builder.Build();
app.MapSandbox();
await app.RunAsync();
