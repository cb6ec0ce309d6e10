using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.Tests;

/// <summary>
/// What arguments mean, which is what they mean to do-snapshot.py: every row that has no option of ours was held against Python's
/// argparse, of which some versions alone refuse two dashes at the end.
/// Options are written as <c>name=value</c>, in the order in which they take effect.
/// </summary>
public sealed class ArgumentTests
{
    private static readonly Dictionary<string, (string[] Arguments, string Meaning)> Good = new(StringComparer.Ordinal)
    {
        ["the letter and a value"] = (["-s", "1d"], "snapshot=1d"),
        ["the letter with its value"] = (["-s1d"], "snapshot=1d"),
        ["the letter with an equals sign"] = (["-s=1d"], "snapshot=1d"),
        ["as a manifest's args have it"] = (["-s 1d", "-r lon1", "-k 3d:1d", "-v"], "snapshot= 1d|region= lon1|keep= 3d:1d|verbose"),
        ["the name and a value"] = (["--snapshot", "1d"], "snapshot=1d"),
        ["the name with an equals sign"] = (["--keep=3d:1d"], "keep=3d:1d"),
        ["an equals sign in the value"] = (["--prefix=a=b"], "prefix=a=b"),
        ["nothing behind the equals sign"] = (["--snapshot="], "snapshot="),
        ["nothing behind the letter's equals sign"] = (["-s="], "snapshot="),
        ["a blank behind it"] = (["-t= a"], "tag= a"),
        ["an empty value"] = (["-p", ""], "prefix="),
        ["an abbreviation"] = (["--sim", "4h:3m"], "simulate=4h:3m"),
        ["an abbreviation with a value"] = (["--sn=1d"], "snapshot=1d"),
        ["the shortest abbreviation of dryrun"] = (["--d"], "dryrun"),
        ["of keep"] = (["--k", "1d:1w"], "keep=1d:1w"),
        ["of prefix"] = (["--p", "x-"], "prefix=x-"),
        ["of region"] = (["--r", "lon1"], "region=lon1"),
        ["of help"] = (["--h"], "help"),
        ["of tag"] = (["--ta", "prod"], "tag=prod"),
        ["of token"] = (["--to", "x"], "token=x"),
        ["of syslog"] = (["--sy"], "syslog"),
        ["of version"] = (["--versio"], "version"),
        ["of verbose"] = (["--verb"], "verbose"),
        ["repeated letters"] = (["-vv"], "verbose|verbose"),
        ["letters together"] = (["-vvs1d"], "verbose|verbose|snapshot=1d"),
        ["letters together, and the value behind"] = (["-vs", "1d"], "verbose|snapshot=1d"),
        ["an equals sign behind letters together"] = (["-vs=1d"], "verbose|snapshot==1d"),
        ["a letter that takes the next as its value"] = (["-sv"], "snapshot=v"),
        ["repeated options"] = (["-r", "lon1", "-k", "1d:1w", "-r", "fra1"], "region=lon1|keep=1d:1w|region=fra1"),
        ["a negative number is a value"] = (["-s", "-1"], "snapshot=-1"),
        ["a negative fraction is a value"] = (["-s", "-1.5"], "snapshot=-1.5"),
        ["a dash is a value"] = (["-p", "-"], "prefix=-"),
        ["what only looks like an option is a value"] = (["-p", "-x 1"], "prefix=-x 1"),
        ["a value with a dash behind the equals sign"] = (["--prefix=-x"], "prefix=-x"),
        ["two dashes at the end"] = (["-s", "1d", "--"], "snapshot=1d"),
        ["help, whatever follows"] = (["-h", "nonsense"], "help"),
        ["help among letters"] = (["-vhs"], "verbose|help"),
        ["version, whatever follows"] = (["--version", "-q"], "version"),
        ["nothing at all"] = ([], ""),
        ["our own options"] = (["--timing", "anchored", "--at=04:30", "--wait"], "timing=anchored|at=04:30|wait"),
        ["where the API is"] = (["--api-url", "http://127.0.0.1:1", "--allow-plain-http"], "api-url=http://127.0.0.1:1|allow-plain-http"),
    };

    private static readonly Dictionary<string, (string[] Arguments, string Message)> Bad = new(StringComparer.Ordinal)
    {
        ["a word that is no option"] = (["-s", "1d", "x"], "unrecognized arguments: x"),
        ["a letter that is none"] = (["-q", "-s", "1d"], "unrecognized arguments: -q"),
        ["a name that is none"] = (["--nonsense", "1"], "unrecognized arguments: --nonsense 1"),
        ["a name and its value in one argument"] = (["-s1d", "--keep 1d:1w"], "unrecognized arguments: --keep 1d:1w"),
        ["three dashes"] = (["---"], "unrecognized arguments: ---"),
        ["a dash alone"] = (["-"], "unrecognized arguments: -"),
        ["an empty word"] = (["-s1d", ""], "unrecognized arguments: "),
        ["something behind two dashes"] = (["-s", "1d", "--", "-v"], "unrecognized arguments: -v"),
        ["an ambiguous abbreviation"] = (["--s", "1d"], "ambiguous option: --s could match --snapshot, --simulate, --syslog"),
        ["another"] = (["--ver"], "ambiguous option: --ver could match --verbose, --version"),
        ["one behind help"] = (["-h", "--t"], "ambiguous option: --t could match --tag, --token"),
        ["no value at the end"] = (["-s"], "-s/--snapshot: a value is wanted"),
        ["an option in the value's place"] = (["--keep", "-v"], "-k/--keep: a value is wanted"),
        ["what looks like an option in the value's place"] = (["-s", "-1d"], "-s/--snapshot: a value is wanted"),
        ["two dashes in the value's place"] = (["-s", "--", "1d"], "-s/--snapshot: a value is wanted"),
        ["a value for one that takes none"] = (["--verbose=1"], "-v/--verbose: takes no value, and '1' is one"),
        ["an empty one"] = (["--dryrun="], "--dryrun: takes no value, and '' is one"),
        ["a digit behind the letter"] = (["-v1"], "-v/--verbose: takes no value, and '1' is one"),
        ["our own options are not abbreviated"] = (["--wai"], "unrecognized arguments: --wai"),
        ["so that theirs stay unambiguous"] = (["--a", "04:00"], "unrecognized arguments: --a 04:00"),
    };

    public static TheoryData<string> GoodNames => [.. Good.Keys];

    public static TheoryData<string> BadNames => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void Arguments_mean_what_they_mean_to_argparse(string name)
    {
        var given = ArgumentReader.Read(Good[name].Arguments);

        var meaning = given.Select(g => g.Value is null ? g.Option.Name : $"{g.Option.Name}={g.Value}");
        Assert.Equal(Good[name].Meaning, string.Join('|', meaning));
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public void What_cannot_be_read_is_named(string name) =>
        Assert.Equal(Bad[name].Message, Assert.Throws<UsageException>(() => ArgumentReader.Read(Bad[name].Arguments)).Message);

    [Fact]
    public void Help_names_every_option()
    {
        var forms = CommandOptions.All.Select(o => o.Letter is { } letter ? $"  -{letter}" : $"  --{o.Name}");
        Assert.All(forms, form => Assert.Contains(form, Usage.Help, StringComparison.Ordinal));
        Assert.All(Usage.Help.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }
}
