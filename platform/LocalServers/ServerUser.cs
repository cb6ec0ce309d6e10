namespace DoSnapshot.LocalServers;

/// <summary>The unprivileged user that a server runs as when this process is root, which PostgreSQL refuses to be.</summary>
internal sealed record ServerUser(string Name, Func<IReadOnlyList<string>, IReadOnlyList<string>> Switch)
{
    private static readonly string[] Names = ["postgres", "nobody"];

    /// <summary>Nobody else when this process is unprivileged already.</summary>
    public static ServerUser? ForThisProcess()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }
        var name = Names.FirstOrDefault(n => Command.Run("id", "-u", n).Succeeded)
            ?? throw new LocalServerException("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as.");
        return Ways(name).FirstOrDefault(user => Command.Run(user.Switch(["true"])).Succeeded)
            ?? throw new LocalServerException(
                $"PostgreSQL does not run as root, and none of setpriv, runuser and su can switch to the user '{name}'.");
    }

    /// <summary>Hands a directory and all that is in it to this user.</summary>
    public void Own(string directory)
    {
        Command.RunOrThrow("chown", "-R", "-h", $"{Name}:{Command.Run("id", "-g", Name).Output}", directory);
        if (!Command.Run(Switch(["test", "-w", directory])).Succeeded)
        {
            throw new LocalServerException(
                $"PostgreSQL does not run as root, and the user '{Name}' that it would run as cannot reach {directory}. "
                + "Choose a directory whose parents are open to all, for example below /var/lib.");
        }
    }

    internal static IEnumerable<ServerUser> Ways(string name)
    {
        yield return new(name, command => ["setpriv", $"--reuid={name}", $"--regid={Command.Run("id", "-g", name).Output}", "--init-groups", "--", .. command]);
        yield return new(name, command => ["runuser", "-u", name, "--", .. command]);
        yield return new(name, command => ["su", "-s", "/bin/sh", "-c", string.Join(' ', command.Select(Quoted)), name]);
    }

    private static string Quoted(string argument) => $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
