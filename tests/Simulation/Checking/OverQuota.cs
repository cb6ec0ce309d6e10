using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Checking;

/// <summary>6. The request budget of the token is never exceeded by our own doing: nobody else uses this account's.</summary>
internal sealed class OverQuota() : Checker(Name)
{
    public const string Name = "6 over quota";

    public override void See(Happening happening, Books before)
    {
        if (happening is Happening.OverQuota over)
        {
            Violated(over.At, $"{over.Request} by {over.By} is one too many");
        }
    }
}
