namespace DoSnapshot.Retention.Tests;

public sealed class PolicySentenceTests
{
    private static readonly Dictionary<string, (string Every, string Rules, string Sentence)> Sentences = new(StringComparer.Ordinal)
    {
        ["the readme's first example"] = (
            "1d",
            "3d:1d 1w:1w 1m:2m 0d:6m",
            "A snapshot is taken every day and kept until it is 1 day old; then one every 3 days stays until 1 week, one every week until "
            + "2 months, one every month until 6 months, and none after that."),
        ["the readme's broken example"] = (
            "1d",
            "2w:1w 1w:1m",
            "A snapshot is taken every day and kept until it is 1 week old; then one every 2 weeks stays until 1 month, and one every week "
            + "for ever."),
        ["no rule"] = ("4h", "", "A snapshot is taken every 4 hours and kept for ever."),
        ["one rule without an end"] = (
            "1d", "1w:2m", "A snapshot is taken every day and kept until it is 2 months old; then one every week stays for ever."),
        ["nothing but an end"] = ("1d", "0d:1m", "A snapshot is taken every day and kept until it is 1 month old; then none stays."),
        ["two stages with an end"] = (
            "2d",
            "1w:5d 0h:2w",
            "A snapshot is taken every 2 days and kept until it is 5 days old; then one every week stays until 2 weeks, and none after "
            + "that."),
        ["an age of zero"] = ("1d", "3d:0d", "A snapshot is taken every day; one every 3 days stays for ever."),
        ["an age of zero, and another rule"] = (
            "1h", "1h:0h 12h:24h", "A snapshot is taken every hour; one every hour stays until 24 hours, and one every 12 hours for ever."),
        ["nothing stays at all"] = ("1w", "0d:0h", "A snapshot is taken every week; none stays."),
        ["at every run"] = (
            "0h", "1d:1d", "A snapshot is taken at every run and kept until it is 1 day old; then one every day stays for ever."),
        ["rules that never apply are left out"] = (
            "1d",
            "1w:1w 2w:7d 0d:2w 1m:1m",
            "A snapshot is taken every day and kept until it is 1 week old; then one every week stays until 2 weeks, and none after that."),
    };

    public static TheoryData<string> Names => new(Sentences.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Says_what_a_policy_does(string name)
    {
        (string every, string rules, string sentence) = Sentences[name];
        RetentionPolicy policy = RetentionPolicy.Parse(rules.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(sentence, policy.Describe(Period.Parse(every)));
    }

    [Theory]
    [InlineData("1h", "1 hour")]
    [InlineData("0d", "0 days")]
    [InlineData("1d", "1 day")]
    [InlineData("07d", "7 days")]
    [InlineData("2w", "2 weeks")]
    [InlineData("1m", "1 month")]
    [InlineData("24h", "24 hours")]
    public void Says_a_period_in_words(string text, string words) => Assert.Equal(words, Period.Parse(text).Describe());
}
