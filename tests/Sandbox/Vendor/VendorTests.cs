namespace DoSnapshot.Sandbox.Tests;

/// <summary>
/// The sandbox against the vendor's own description, where a machine has that; docs/sandbox.md says what is otherwise and why. Without
/// the file nothing is compared, and the tests say so.
/// </summary>
public sealed class VendorTests
{
    private static readonly string Unset =
        $"{VendorDescription.Variable} is not set: nothing was compared with the vendor's description (CONTRIBUTING.md).";

    private static readonly Lazy<Task<(VendorDescription Description, VendorChecker Checker)>> Played = new(PlayAsync);

    /// <summary>Members that are described and never told, and why. Everything else is as described, once that is corrected.</summary>
    private static readonly Dictionary<string, string> NeverTold = new(StringComparer.Ordinal)
    {
        ["droplet.gpu_info"] = "No droplet here has a GPU.",
        ["size.gpu_info"] = "No size here has a GPU.",
    };

    /// <summary>
    /// Rules that an answer breaks for a token with few scopes: the members are required by the schemas, and need a scope of their own by
    /// the prose beside them.
    /// </summary>
    private static readonly Dictionary<string, string> BrokenForFewScopes = new(StringComparer.Ordinal)
    {
        ["account: required"] = "floating_ip_limit needs reserved_ip:read",
        ["region: required"] = "sizes needs sizes:read",
        ["droplet: required"] = "tags needs tag:read, volume_ids block_storage:read",
        ["snapshots/allOf/2: required"] = "tags needs tag:read",
    };

    /// <summary>Statuses that are described for every call, and that only a failure of the sandbox's own would give.</summary>
    private static readonly int[] NotPlayed = [500];

    [Fact]
    public async Task Every_answer_is_as_described()
    {
        var (_, checker) = await PlayedAsync();

        Same([], checker.Deviations.Keys, rule => checker.Deviations.GetValueOrDefault(rule));
    }

    [Fact]
    public async Task To_a_token_with_few_scopes_only_the_members_are_missing_that_need_others()
    {
        await PlayedAsync();
        var checker = new VendorChecker(VendorDescription.Read(VendorDescription.Path!));
        foreach (var exchange in await VendorPlay.ReadLimitedAsync())
        {
            Assert.Equal(200, exchange.Status);
            checker.Check(exchange);
        }

        Same(BrokenForFewScopes.Keys, checker.Deviations.Keys, rule => checker.Deviations.GetValueOrDefault(rule));
    }

    [Fact]
    public async Task No_member_is_told_that_is_not_described()
    {
        var (_, checker) = await PlayedAsync();

        Same([], checker.Undescribed);
    }

    [Fact]
    public async Task No_member_is_described_that_is_never_told_but_for_what_is_known()
    {
        var (_, checker) = await PlayedAsync();

        Same(NeverTold.Keys, checker.NeverTold);
    }

    [Fact]
    public async Task Every_described_answer_of_every_call_was_met_and_every_refusal_besides()
    {
        var (description, checker) = await PlayedAsync();

        var expected = from operation in Ours(description)
                       from status in operation.Statuses.Except(NotPlayed).Append(403)
                       select $"{operation} {status}";
        Assert.Empty(expected.Except(checker.Seen.Select(seen => $"{seen.Operation} {seen.Status}"), StringComparer.Ordinal));
        Assert.Superset(new HashSet<int>([400, 409, 422]), checker.Seen.Select(seen => seen.Status).ToHashSet());
    }

    [Fact]
    public async Task At_each_address_there_are_the_described_calls_with_their_scopes()
    {
        var (description, _) = await PlayedAsync();
        using var world = new World();

        Same(
            Ours(description).Select(operation => $"{operation}: {string.Join(' ', operation.Scopes.Order(StringComparer.Ordinal))}"),
            new SandboxApi(world.Account).Endpoints.Select(
                endpoint => $"{endpoint.Method} {endpoint.Template}: {string.Join(' ', endpoint.Scopes.Order(StringComparer.Ordinal))}"));
    }

    /// <summary>The calls at the addresses that the sandbox has; a description may have others.</summary>
    private static IEnumerable<VendorOperation> Ours(VendorDescription description)
    {
        using var world = new World();
        var templates = new SandboxApi(world.Account).Endpoints.Select(endpoint => endpoint.Template).ToHashSet(StringComparer.Ordinal);
        return [.. description.Operations.Where(operation => templates.Contains(operation.Template))];
    }

    /// <summary>A difference that is not known fails, and so does one that is known and is not there.</summary>
    private static void Same(IEnumerable<string> known, IEnumerable<string> found, Func<string, string?>? where = null)
    {
        var (expected, actual) = (known.ToHashSet(StringComparer.Ordinal), found.ToHashSet(StringComparer.Ordinal));
        var lines = actual.Except(expected).Order(StringComparer.Ordinal).Select(rule => $"unknown: {rule}  {where?.Invoke(rule)}")
            .Concat(expected.Except(actual).Order(StringComparer.Ordinal).Select(rule => $"no longer there: {rule}")).ToList();
        Assert.True(lines.Count == 0, string.Join(Environment.NewLine, lines));
    }

    private static async Task<(VendorDescription Description, VendorChecker Checker)> PlayedAsync()
    {
        Assert.SkipUnless(VendorDescription.Path is not null, Unset);
        return await Played.Value;
    }

    private static async Task<(VendorDescription Description, VendorChecker Checker)> PlayAsync()
    {
        var description = VendorDescription.Read(VendorDescription.Path!);
        var checker = new VendorChecker(description);
        foreach (var exchange in await VendorPlay.RunAsync())
            checker.Check(exchange);
        return (description, checker);
    }
}
