using DoSnapshot.Hosting.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Services.Tests;

/// <summary>The database's connection string and the broker's address as files.</summary>
public sealed class SecretFileTests : IDisposable
{
    private const string Connection = "Host=db;Username=me;Password=hush;Database=log";
    private const string Address = "amqp://me:hush@bus:5672/mine";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("do-snapshot-secrets-");

    [Fact]
    public void What_a_file_holds_is_read_without_its_line_end()
    {
        var options = Read(("LogConnectionStringFile", Holding($"{Connection}\n")), ("BusUriFile", Holding($" {Address}\r\n")));
        Assert.Equal((Connection, Address), (options.LogConnectionString, options.BusUri));
    }

    [Fact]
    public void A_file_goes_before_what_the_setting_says_itself()
    {
        var options = Read(
            ("LogConnectionString", "Host=other"), ("LogConnectionStringFile", Holding(Connection)), ("BusUri", "amqp://other"), ("BusUriFile", Holding(Address)));
        Assert.Equal((Connection, Address), (options.LogConnectionString, options.BusUri));
    }

    [Fact]
    public void A_name_that_is_empty_names_no_file()
    {
        var options = Read(("LogConnectionString", Connection), ("LogConnectionStringFile", ""), ("BusUri", Address), ("BusUriFile", ""));
        Assert.Equal((Connection, Address), (options.LogConnectionString, options.BusUri));
    }

    /// <summary>Whatever the setting itself says: a file that is named and cannot be used is a mistake.</summary>
    [Theory]
    [InlineData("LogConnectionString", null, "cannot be read: Could not find file")]
    [InlineData("LogConnectionString", "", "is empty.")]
    [InlineData("LogConnectionString", " \n", "is empty.")]
    [InlineData("LogConnectionString", "hush", "cannot be read: 'Host=…;Username=…;Password=…;Database=…' is wanted.")]
    [InlineData("LogConnectionString", "Host=db;Port=hush", "cannot be read: 'Host=…;Username=…;Password=…;Database=…' is wanted.")]
    [InlineData("BusUri", null, "cannot be read: Could not find file")]
    [InlineData("BusUri", "\n", "is empty.")]
    [InlineData("BusUri", "rabbit://me:hush@bus", "cannot be read: 'amqp://user:password@host:port/vhost' is wanted.")]
    public void A_file_that_cannot_be_used_is_named_and_never_quoted(string setting, string? text, string says)
    {
        var file = text is null ? Path.Combine(_directory.FullName, "gone") : Holding(text);
        var refused = Assert.Throws<OptionsValidationException>(
            () => Read(("LogConnectionString", Connection), ("BusUri", Address), ($"{setting}File", file)));

        Assert.StartsWith($"Platform:{setting}File '{file}' {says}", Assert.Single(refused.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_files_are_named_at_once()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read(("LogConnectionStringFile", "/nowhere/log"), ("BusUriFile", "/nowhere/bus")));
        Assert.Equal(2, refused.Failures.Count());
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static PlatformOptions Read(params (string Name, string Value)[] settings) => PlatformSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => $"Platform:{s.Name}", s => (string?)s.Value, StringComparer.Ordinal)).Build(),
        keepsBusInProcess: false);

    private string Holding(string text)
    {
        var file = Path.Combine(_directory.FullName, Path.GetRandomFileName());
        File.WriteAllText(file, text);
        return file;
    }
}
