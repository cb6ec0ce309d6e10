using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.Tests;

/// <summary>Where the token comes from, and what is said about it without ever showing it.</summary>
public sealed class ApiTokenTests : IDisposable
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Token = "dop_v1_" + Hex;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("do-snapshot-token-");

    public static TheoryData<string, string?> Shapes => new()
    {
        { Token, null },
        { "doo_v1_" + Hex, null },
        { Hex, "the form of before 2022" },
        { Hex[..32].ToUpperInvariant(), "the form of before 2022" },
        { "dor_v1_" + Hex, "looks invalid" },
        { "dop_v1_" + Hex[1..], "looks invalid" },
        { "my-own-invention", "looks invalid" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_odd_token_is_warned_about_and_not_shown(string value, string? warned)
    {
        var token = Read(value);

        Assert.Equal(value, token.Value);
        Assert.Equal(warned is null ? 0 : 1, token.Warnings.Count);
        Assert.All(token.Warnings, w => Assert.Contains(warned!, w, StringComparison.Ordinal));
        Assert.DoesNotContain(value, string.Join(' ', token.Warnings) + token, StringComparison.Ordinal);
    }

    [Fact]
    public void It_comes_from_the_environment_without_its_line_end() =>
        Assert.Equal((Token, 0), (Read(null, Token + "\n").Value, Read(null, Token).Warnings.Count));

    [Fact]
    public void The_option_goes_before_the_environment() => Assert.Equal(Token, Read(Token, "doo_v1_" + Hex).Value);

    [Fact]
    public void A_file_holds_it() => Assert.Equal(Token, Read(File("token", Token + "\n\n")).Value);

    [Fact]
    public void The_home_directory_is_found()
    {
        File(".dotoken", Token);

        Assert.Equal(Token, Read("~/.dotoken").Value);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, 0)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, 1)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, 1)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, 1)]
    // As Kubernetes shows a Secret.
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, 0)]
    public void A_file_that_others_can_read_is_warned_about(UnixFileMode mode, int warnings)
    {
        var path = File("token", Token);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, mode);
        }

        var token = Read(path);

        Assert.Equal(warnings, token.Warnings.Count);
        Assert.All(token.Warnings, w => Assert.Equal($"token file {path} is readable by group or others", w));
    }

    [Fact]
    public void A_link_to_a_file_is_as_the_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files have no modes there");
        var link = Path.Combine(directory.FullName, "link");
        System.IO.File.CreateSymbolicLink(link, File("token", Token));

        Assert.Empty(Read(link).Warnings);
    }

    [Theory]
    [InlineData(null, null, "an API token is wanted: by --token or by the environment variable DO_TOKEN")]
    [InlineData("", " ", "an API token is wanted")]
    [InlineData("~/nowhere", Token, "--token '~/nowhere': there is no such file")]
    [InlineData("./nowhere", Token, "--token './nowhere': there is no such file")]
    [InlineData(null, "~/nowhere", "DO_TOKEN '~/nowhere': there is no such file")]
    public void Without_one_it_is_said_what_is_missing(string? option, string? environment, string message) => Assert.StartsWith(
        message, Assert.Throws<UsageException>(() => Read(option, environment)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_variable_may_name_a_file_as_well()
    {
        var read = Read(null, File("token", Token));

        Assert.Equal((Token, ApiToken.Variable), (read.Value, read.GivenBy));
    }

    [Fact]
    public void An_empty_file_is_named()
    {
        var path = File("token", "\n");

        Assert.Equal($"--token '{path}': the file is empty", Assert.Throws<UsageException>(() => Read(path)).Message);
    }

    public void Dispose() => directory.Delete(recursive: true);

    private ApiToken Read(string? option, string? environment = null) => ApiToken.Read(
        option, name => name switch { ApiToken.Variable => environment, "HOME" => directory.FullName, _ => null });

    private string File(string name, string content)
    {
        var path = Path.Combine(directory.FullName, name);
        System.IO.File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
