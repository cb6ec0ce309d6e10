namespace DoSnapshot.DigitalOcean.Tests.Support;

/// <summary>The client over a scripted server and a collapsed clock.</summary>
internal sealed class Rig : IDisposable
{
    public const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    public const string Token = "dop_v1_" + Hex;

    private readonly HttpClient http;

    public Rig(IRequestBudget budget, params Reply[] script)
        : this(new CollapsedTime(), Token, budget, script)
    {
    }

    public Rig(CollapsedTime time, string token, params Reply[] script)
        : this(time, token, budget: null, script)
    {
    }

    private Rig(CollapsedTime time, string token, IRequestBudget? budget, Reply[] script)
    {
        Time = time;
        Api = new ScriptedApi(script);
        http = new HttpClient(Api);
        Client = new DigitalOceanClient(
            http, new DigitalOceanOptions { Token = token, RequestTimeout = CollapsedTime.RequestTimeout }, time, logger: null, budget);
    }

    public Rig(params Reply[] script)
        : this(new CollapsedTime(), Token, script)
    {
    }

    public CollapsedTime Time { get; }

    public ScriptedApi Api { get; }

    public DigitalOceanClient Client { get; }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => http.Dispose();
}
