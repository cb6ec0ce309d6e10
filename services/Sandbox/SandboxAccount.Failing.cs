namespace DoSnapshot.Sandbox;

/// <content>How an action comes to nothing.</content>
public sealed partial class SandboxAccount
{
    /// <summary>Lets an action fail that is under way: it ends as errored (documented), and of a snapshot nothing is left.</summary>
    /// <returns>Whether there was such an action under way.</returns>
    public bool FailAction(long id)
    {
        lock (_gate)
        {
            var now = Advance();
            if (_actions.Find(id) is not { Status: SandboxActionStatus.InProgress } action)
                return false;

            End(action, SandboxActionStatus.Errored, now);
            if (action is { Type: "snapshot", ImageId: { } unfinished })
            {
                _images.Remove(unfinished);
                Changed();
            }

            return true;
        }
    }
}
